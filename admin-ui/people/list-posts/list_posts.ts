/** GET /posts and /posts.csv: the posts of the administrator's own agency, with what can be done about each. */
import type Koa from 'koa';
import { z } from 'zod';
import {
  listPosts as findPosts,
  type PostEntry,
  type PostFilter,
  type PostOrder,
} from '../../../directory/people/list_posts.ts';
import { collectValues } from '../../../platform/web/body.ts';
import { answerCsv, toCsv } from '../../../platform/web/csv.ts';
import { parseFields } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import type { WebContext } from '../../context.ts';
import { addressOf, pages } from '../../kit/pages.ts';
import { type Column, orderOf, sortBy, tableView, textsOf, titlesOf } from '../../kit/table.ts';
import { personOf } from '../../session/require_person.ts';

const size = 25;

type Row = PostEntry & { state: ReturnType<typeof stateOf> };

const columns: Column<Row>[] = [
  { name: 'name', title: 'Name', cell: ({ id, name }) => ({ text: name, href: `/posts/${id}` }), sorts: true },
  { name: 'role', title: 'Role', cell: ({ role }) => role, sorts: true },
  { name: 'team', title: 'Team', cell: ({ team }) => team, sorts: true },
  { name: 'from', title: 'From', cell: ({ from }) => ({ day: from }), sorts: true },
  { name: 'until', title: 'Until', cell: ({ until }) => (until === null ? '' : { day: until }), sorts: true },
  { name: 'state', title: 'State', cell: ({ state: { text, tag } }) => ({ text, tag }) },
];

const Query = z.object({
  name: z.string().trim().max(100, 'Use at most 100 characters').optional(),
  sort: sortBy(columns),
  // Only an address that somebody edited holds anything else.
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});

export function listPosts(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { agency, agencyName } = personOf(ctx).post;
    const parsed = read(ctx);
    const model = { title: `Posts of ${agencyName}`, form: parsed.form };
    if (!parsed.ok) return render(ctx, 'people/list-posts/list-posts.njk', { ...model, list: undefined });
    const { page, ...query } = parsed.data;
    const { posts, total } = await findPosts(context.ground.db, agency, { ...filterOf(query), page, size });
    if (posts.length === 0 && page > 1) return ctx.redirect(addressOf('/posts', query));
    const list = {
      table: tableView(columns, rows(context, posts), { caption: model.title, path: '/posts', query }),
      kept: { sort: query.sort },
      total,
      pages: pages('/posts', query, { page, size, total }),
      csv: addressOf('/posts.csv', query),
    };
    render(ctx, 'people/list-posts/list-posts.njk', { ...model, list });
  };
}

/** The same list, all of it. A filter that is refused is told on the page: a file of everything is not what was asked for. */
export function downloadPosts(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { agency } = personOf(ctx).post;
    const parsed = read(ctx);
    if (!parsed.ok) return ctx.redirect(`/posts?${ctx.querystring}`);
    const { posts } = await findPosts(context.ground.db, agency, filterOf(parsed.data));
    const lines = rows(context, posts).map((row) => textsOf(columns, row));
    answerCsv(ctx, `posts-${agency}`, toCsv([titlesOf(columns), ...lines]));
  };
}

function read(ctx: Koa.Context) {
  return parseFields(Query, collectValues(new URLSearchParams(ctx.querystring)));
}

function filterOf({ name, sort }: { name?: string | undefined; sort?: string | undefined }): PostFilter {
  const order = orderOf(sort);
  return {
    ...(name !== undefined && { name }),
    ...(order && { order: { ...order, by: order.by as PostOrder } }),
  };
}

function rows(context: WebContext, posts: PostEntry[]): Row[] {
  const now = context.ground.clock();
  return posts.map((post) => ({ ...post, state: stateOf(post, now) }));
}

/** What a post is now, in words, with the colour of its tag. */
export function stateOf(post: PostEntry, now: number): { text: string; tag: string; code: string } {
  if (post.status === 'left') return { code: 'left', text: 'Has left', tag: 'grey' };
  if (post.until !== null && post.until <= now) return { code: 'ended', text: 'Ended', tag: 'grey' };
  if (post.status === 'suspended') return { code: 'person-suspended', text: 'Suspended', tag: 'red' };
  if (post.suspended) return { code: 'suspended', text: 'Post suspended', tag: 'orange' };
  if (post.from > now) return { code: 'future', text: 'Not begun', tag: 'blue' };
  return { code: 'active', text: 'Active', tag: 'green' };
}
