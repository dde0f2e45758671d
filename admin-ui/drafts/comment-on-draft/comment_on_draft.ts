/** GET and POST /drafts/{id}/comments: consultation. What the parties say about a draft, clause by clause, and what becomes of it. */
import type Koa from 'koa';
import { z } from 'zod';
import { listNames } from '../../../directory/people/list_names.ts';
import { emptyForm, type FormView, parseForm } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import {
  addComment,
  answerComment,
  type DraftComment,
  listComments,
  resolveComment,
} from '../../../policy/governance/drafts/comments.ts';
import { closeConsultation } from '../../../policy/governance/drafts/consultation.ts';
import { inviteParties } from '../../../policy/governance/drafts/invite_parties.ts';
import type { WebContext } from '../../context.ts';
import { draftContext, draftOf, headOf, type OpenDraft } from '../../kit/draft_of.ts';
import { listOf, objectOf, textOf } from '../edit-draft/form/field.ts';
import { citeInLine, clauseTitle } from '../../words/citation.ts';
import { actorOf } from '../../session/require_person.ts';

const words = z
  .string()
  .trim()
  .min(1, 'Write what you want to say')
  .max(4_000, 'Use at most 4,000 characters')
  .prefault('');
const Comment = z.object({ clause: z.string().optional(), text: words, blocking: z.literal('yes').optional() });
const Answer = z.object({ comment: z.string(), answer: words });
const Resolve = z.object({ comment: z.string() });

export function showComments(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const clause = typeof ctx.query.about === 'string' ? ctx.query.about : '';
    await show(context, ctx, { form: emptyForm(Comment, { clause }) });
  };
}

/** Says something about a clause or the whole. */
export function commentOnDraft(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const parsed = await parseForm(ctx, Comment);
    if (!parsed.ok) return show(context, ctx, { form: parsed.form });
    const { clause, text, blocking } = parsed.data;
    const id = await addComment(draftContext(context), actorOf(ctx), idOf(ctx), {
      text,
      blocking: blocking === 'yes',
      ...(clause === undefined ? {} : { clause }),
    });
    ctx.redirect(`${pageOf(ctx)}?saved=1#comment-${id}`);
  };
}

export function answerOnDraft(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const parsed = await parseForm(ctx, Answer);
    if (!parsed.ok) return show(context, ctx, { answer: parsed.form });
    const { comment, answer } = parsed.data;
    await answerComment(draftContext(context), actorOf(ctx), idOf(ctx), comment, { text: answer });
    ctx.redirect(`${pageOf(ctx)}?saved=1#comment-${comment}`);
  };
}

export function resolveOnDraft(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const parsed = await parseForm(ctx, Resolve);
    if (!parsed.ok) return ctx.redirect(pageOf(ctx));
    await resolveComment(draftContext(context), actorOf(ctx), idOf(ctx), parsed.data.comment);
    ctx.redirect(`${pageOf(ctx)}?saved=1#comment-${parsed.data.comment}`);
  };
}

/** Opens the draft to the officers of the parties, who are told that it waits. */
export function openToParties(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const address = new URL(pageOf(ctx), context.ground.config.baseUrl).href;
    await inviteParties(draftContext(context), actorOf(ctx), idOf(ctx), { address });
    ctx.redirect(`${pageOf(ctx)}?saved=1`);
  };
}

/** Closes it to them again. */
export function closeToParties(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    await closeConsultation(draftContext(context), actorOf(ctx), idOf(ctx));
    ctx.redirect(`${pageOf(ctx)}?saved=1`);
  };
}

const idOf = (ctx: Koa.Context): string => (ctx.params as { id: string }).id;
const pageOf = (ctx: Koa.Context): string => `/drafts/${idOf(ctx)}/comments`;

type Forms = { form?: FormView; answer?: FormView };

async function show(
  context: WebContext,
  ctx: Koa.Context,
  { form = emptyForm(Comment), answer }: Forms,
): Promise<void> {
  const open = await draftOf(context, ctx);
  const actor = actorOf(ctx);
  const comments = await listComments(draftContext(context), actor, open.draft.id);
  const people = comments.flatMap((one) => [one.author, one.answer?.by ?? '', one.resolved?.by ?? '']);
  const names = await listNames(context.ground.db, people);
  const shown = comments.map((comment) => commentInWords(open, comment, names, actor.agency));
  const clauses = listOf(open.draft.document.clauses)
    .map(objectOf)
    .map(({ id, text }, index) => ({
      id: textOf(id),
      text: textOf(text),
      title: clauseTitle({ id: textOf(id) || String(index + 1) }),
      href: `/drafts/${open.draft.id}/clauses/${index + 1}`,
    }));
  const known = new Set(clauses.map(({ id }) => id));
  const at = (answer?.fields.comment?.value ?? '') || undefined;
  render(ctx, 'drafts/comment-on-draft/comment-on-draft.njk', {
    title: 'Consultation and comments',
    draft: headOf(open),
    own: open.draft.owner === actor.agency,
    saved: ctx.query.saved === '1',
    form: {
      ...form,
      errors: [...form.errors, ...(answer?.errors ?? []).map(({ text }) => ({ text, href: `#answer-${at ?? ''}` }))],
    },
    refusedAnswer:
      at === undefined
        ? undefined
        : { comment: at, value: answer?.fields.answer?.value, error: answer?.fields.answer?.error },
    clauses: clauses.map((clause) => ({
      ...clause,
      comments: shown.filter((comment) => comment.clause === clause.id),
    })),
    whole: shown.filter(({ clause }) => clause === undefined || !known.has(clause)),
    about: [
      { value: '', text: 'The whole draft' },
      ...clauses.filter(({ id }) => id !== '').map((clause) => ({ value: clause.id, text: citeInLine(clause) })),
    ],
    mayComment: open.draft.state !== 'abandoned' && open.draft.state !== 'signed',
  });
}

function commentInWords({ draft, state }: OpenDraft, comment: DraftComment, names: Map<string, string>, own: string) {
  const { id, agency, author, clause, text, blocking, createdAt, answer, resolved } = comment;
  const writes = draft.owner === own;
  return {
    id,
    clause,
    text,
    blocking,
    createdAt,
    who: names.get(author) ?? 'Somebody',
    agency: state.agencies.get(agency)?.name ?? agency,
    answer: answer && { ...answer, who: names.get(answer.by) ?? 'Somebody' },
    resolved: resolved !== undefined,
    mayAnswer: writes && answer === undefined && draft.state !== 'abandoned',
    mayResolve: resolved === undefined && (agency === own || (writes && !blocking && answer !== undefined)),
  };
}
