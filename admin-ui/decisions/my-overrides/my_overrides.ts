/** GET /my-overrides: what the person overrode in the post they act in, in their own words, and what came of it. */
import type Koa from 'koa';
import { z } from 'zod';
import { collectValues } from '../../../platform/web/body.ts';
import { parse } from '../../../platform/web/input.ts';
import { render } from '../../../platform/web/render.ts';
import { listOwnOverrides } from '../../../policy/decisions/overrides/list_own_overrides.ts';
import type { OpenedReview } from '../../../policy/decisions/overrides/select_reviews.ts';
import type { WebContext } from '../../context.ts';
import { fieldTitles } from '../explain-decision/clause_of.ts';
import { pages } from '../../kit/pages.ts';
import { personOf } from '../../session/require_person.ts';
import { groundWords, recordWords, reviewState } from '../../words/overrides.ts';

const size = 10;
// Only an address that somebody edited holds anything else.
const Query = z.object({ page: z.coerce.number().int().min(1).max(10_000).catch(1) });

export function myOverrides(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { practitioner, post } = personOf(ctx);
    const { page } = parse(Query, collectValues(new URLSearchParams(ctx.querystring)));
    const person = { practitioner, agency: post.agency };
    const { overrides, total } = await listOwnOverrides(context.ground, person, { page, size });
    if (overrides.length === 0 && page > 1) return ctx.redirect('/my-overrides');
    render(ctx, 'decisions/my-overrides/my-overrides.njk', {
      title: 'Your overrides',
      agencyName: post.agencyName,
      overrides: overrides.map((one) => inWords(context, one)),
      pages: pages('/my-overrides', {}, { page, size, total }),
    });
  };
}

function inWords(context: WebContext, { note, ...override }: OpenedReview) {
  const state = context.register.state();
  const { text, tag } = reviewState(override, context.ground.clock());
  return {
    ...override,
    record: recordWords(context, override.acting, override),
    holder: state?.agencies.get(override.agency)?.name ?? override.agency,
    ground: groundWords[override.ground],
    fields: override.fields.map(fieldTitles(state, override.asset)),
    // Whose fault it is that a review is late is nothing that the person could mend.
    state: override.closed === undefined ? { text: 'Being reviewed', tag: 'yellow' } : { text, tag },
    note: override.closed?.outcome === 'concern-raised' ? undefined : note,
  };
}
