/** /drafts/{id}/signature: what still prevents it, putting the text to signature, and who has signed. Signing is a page of its own. */
import type Koa from 'koa';
import { readFormValues } from '../../../platform/web/body.ts';
import { render } from '../../../platform/web/render.ts';
import { checkDraft } from '../../../policy/governance/drafts/check_draft.ts';
import { listComments } from '../../../policy/governance/drafts/comments.ts';
import type { Draft } from '../../../policy/governance/drafts/draft.ts';
import { putToSignature, returnToDraft } from '../../../policy/governance/drafts/put_to_signature.ts';
import { Party } from '../../../policy/register/protocols/document.ts';
import type { Capacity } from '../../../policy/register/signatures/capacity.ts';
import type { WebContext } from '../../context.ts';
import { draftContext, draftOf, headOf, type OpenDraft } from '../../kit/draft_of.ts';
import { listExamples } from '../edit-draft/example_result.ts';
import { listOf, objectOf, textOf } from '../edit-draft/form/field.ts';
import { addressOf, sortMistakes, statusOf } from '../edit-draft/mistakes.ts';
import { parts } from '../edit-draft/parts/parts.ts';
import { actorOf, personOf } from '../../session/require_person.ts';
import { citeInLine, clauseTitle } from '../../words/citation.ts';
import { inSentence } from '../../words/sentence.ts';
import { capacityWords, statusWords } from '../../words/statuses.ts';

export function showSignature(context: WebContext): Koa.Middleware {
  return (ctx) => show(context, ctx);
}

/** Fixes the text as it was seen. The officers who sign it are told. */
export function putDraft(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    const { revision } = await readFormValues(ctx);
    const { baseUrl } = context.ground.config;
    await putToSignature(draftContext(context), actorOf(ctx), id, { revision: Number(revision), baseUrl });
    ctx.redirect(`/drafts/${id}/signature?done=1`);
  };
}

export function takeBack(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    await returnToDraft(draftContext(context), actorOf(ctx), id);
    ctx.redirect(`/drafts/${id}?saved=1`);
  };
}

async function show(context: WebContext, ctx: Koa.Context): Promise<void> {
  const open = await draftOf(context, ctx);
  const { draft } = open;
  const put = draft.hash !== undefined;
  render(ctx, 'drafts/put-to-signature/put-to-signature.njk', {
    title: 'Signature',
    draft: headOf(open),
    own: draft.owner === actorOf(ctx).agency,
    done: ctx.query.done === '1',
    obstacles: put ? [] : await obstacles(context, ctx, open),
    hash: draft.hash,
    parties: put ? signatories(open) : [],
    turn: put ? ownTurn(ctx, open) : undefined,
    protocol: protocolOf(open),
  });
}

/** What still stands between the draft and its signatures, each with where it is mended. */
async function obstacles(context: WebContext, ctx: Koa.Context, { draft, state }: OpenDraft) {
  const mistakes = sortMistakes(checkDraft(state, draft.document));
  const failing = listExamples(state, draft.document).filter(({ holds }) => !holds);
  const comments = await listComments(draftContext(context), actorOf(ctx), draft.id);
  const blocking = comments.filter((one) => one.blocking && one.resolved === undefined);
  const inParts = parts.flatMap((part) => {
    const own = mistakes.filter((mistake) => mistake.part === part);
    if (own.length === 0) return [];
    return [{ href: addressOf(draft.id, part, own), text: part.title, words: statusOf(own).text }];
  });
  const stray = mistakes.filter(({ part }) => part === undefined);
  return [
    ...inParts,
    ...stray.map(({ message }) => ({ href: `/drafts/${draft.id}`, text: 'The text as a whole', words: message })),
    ...failing.map(({ name, index }) => ({
      href: `/drafts/${draft.id}/examples/${index + 1}`,
      text: name,
      words: 'this example does not hold',
    })),
    ...blocking.map(({ id, clause }) => ({
      href: `/drafts/${draft.id}/comments#comment-${id}`,
      text: clause === undefined ? 'A comment on the whole draft' : `A comment on ${clauseOf(draft, clause)}`,
      words: 'must be settled first',
    })),
  ];
}

function clauseOf({ document }: Draft, id: string): string {
  const clause = listOf(document.clauses)
    .map(objectOf)
    .find((one) => one.id === id);
  return citeInLine({ text: textOf(clause?.text), title: clauseTitle({ id }) });
}

function partiesOf({ draft }: OpenDraft): Party[] {
  return listOf(draft.document.parties).flatMap((party) => Party.safeParse(party).data ?? []);
}

/** Each party: who signs for it, and whether that was done. The register alone says so. */
function signatories(open: OpenDraft) {
  const { draft, state } = open;
  const registered = state.protocols.get(draft.hash ?? '');
  return partiesOf(open).map(({ agency, name, signs_as: signsAs }) => {
    const signature = registered?.signatures.find((one) => one.agency === agency);
    return {
      name,
      signsAs: inSentence(capacityWords(signsAs)),
      signature: signature && {
        officer: signature.officerName,
        capacity: inSentence(capacityWords(signature.capacity)),
        at: signature.signedAt,
      },
      refused: registered?.rejected.find((one) => one.agency === agency)?.why,
    };
  });
}

type Turn = { may: boolean; signsAs: string };

/** Whether the reader's agency has still to sign, and whether the reader is the one who can. */
function ownTurn(ctx: Koa.Context, open: OpenDraft): Turn | undefined {
  const person = personOf(ctx);
  const party = partiesOf(open).find(({ agency }) => agency === person.post.agency);
  const signed = open.state.protocols
    .get(open.draft.hash ?? '')
    ?.signatures.some(({ agency }) => agency === person.post.agency);
  if (party === undefined || signed === true) return undefined;
  const capacity: Capacity = party.signs_as;
  return { may: person.capacities.includes(capacity), signsAs: inSentence(capacityWords(capacity)) };
}

function protocolOf({ draft, state }: OpenDraft) {
  const registered = state.protocols.get(draft.hash ?? '');
  if (registered === undefined) return undefined;
  const { document, status } = registered;
  return { href: `/protocols/${document.id}/${document.version}`, status: statusWords(status) };
}
