/** GET /duties: duties that came with records and that nobody said were done, for both sides of the sharing. */
import type Koa from 'koa';
import { z } from 'zod';
import { findPartner } from '../../../directory/partners/find_partner.ts';
import { listNames } from '../../../directory/people/list_names.ts';
import { collectValues } from '../../../platform/web/body.ts';
import { parse } from '../../../platform/web/input.ts';
import { render } from '../../../platform/web/render.ts';
import { listOverdueDuties, type OverdueDuty } from '../../../policy/decisions/obligations/list_duties.ts';
import type { WebContext } from '../../context.ts';
import { pages } from '../../kit/pages.ts';
import { personOf } from '../../session/require_person.ts';

const size = 20;
// Only an address that somebody edited holds anything else.
const Query = z.object({ page: z.coerce.number().int().min(1).max(10_000).catch(1) });

export function listDuties(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { post, capacities, administers } = personOf(ctx);
    const { page } = parse(Query, collectValues(new URLSearchParams(ctx.querystring)));
    const { db, clock } = context.ground;
    const scope = { agency: post.agency, holds: capacities.length > 0, acts: administers };
    const { duties, total } = await listOverdueDuties(db, scope, { page, size, now: clock() });
    if (duties.length === 0 && page > 1) return ctx.redirect('/duties');
    render(ctx, 'decisions/list-duties/list-duties.njk', {
      title: 'Overdue duties',
      scope,
      agencyName: post.agencyName,
      total,
      duties: await inWords(context, duties),
      pages: pages('/duties', {}, { page, size, total }),
    });
  };
}

async function inWords(context: WebContext, duties: OverdueDuty[]) {
  const { db } = context.ground;
  const state = context.register.state();
  const people = duties.map(({ practitioner }) => practitioner);
  const names = await listNames(db, people);
  const clients = [...new Set(duties.map(({ client }) => client))];
  const systems = new Map(
    await Promise.all(clients.map(async (id) => [id, (await findPartner(db, id))?.name ?? id] as const)),
  );
  const agency = (code: string): string => state?.agencies.get(code)?.name ?? code;
  return duties.map((duty) => ({
    ...duty,
    name: names.get(duty.practitioner) ?? 'Somebody',
    acting: agency(duty.acting),
    holder: agency(duty.agency),
    system: systems.get(duty.client),
  }));
}
