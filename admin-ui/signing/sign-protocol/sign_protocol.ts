/** /signing/{hash}: the whole text, what it changes, and signing it: with a passkey here, or with a key of one's own elsewhere. */
import type Koa from 'koa';
import type { FormView } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { findMeans } from '../../../policy/governance/signing/context.ts';
import { handIn, prepareSigning } from '../../../policy/governance/signing/sign.ts';
import type { Party } from '../../../policy/register/protocols/document.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import { changesInWords } from '../../words/changes.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { getState } from '../../kit/register_state.ts';
import { keyContext, sendFile, signatoryOf, signerOptions } from '../signatory.ts';
import { type FoundText, getText } from '../find_text.ts';
import { emptyUpload, SignatureFile, takeUpload } from '../upload.ts';
import { textInWords } from '../../words/text.ts';
import { inSentence } from '../../words/sentence.ts';
import { capacityWords } from '../../words/statuses.ts';
import { actorOf } from '../../session/require_person.ts';

export function showText(context: WebContext): Koa.Middleware {
  return async (ctx) => show(context, ctx, await textOf(context, ctx), emptyUpload());
}

/** Begins the ceremony for exactly the text that was shown. */
export function beginSigning(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { bytes, document, draft } = await textOf(context, ctx);
    const capacity = ownParty(ctx, document.parties)?.signs_as;
    if (capacity === undefined) {
      throw new WebApplicationError('forbidden', 'not-a-party', 'Your agency is not a party to this protocol.');
    }
    const toSign = { kind: 'protocol' as const, capacity, bytes, ...(draft !== undefined && { about: draft }) };
    const id = await prepareSigning(keyContext(context), signatoryOf(context, ctx), toSign);
    ctx.redirect(`/signing/ask/${id}`);
  };
}

/** Takes in the signature that the command line wrote. */
export function handInProtocol(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const text = await textOf(context, ctx);
    const { bytes, document, draft } = text;
    const about = draft === undefined ? {} : { about: draft };
    await takeUpload(ctx, SignatureFile, {
      take: (signature) => handIn(keyContext(context), actorOf(ctx), { kind: 'protocol', bytes, signature, ...about }),
      show: (form) => show(context, ctx, text, form),
      next: `/protocols/${document.id}/${document.version}?signed=1`,
    });
  };
}

/** The bytes that are signed, as a file. */
export function downloadProtocol(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { document, bytes } = await textOf(context, ctx);
    sendFile(ctx, fileName(document.id), bytes);
  };
}

function textOf(context: WebContext, ctx: Koa.Context): Promise<FoundText> {
  const { hash } = ctx.params as { hash: string };
  return getText(context, ctx, hash);
}

export const fileName = (protocol: string): string => `${protocol}.protocol.json`;

function ownParty(ctx: Koa.Context, parties: readonly Party[]): Party | undefined {
  return parties.find(({ agency }) => agency === actorOf(ctx).agency);
}

async function show(context: WebContext, ctx: Koa.Context, text: FoundText, form: FormView): Promise<void> {
  const state = getState(context);
  const { document, hash } = text;
  render(ctx, 'signing/sign-protocol/sign-protocol.njk', {
    title: document.title,
    hash,
    form,
    valid: { from: document.valid.from, until: document.valid.until, review: document.review },
    parties: document.parties.map((party) => partyInWords(state, text, party)),
    turn: turnOf(context, ctx, state, text),
    ...changesInWords(state, document.id, document),
    ...textInWords(state, document),
  });
}

function partyInWords(state: RegisterState, { registered }: FoundText, party: Party) {
  const signature = registered?.signatures.find(({ agency }) => agency === party.agency);
  return {
    name: party.name,
    kind: state.kinds.get(party.kind)?.definition.name ?? party.kind,
    signsAs: inSentence(capacityWords(party.signs_as)),
    signed: signature && { by: signature.officerName, at: signature.signedAt },
    essential: party.essential,
    controller: party.controller.replaceAll('-', ' '),
    people: [
      ['Senior officer', party.senior_officer],
      ['Data protection officer', party.dpo],
      ['Caldicott guardian', party.caldicott_guardian],
      ['Senior information risk owner', party.siro],
      ['Information sharing officer', party.information_sharing_officer],
    ].flatMap(([role, contact]) => (typeof contact === 'object' ? [{ role, ...contact }] : [])),
    basis: party.lawful_basis,
    regime: party.regime === 'dpa-part-3' ? 'Data Protection Act 2018, Part 3' : 'UK GDPR',
  };
}

/** Whose turn it is: nobody's of this agency, somebody else's, or the reader's own, and by which means. */
function turnOf(
  context: WebContext,
  ctx: Koa.Context,
  state: RegisterState,
  { hash, document, registered }: FoundText,
) {
  const party = ownParty(ctx, document.parties);
  if (party === undefined) return undefined;
  const { agency } = party;
  const stopped = registered?.suspendedBy.includes(agency) === true;
  if (registered?.signatures.some((one) => one.agency === agency) === true && !stopped) return undefined;
  const means = findMeans(state, actorOf(ctx));
  const may = means?.officer.capacities.includes(party.signs_as) === true;
  const name = fileName(document.id);
  const out = `${document.id}.signature.json`;
  return {
    signsAs: inSentence(capacityWords(party.signs_as)),
    by: may ? means?.by : undefined,
    ready: may && means?.officer.passkey !== undefined,
    again: stopped,
    offline: {
      what: 'the text',
      file: name,
      download: `/signing/${hash}/text`,
      within: 'seven days',
      command: `npm run protocol -- sign ${name} ${signerOptions(context, ctx, party.signs_as)} --out ${out}`,
    },
  };
}
