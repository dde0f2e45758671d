/** GET /posts: the posts of the administrator's own agency, with what can be done about each. */
import type Koa from 'koa';
import { z } from 'zod';
import { listPosts as findPosts, type PostEntry } from '../../../directory/people/list_posts.ts';
import { parseFields } from '../../../platform/web/form.ts';
import { collectValues } from '../../../platform/web/body.ts';
import { render } from '../../../platform/web/render.ts';
import type { WebContext } from '../../context.ts';
import { addressOf, pages } from '../../kit/pages.ts';
import { personOf } from '../../session/require_person.ts';

const size = 25;
const Query = z.object({
  name: z.string().trim().max(100, 'Use at most 100 characters').optional(),
  // Only an address that somebody edited holds anything else.
  page: z.coerce.number().int().min(1).max(10_000).catch(1),
});

export function listPosts(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { agency, agencyName } = personOf(ctx).post;
    const parsed = parseFields(Query, collectValues(new URLSearchParams(ctx.querystring)));
    const model = { title: `Posts of ${agencyName}`, form: parsed.form };
    if (!parsed.ok) {
      render(ctx, 'people/list-posts/list-posts.njk', { ...model, list: undefined });
      ctx.status = 400;
      return;
    }
    const { name, page } = parsed.data;
    const filter = { page, size, ...(name === undefined ? {} : { name }) };
    const { posts, total } = await findPosts(context.ground.db, agency, filter);
    if (posts.length === 0 && page > 1) return ctx.redirect(addressOf('/posts', { name }));
    const now = context.ground.clock();
    const list = {
      posts: posts.map((post) => ({ ...post, state: stateOf(post, now) })),
      total,
      pages: pages('/posts', { name }, page, Math.ceil(total / size)),
    };
    render(ctx, 'people/list-posts/list-posts.njk', { ...model, list });
  };
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
