/** GET and POST /reviews/{id}: what was overridden, by whom and why; and what the agency that holds the record thinks of it. */
import type Koa from 'koa';
import { z } from 'zod';
import { findPartner } from '../../../directory/partners/find_partner.ts';
import { listNames } from '../../../directory/people/list_names.ts';
import { emptyForm, type FormView, parseForm } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { closeReview as close } from '../../../policy/decisions/overrides/close_review.ts';
import { findReview, listLaterUses } from '../../../policy/decisions/overrides/find_review.ts';
import { reviewOutcomes } from '../../../policy/decisions/overrides/review.ts';
import type { OpenedReview } from '../../../policy/decisions/overrides/select_reviews.ts';
import { recordReading } from '../../kit/record_reading.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { clauseOf, fieldTitles } from '../explain-decision/clause_of.ts';
import { actorOf, personOf } from '../../session/require_person.ts';
import { choices, groundWords, outcomeWords, recordWords, reviewState } from '../../words/overrides.ts';
import { fromCode } from '../../words/sentence.ts';

const Form = z.object({
  outcome: z.enum(reviewOutcomes, 'Choose what you think of it'),
  note: z.string().trim().min(10, 'Say why, in a few words').max(2_000, 'Use at most 2,000 characters').prefault(''),
});

export function showReview(context: WebContext): Koa.Middleware {
  return async (ctx) => show(context, ctx, await reviewOf(context, ctx), emptyForm(Form));
}

export function closeReview(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const review = await reviewOf(context, ctx);
    const parsed = await parseForm(ctx, Form);
    if (!parsed.ok) return show(context, ctx, review, parsed.form);
    await close({ ...context.ground, register: context.register }, actorOf(ctx), review.id, parsed.data);
    ctx.redirect(`/reviews/${review.id}?done`);
  };
}

async function reviewOf(context: WebContext, ctx: Koa.Context): Promise<OpenedReview> {
  const { agency } = personOf(ctx).post;
  const review = await findReview(context.ground, agency, (ctx.params as { id: string }).id);
  if (review !== undefined) return review;
  throw new WebApplicationError(
    'not-found',
    'review-unknown',
    'Your agency has no such review. It may belong to another agency: change post and try again.',
  );
}

async function show(context: WebContext, ctx: Koa.Context, review: OpenedReview, form: FormView): Promise<void> {
  const person = personOf(ctx);
  await recordReading(context.ground.log, person, { review: review.id });
  render(ctx, 'decisions/close-review/close-review.njk', {
    title: 'Review of an override',
    form,
    done: 'done' in ctx.query,
    own: review.practitioner === person.practitioner,
    outcomes: choices(outcomeWords).map((one) => ({ ...one, hint: { text: outcomeHints[one.value] } })),
    review: await inWords(context, review),
  });
}

const outcomeHints: Record<string, string> = {
  justified: 'What they did was right.',
  'justified-with-learning': 'It was right, and somebody can learn from it.',
  'not-justified': 'They could have waited, or asked. What is left of the override ends now.',
  'concern-raised': 'Somebody must look into it further. What is left of the override ends now.',
};

async function inWords(context: WebContext, review: OpenedReview) {
  const { db, clock } = context.ground;
  const state = context.register.state();
  const names = await listNames(db, [review.practitioner, review.closed?.by ?? '']);
  const purposes = state?.protocols.get(review.clause.hash)?.document.purposes ?? [];
  return {
    ...review,
    state: reviewState(review, clock()),
    record: recordWords(context, review.agency, review),
    name: names.get(review.practitioner) ?? 'Somebody',
    roleName: state?.roles.get(review.role)?.definition.name ?? review.role,
    agencyName: state?.agencies.get(review.acting)?.name ?? review.acting,
    system: (await findPartner(db, review.client))?.name ?? review.client,
    purpose: purposes.find(({ code }) => code === review.purpose)?.name ?? fromCode(review.purpose),
    groundText: groundWords[review.ground],
    clause: clauseOf(state, review.clause),
    fields: review.fields.map(fieldTitles(state, review.asset)),
    later: await listLaterUses(db, review),
    outcomeText: review.closed && outcomeWords[review.closed.outcome],
    closedBy: review.closed && (names.get(review.closed.by) ?? 'an officer'),
  };
}
