/** GET /consent/objections, GET and POST /consent/objections/{id}: what people object to, for the holder's officers to answer. */
import type Koa from 'koa';
import { z } from 'zod';
import { listNames } from '../../../directory/people/list_names.ts';
import { isUuid } from '../../../platform/uuid.ts';
import { emptyForm, type FormView, parseForm } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import {
  answerObjection,
  findObjection,
  listObjections,
  type Objection,
  objectionOutcomes,
} from '../../../policy/decisions/consent/objection.ts';
import { clausesAsked } from '../../../policy/decisions/consent/asked_clauses.ts';
import { findSpokenOf } from '../../../policy/decisions/consent/members.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { actorOf, personOf } from '../../session/require_person.ts';
import { itemsOf, scopeInWords } from '../words.ts';
import { outcomeWords } from './outcomes.ts';

const Form = z.object({
  outcome: z.enum(objectionOutcomes, 'Choose what follows from the objection'),
  reason: z
    .string()
    .trim()
    .min(20, 'Say why, so that the person can understand it')
    .max(2_000, 'Use at most 2,000 characters')
    .prefault(''),
});

export function listOpenObjections(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { post } = personOf(ctx);
    const objections = await listObjections(context.ground.log, post.agency);
    render(ctx, 'consent/answer-objection/objections.njk', {
      title: 'Objections to answer',
      agencyName: post.agencyName,
      objections: objections.map((one) => inWords(context, one)),
    });
  };
}

export function showObjection(context: WebContext): Koa.Middleware {
  return async (ctx) => show(context, ctx, await objectionOf(context, ctx), emptyForm(Form));
}

export function answerOneObjection(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const objection = await objectionOf(context, ctx);
    const parsed = await parseForm(ctx, Form);
    if (!parsed.ok) return show(context, ctx, objection, parsed.form);
    await answerObjection(context.ground.log, actorOf(ctx), { id: objection.id, ...parsed.data });
    ctx.redirect(`/consent/objections/${objection.id}`);
  };
}

async function objectionOf(context: WebContext, ctx: Koa.Context): Promise<Objection> {
  const { id } = ctx.params as { id: string };
  const { agency } = personOf(ctx).post;
  const found = isUuid(id) ? await findObjection(context.ground.log, agency, id) : undefined;
  if (found !== undefined) return found;
  throw new WebApplicationError('not-found', 'objection-unknown', 'Your agency has no such objection to answer.');
}

async function show(context: WebContext, ctx: Koa.Context, objection: Objection, form: FormView): Promise<void> {
  const names = await listNames(context.ground.db, objection.answeredBy === null ? [] : [objection.answeredBy]);
  render(ctx, 'consent/answer-objection/answer-objection.njk', {
    title: 'An objection',
    objection: inWords(context, objection),
    answeredBy: names.get(objection.answeredBy ?? ''),
    mayAnswer: personOf(ctx).capacities.length > 0,
    outcomes: itemsOf(outcomeWords),
    form,
  });
}

function inWords({ register, ground }: WebContext, objection: Objection) {
  const state = register.state();
  const document = findSpokenOf(state, objection.protocol)?.document;
  const { clause, purpose, outcome, askedThrough, dueAt } = objection;
  const scope = clause !== null ? { scope: { clause } } : purpose !== null ? { scope: { purpose } } : {};
  const about = { basis: 'lawful-basis' as const, ...scope };
  return {
    ...objection,
    href: `/consent/objections/${objection.id}`,
    protocol: document?.title ?? objection.protocol,
    about: document === undefined ? objection.protocol : scopeInWords(document, objection),
    clauses: document === undefined ? [] : clausesAsked(document, 'objected', about),
    askedThrough: state?.agencies.get(askedThrough)?.name ?? askedThrough,
    outcome: outcome === null ? undefined : outcomeWords[outcome],
    late: outcome === null && dueAt < ground.clock(),
  };
}
