/** GET /reviews: the overrides that the officer's agency has to look at, the oldest open one first. */
import type Koa from 'koa';
import { z } from 'zod';
import { listNames } from '../../../directory/people/list_names.ts';
import { collectValues } from '../../../platform/web/body.ts';
import { type FormView, parseFields } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { countOverdueDuties } from '../../../policy/decisions/obligations/list_duties.ts';
import { countReviews, listReviews } from '../../../policy/decisions/overrides/list_reviews.ts';
import { overrideGrounds, type Review } from '../../../policy/decisions/overrides/review.ts';
import type { WebContext } from '../../context.ts';
import { addressOf, pages } from '../../kit/pages.ts';
import { personOf } from '../../session/require_person.ts';
import { choices, groundWords, recordWords, reviewState } from '../../words/overrides.ts';

const size = 20;
const Query = z.object({
  state: z.enum(['open', 'overdue', 'closed'], 'Choose one from the list').optional(),
  ground: z.enum(overrideGrounds, 'Choose a ground from the list').optional(),
  acting: z.string().max(32, 'Choose an agency from the list').optional(),
  // Only an address that somebody edited holds anything else.
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});
type Query = z.output<typeof Query>;

export function reviewOverrides(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const parsed = parseFields(Query, collectValues(new URLSearchParams(ctx.querystring)));
    if (!parsed.ok) return show(context, ctx, parsed.form);
    const { page, ...filters } = parsed.data;
    const { agency } = personOf(ctx).post;
    const now = context.ground.clock();
    const found = await listReviews(context.ground.db, agency, given(filters), { page, size, now });
    if (found.reviews.length === 0 && page > 1) return ctx.redirect(addressOf('/reviews', filters));
    await show(context, ctx, parsed.form, { ...found, page, filters });
  };
}

type Found = { reviews: Review[]; total: number; page: number; filters: Omit<Query, 'page'> };

async function show(context: WebContext, ctx: Koa.Context, form: FormView, found?: Found): Promise<void> {
  const { db, clock } = context.ground;
  const { agency } = personOf(ctx).post;
  const scope = { agency, holds: true, acts: personOf(ctx).administers };
  render(ctx, 'decisions/review-overrides/review-overrides.njk', {
    title: 'Reviews of overrides',
    form,
    counts: await countReviews(db, agency, clock()),
    duties: await countOverdueDuties(db, scope, clock()),
    grounds: [{ value: '', text: 'Any ground' }, ...choices(groundWords)],
    agencies: [{ value: '', text: 'Any agency' }, ...agenciesOf(context)],
    narrowed: found !== undefined && Object.values(found.filters).some((value) => value !== undefined),
    list: found && {
      total: found.total,
      reviews: await inWords(context, found.reviews),
      pages: pages('/reviews', found.filters, { page: found.page, size, total: found.total }),
    },
  });
}

async function inWords(context: WebContext, reviews: Review[]) {
  const state = context.register.state();
  const people = reviews.map(({ practitioner }) => practitioner);
  const names = await listNames(context.ground.db, people);
  return reviews.map((review) => ({
    ...review,
    name: names.get(review.practitioner) ?? 'Somebody',
    role: state?.roles.get(review.role)?.definition.name ?? review.role,
    agency: state?.agencies.get(review.acting)?.name ?? review.acting,
    record: recordWords(context, review.agency, review),
    ground: groundWords[review.ground],
    state: reviewState(review, context.ground.clock()),
  }));
}

function agenciesOf({ register }: WebContext): { value: string; text: string }[] {
  return [...(register.state()?.agencies.values() ?? [])]
    .map(({ code, name }) => ({ value: code, text: name }))
    .sort((a, b) => a.text.localeCompare(b.text));
}

function given({ state, ground, acting }: Omit<Query, 'page'>) {
  return { ...(state && { state }), ...(ground && { ground }), ...(acting && { acting }) };
}
