/** GET /directory: finds a colleague by name, role and agency. Every search is recorded under the name of who searched. */
import type Koa from 'koa';
import { z } from 'zod';
import { listAgencies } from '../../../directory/agencies/list_agencies.ts';
import { listRoles } from '../../../directory/agencies/list_roles.ts';
import {
  lastPage,
  pageSize,
  type SearchPage,
  searchPractitioners,
} from '../../../directory/finding/search_practitioners.ts';
import { collectValues } from '../../../platform/web/body.ts';
import { type FormView, parseFields, withError } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import type { WebContext } from '../../context.ts';
import { addressOf, pages } from '../../kit/pages.ts';
import { actorOf } from '../../session/require_person.ts';

const Query = z.object({
  name: z.string().trim().max(100, 'Use at most 100 characters for the name').optional(),
  role: z.string().max(64).optional(),
  agency: z.string().max(32).optional(),
  // Only an address that somebody edited holds anything else.
  page: z.coerce.number().int().min(1).max(lastPage).catch(1),
});
type Query = z.output<typeof Query>;

export function searchDirectory(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const parsed = parseFields(Query, collectValues(new URLSearchParams(ctx.querystring)));
    if (!parsed.ok) return show(context, ctx, parsed.form, undefined);
    const { form, data } = parsed;
    const { page: _, ...sought } = data;
    if (Object.values(sought).every((value) => value === undefined)) {
      const asked = ctx.querystring !== '';
      return show(context, ctx, asked ? withError(form, 'name', 'Give a name, a role or an agency') : form, undefined);
    }
    if (data.name !== undefined && !/\p{L}/u.test(data.name)) {
      return show(context, ctx, withError(form, 'name', 'A name needs at least one letter'), undefined);
    }
    const found = await search(context, ctx, data);
    if (found.results.length === 0 && data.page > 1) return ctx.redirect(addressOf('/directory', narrowing(data)));
    await show(context, ctx, form, { data, found });
  };
}

function search(context: WebContext, ctx: Koa.Context, data: Query): Promise<SearchPage> {
  const { db, log } = context.ground;
  const given = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
  return searchPractitioners(db, log, actorOf(ctx), given);
}

type Result = { data: Query; found: SearchPage } | undefined;

async function show(context: WebContext, ctx: Koa.Context, form: FormView, result: Result): Promise<void> {
  const { db } = context.ground;
  const [roles, agencies] = await Promise.all([listRoles(db), listAgencies(db)]);
  const any = (text: string) => ({ value: '', text });
  render(ctx, 'directory/search-directory/search-directory.njk', {
    title: 'Find a colleague',
    form,
    roles: [any('Any role'), ...roles.map(({ code, name }) => ({ value: code, text: name }))],
    agencies: [any('Any agency'), ...agencies.map(({ code, name }) => ({ value: code, text: name }))],
    found: result?.found,
    pages: result && pagesOf(result),
    now: context.ground.clock(),
  });
}

function pagesOf({ data, found }: NonNullable<Result>) {
  return pages('/directory', narrowing(data), { page: data.page, size: pageSize, total: found.total });
}

function narrowing({ name, role, agency }: Query): Record<string, string | undefined> {
  return { name, role, agency };
}
