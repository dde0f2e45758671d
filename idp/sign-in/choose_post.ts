/** Choosing the post to act in at this partner system: a list, and with many a filter. */
import type Koa from 'koa';
import { z } from 'zod';
import { readLine } from '../../platform/typed.ts';
import type { Post } from '../../directory/people/standing.ts';
import { emptyForm, type FormView, parseFields, parseForm, withError } from '../../platform/web/form.ts';
import { collectValues } from '../../platform/web/body.ts';
import { listChoosablePosts } from '../sessions/choosable_posts.ts';
import { finish, renderStep, type SignInContext, stepOf } from './steps.ts';

const schema = z.object({ post: z.string().min(1, 'Choose the post that you are acting in').prefault('') });
const filterSchema = z.object({
  filter: z.string().overwrite(readLine).max(100, 'Use at most 100 characters').optional(),
});

/** From this many on, a box to narrow the list comes first. */
const many = 8;

/** GET /sign-in/{uid}/post */
export function showPosts(context: SignInContext): Koa.Middleware {
  return async (ctx) => show(ctx, await postsOf(context, ctx), emptyForm(schema));
}

/** POST /sign-in/{uid}/post */
export function takePost(context: SignInContext): Koa.Middleware {
  return async (ctx) => {
    const posts = await postsOf(context, ctx);
    const parsed = await parseForm(ctx, schema);
    if (!parsed.ok) return show(ctx, posts, parsed.form);
    if (!posts.some(({ id }) => id === parsed.data.post)) {
      return show(
        ctx,
        posts,
        withError(emptyForm(schema), 'post', 'That post has ended in the meantime. Choose another'),
      );
    }
    await finish(ctx, { select_post: { post: parsed.data.post } });
  };
}

async function postsOf(context: SignInContext, ctx: Koa.Context): Promise<Post[]> {
  const { session } = stepOf(ctx);
  return session === undefined ? [] : listChoosablePosts(context, session.accountId, session.uid);
}

function show(ctx: Koa.Context, posts: Post[], form: FormView): void {
  if (posts.length === 0) {
    renderStep(ctx, 'no-post.njk', { title: 'There is no post that you can act in' });
    ctx.status = 403;
    return;
  }
  const filter = parseFields(filterSchema, collectValues(new URLSearchParams(ctx.querystring)));
  const wanted = filter.ok ? (filter.data.filter ?? '') : '';
  const shown = posts.filter((post) => matches(post, wanted));
  renderStep(ctx, 'post.njk', {
    title: 'Which post are you acting in?',
    form,
    filter: filter.form,
    many: posts.length >= many,
    items: shown.map((post) => ({
      value: post.id,
      text: `${post.roleName}, ${post.agencyName}`,
      hint: { text: post.teamName },
      checked: form.fields.post?.value === post.id,
    })),
  });
}

/** Every word typed stands somewhere in the post's names. */
function matches(post: Post, wanted: string): boolean {
  const names = `${post.roleName} ${post.agencyName} ${post.teamName}`.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => names.includes(word));
}
