/** /protocols/{id}/{version}/join: an officer of an agency that is no party signs that it joins. */
import type Koa from 'koa';
import { z } from 'zod';
import { readLine } from '../../../platform/typed.ts';
import { emptyForm, type FormView, parseForm } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { findHost, listOffers } from '../../../policy/governance/signing/accessions.ts';
import { checkJoining } from '../../../policy/governance/signing/check_joining.ts';
import { findMeans } from '../../../policy/governance/signing/context.ts';
import { handIn, prepareSigning } from '../../../policy/governance/signing/sign.ts';
import { type Accession, accessionBytes } from '../../../policy/register/protocols/accession.ts';
import type { Party } from '../../../policy/register/protocols/document.ts';
import type { RegisteredProtocol } from '../../../policy/register/chain/state.ts';
import type { Capacity } from '../../../policy/register/signatures/capacity.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { getProtocol, getState } from '../../kit/register_state.ts';
import { actorOf, personOf } from '../../session/require_person.ts';
import { fileName } from '../sign-protocol/sign_protocol.ts';
import { keyContext, sendFile, signatoryOf, signerOptions } from '../signatory.ts';
import { openTo } from '../open_to.ts';
import { AccessionFile, emptyUpload, takeUpload } from '../upload.ts';
import { givenBefore } from './given_before.ts';
import { article6Words, article9Words } from '../../words/articles.ts';
import { capacityWords } from '../../words/statuses.ts';

const letters6 = ['a', 'b', 'c', 'd', 'e', 'f'] as const satisfies (keyof typeof article6Words)[];
const letters9 = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'] as const satisfies (keyof typeof article9Words)[];
const words = (what: string) => z.string().trim().min(1, what).max(1_000, 'Use at most 1,000 characters').prefault('');
const mailbox = (whose: string) =>
  z
    .string()
    .overwrite(readLine)
    .pipe(z.email(`Give the address of a mailbox: ${whose}`))
    .prefault('');
const lines = z
  .string()
  .max(4_000)
  .prefault('')
  .transform((text) =>
    text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  );
const several = <T extends string>(letters: readonly T[]) =>
  z.union([z.enum(letters).transform((one) => [one]), z.array(z.enum(letters))]);

const Form = z.object({
  senior_name: words('Say who answers for it'),
  senior_email: mailbox('senior officer'),
  dpo_name: words('Say who the data protection officer is'),
  dpo_email: mailbox('data protection officer'),
  signatory_name: words('Say who has the capacity that you sign in'),
  signatory_email: mailbox('the capacity that you sign in'),
  article6: several(letters6)
    .prefault([])
    .refine((all) => all.length > 0, 'Choose at least one basis of Article 6(1)'),
  article9: several(letters9).prefault([]),
  conditions: lines,
  powers: lines,
  confidence: words('Say why the duty of confidence allows it'),
});

const capacities = ['caldicott-guardian', 'siro', 'dpo', 'director'] as const;
type SigningCapacity = (typeof capacities)[number];

export function showJoin(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const before = givenBefore(joined(context, ctx), actorOf(ctx).agency);
    await show(context, ctx, emptyForm(Form, before), emptyUpload());
  };
}

/** Begins the ceremony over the accession that the form makes. */
export function beginJoin(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const protocol = joined(context, ctx);
    const parsed = await parseForm(ctx, Form);
    if (!parsed.ok) return show(context, ctx, parsed.form, emptyUpload());
    const capacity = capacityOf(context, ctx);
    if (capacity === undefined) throw noCapacity();
    const bytes = accessionBytes(accession(context, protocol, partyOf(context, ctx, parsed.data, capacity)));
    const toSign = { kind: 'accession' as const, capacity, bytes };
    ctx.redirect(`/signing/ask/${await prepareSigning(keyContext(context), signatoryOf(context, ctx), toSign)}`);
  };
}

/** The agency's entry as a file, for `accede` of the command line. */
export function makeParty(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    joined(context, ctx);
    const parsed = await parseForm(ctx, Form);
    const capacity = capacityOf(context, ctx);
    if (capacity === undefined) throw noCapacity();
    if (parsed.ok) return sendFile(ctx, 'party.json', partyOf(context, ctx, parsed.data, capacity));
    await show(context, ctx, parsed.form, emptyUpload());
  };
}

/** Takes in what `accede` of the command line wrote. */
export function handInJoin(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { hash } = joined(context, ctx);
    await takeUpload(ctx, AccessionFile, {
      take: async ({ accession: one, signature }) => {
        if (one.protocol !== hash) throw otherProtocol();
        await handIn(keyContext(context), actorOf(ctx), { kind: 'accession', bytes: accessionBytes(one), signature });
      },
      show: (form) => show(context, ctx, emptyForm(Form), form),
      next: '/signing?signed=1',
    });
  };
}

/** The protocol of the address, which the officer's agency may join. */
function joined(context: WebContext, ctx: Koa.Context): RegisteredProtocol {
  const { id, version } = ctx.params as { id: string; version: string };
  const state = getState(context);
  const protocol = getProtocol(state, id, version);
  checkJoining(state, protocol, actorOf(ctx).agency);
  return protocol;
}

function capacityOf(context: WebContext, ctx: Koa.Context): SigningCapacity | undefined {
  const own: Capacity[] = findMeans(getState(context), actorOf(ctx))?.officer.capacities ?? [];
  return capacities.find((one) => own.includes(one));
}

function accession(context: WebContext, { hash, document }: RegisteredProtocol, party: Party): Accession {
  const { id, version } = document;
  const federation = context.ground.config.federation.name;
  return { type: 'wayleave-accession', federation, protocol: hash, id, version, party };
}

function partyOf(
  context: WebContext,
  ctx: Koa.Context,
  typed: z.output<typeof Form>,
  capacity: SigningCapacity,
): Party {
  const { agency } = actorOf(ctx);
  const member = getState(context).agencies.get(agency);
  if (member === undefined) throw noCapacity();
  const signatory = { name: typed.signatory_name, email: typed.signatory_email };
  return {
    agency,
    name: member.name,
    kind: member.kind,
    controller: 'controller',
    regime: 'uk-gdpr',
    essential: false,
    signs_as: capacity,
    senior_officer: { name: typed.senior_name, email: typed.senior_email },
    dpo: { name: typed.dpo_name, email: typed.dpo_email },
    ...(capacity === 'caldicott-guardian' && { caldicott_guardian: signatory }),
    ...(capacity === 'siro' && { siro: signatory }),
    lawful_basis: {
      article6: typed.article6,
      article9: typed.article9,
      schedule_conditions: typed.conditions,
      statutory_powers: typed.powers,
      confidence_basis: typed.confidence,
    },
  };
}

async function show(context: WebContext, ctx: Koa.Context, form: FormView, upload: FormView): Promise<void> {
  const { document, hash } = joined(context, ctx);
  const state = getState(context);
  const capacity = capacityOf(context, ctx);
  const member = state.agencies.get(actorOf(ctx).agency);
  const means = findMeans(state, actorOf(ctx));
  const offers = await listOffers(context.ground, actorOf(ctx).agency);
  const waiting = offers.find((one) => one.state === 'waiting' && one.accession.protocol === hash);
  const host = findHost(state, hash);
  const name = fileName(document.id);
  const who = signerOptions(context, ctx, capacity ?? 'director');
  const choose = (field: string, options: Record<string, string>) =>
    Object.entries(options).map(([value, text]) => ({
      value,
      text,
      checked: form.fields[field]?.values.includes(value) === true,
    }));
  render(ctx, 'signing/join-protocol/join-protocol.njk', {
    title: `${personOf(ctx).post.agencyName} joins`,
    protocol: {
      title: document.title,
      version: document.version,
      href: `/protocols/${document.id}/${document.version}`,
    },
    waiting: waiting && `/signing/accessions/${waiting.id}`,
    host: host === undefined ? undefined : (state.agencies.get(host)?.name ?? host),
    framework: document.tier === 'framework',
    gains: member === undefined ? [] : openTo(document, { agency: member.code, kind: member.kind }),
    capacity: capacity && capacityWords(capacity),
    passkey: means?.by === 'passkey' && means.officer.passkey !== undefined,
    article6: choose('article6', article6Words),
    article9: choose('article9', article9Words),
    form,
    upload,
    offline: {
      what: 'the text',
      file: name,
      download: `/signing/${hash}/text`,
      within: 'seven days',
      command: `npm run protocol -- accede ${name} --party party.json ${who} --out accession.json`,
    },
  });
}

function noCapacity(): WebApplicationError {
  return new WebApplicationError(
    'forbidden',
    'capacity-missing',
    'Your agency’s officer signs this, in a capacity in which agencies sign.',
  );
}

function otherProtocol(): WebApplicationError {
  return new WebApplicationError('invalid', 'wrong-text', 'The file is about another protocol than this one.');
}
