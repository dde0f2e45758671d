/** GET and POST /drafts/{id}: a draft as a list of tasks, how far it is, and what comes next. */
import type Koa from 'koa';
import { readFormValues } from '../../../platform/web/body.ts';
import { render } from '../../../platform/web/render.ts';
import { checkDraft } from '../../../policy/governance/drafts/check_draft.ts';
import { listComments } from '../../../policy/governance/drafts/comments.ts';
import { abandonDraft } from '../../../policy/governance/drafts/put_to_signature.ts';
import type { WebContext } from '../../context.ts';
import { draftContext, draftOf, headOf, type OpenDraft } from '../../kit/draft_of.ts';
import { listExamples } from '../edit-draft/example_result.ts';
import { addressOf, type Mistake, sortMistakes, statusOf } from '../edit-draft/mistakes.ts';
import type { Part } from '../edit-draft/parts/part.ts';
import { parts } from '../edit-draft/parts/parts.ts';
import { actorOf } from '../../session/require_person.ts';

export function viewDraft(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const open = await draftOf(context, ctx);
    const { draft, state } = open;
    const comments = await listComments(draftContext(context), actorOf(ctx), draft.id);
    const mistakes = sortMistakes(checkDraft(state, draft.document));
    const failing = listExamples(state, draft.document).filter(({ holds }) => !holds).length;
    render(ctx, 'drafts/view-draft/view-draft.njk', {
      title: headOf(open).title,
      draft: headOf(open),
      updatedAt: draft.updatedAt,
      saved: ctx.query.saved === '1',
      ask: ctx.query.ask === 'abandon',
      tasks: parts.map((part) => task(draft.id, part, mistakes, failing)),
      complete: mistakes.length === 0 && failing === 0,
      stray: mistakes.filter(({ part }) => part === undefined),
      comments: { all: comments.length, open: comments.filter(({ resolved }) => resolved === undefined).length },
      protocol: protocolOf(open),
      own: draft.owner === actorOf(ctx).agency,
    });
  };
}

/** The page of the protocol, once somebody has signed. */
function protocolOf({ draft, state }: OpenDraft): string | undefined {
  const document = state.protocols.get(draft.hash ?? '')?.document;
  return document && `/protocols/${document.id}/${document.version}`;
}

/** One part as the task list component takes it. */
function task(draft: string, part: Part, mistakes: readonly Mistake[], failing: number) {
  const own = mistakes.filter((mistake) => mistake.part === part);
  const { text, tag } =
    part.code === 'examples' && own.length === 0 && failing > 0 ? notHolding(failing) : statusOf(own);
  return {
    title: { text: part.title },
    hint: { text: part.hint },
    href: addressOf(draft, part, own),
    status: tag === 'green' ? { text } : { tag: { text, classes: `govuk-tag--${tag}` } },
  };
}

function notHolding(count: number): { text: string; tag: string } {
  return { text: count === 1 ? '1 does not hold' : `${count} do not hold`, tag: 'red' };
}

/** Gives the draft up; asks first. */
export function giveUpDraft(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string };
    const { sure } = await readFormValues(ctx);
    if (sure !== 'yes') return ctx.redirect(`/drafts/${id}?ask=abandon#abandon`);
    await abandonDraft(draftContext(context), actorOf(ctx), id);
    ctx.redirect('/drafts');
  };
}
