/** GET and POST /posts/{id}: one post of the administrator's own agency, and what ends, suspends or restores it at once. */
import type Koa from 'koa';
import { z } from 'zod';
import type { Actor } from '../../../directory/actor.ts';
import { endPost, restorePost, suspendPost } from '../../../directory/people/end_post.ts';
import { findPost, type PostEntry } from '../../../directory/people/list_posts.ts';
import {
  recordLeaving,
  restorePractitioner,
  suspendPractitioner,
} from '../../../directory/people/suspend_practitioner.ts';
import type { Log } from '../../../platform/log/log.ts';
import { isUuid } from '../../../platform/uuid.ts';
import { emptyForm, type FormView, parseForm } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { stateOf } from '../list-posts/list_posts.ts';
import { actorOf, personOf } from '../../session/require_person.ts';

type Deed = {
  text: string;
  hint: string;
  whole: boolean;
  when: string[];
  act(log: Log, actor: Actor, post: PostEntry, reason: string): Promise<void>;
};

/** What an administrator can do, from what state of a post. `whole`: it is about the person, so only the agency that keeps the record may. */
const deeds: Record<string, Deed> = {
  'suspend-person': {
    text: 'Suspend the person',
    hint: 'Takes every right away in every agency, until you restore it.',
    whole: true,
    when: ['active', 'suspended', 'future'],
    act: (log, actor, post, reason) => suspendPractitioner(log, actor, { practitioner: post.practitioner, reason }),
  },
  'restore-person': {
    text: 'Restore the person',
    hint: 'Gives back what the suspension took.',
    whole: true,
    when: ['person-suspended', 'left'],
    act: (log, actor, post, reason) => restorePractitioner(log, actor, { practitioner: post.practitioner, reason }),
  },
  'suspend-post': {
    text: 'Suspend this post',
    hint: 'The person keeps their other posts.',
    whole: false,
    when: ['active', 'future'],
    act: (log, actor, post, reason) => suspendPost(log, actor, { post: post.id, reason }),
  },
  'restore-post': {
    text: 'Restore this post',
    hint: 'Gives back what the suspension took.',
    whole: false,
    when: ['suspended'],
    act: (log, actor, post, reason) => restorePost(log, actor, { post: post.id, reason }),
  },
  'end-post': {
    text: 'End this post now',
    hint: 'For somebody who moves. It cannot be undone; a new post can be given.',
    whole: false,
    when: ['active', 'suspended', 'person-suspended', 'future'],
    act: (log, actor, post, reason) => endPost(log, actor, { post: post.id, reason }),
  },
  leave: {
    text: 'Record that the person has left',
    hint: 'Ends every sign-in and decision at once.',
    whole: true,
    when: ['active', 'suspended', 'person-suspended', 'future'],
    act: (log, actor, post, reason) => recordLeaving(log, actor, { practitioner: post.practitioner, reason }),
  },
};

const Form = z.object({
  deed: z.enum(Object.keys(deeds) as [string, ...string[]], 'Choose what to do'),
  reason: z.string().trim().min(5, 'Say why, in a few words').max(500, 'Use at most 500 characters').prefault(''),
});

export function showPost(context: WebContext): Koa.Middleware {
  return async (ctx) => show(context, ctx, await postOf(context, ctx), emptyForm(Form));
}

export function changePost(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const post = await postOf(context, ctx);
    if (isOwn(ctx, post)) {
      throw new WebApplicationError(
        'forbidden',
        'own-post',
        'This is your own post. Ask another administrator of your agency if it must change.',
      );
    }
    const parsed = await parseForm(ctx, Form);
    if (!parsed.ok) return show(context, ctx, post, parsed.form);
    const deed = possible(context, post).find(([code]) => code === parsed.data.deed)?.[1];
    if (deed === undefined) {
      throw new WebApplicationError(
        'conflict',
        'not-possible-now',
        'That cannot be done in the post’s present state. Somebody may have changed it meanwhile; open the post again.',
      );
    }
    await deed.act(context.ground.log, actorOf(ctx), post, parsed.data.reason);
    ctx.redirect(`/posts/${post.id}?done=1`);
  };
}

async function postOf(context: WebContext, ctx: Koa.Context): Promise<PostEntry> {
  const { id } = ctx.params as { id: string };
  const post = isUuid(id) ? await findPost(context.ground.db, personOf(ctx).post.agency, id) : undefined;
  if (post === undefined) throw new WebApplicationError('not-found', 'post-unknown', 'Your agency has no such post.');
  return post;
}

const isOwn = (ctx: Koa.Context, post: PostEntry): boolean => post.practitioner === personOf(ctx).practitioner;

function possible(context: WebContext, post: PostEntry): [string, Deed][] {
  const { code } = stateOf(post, context.ground.clock());
  return Object.entries(deeds).filter(([, deed]) => deed.when.includes(code) && (post.keepsRecord || !deed.whole));
}

function show(context: WebContext, ctx: Koa.Context, post: PostEntry, form: FormView): void {
  render(ctx, 'people/change-post/change-post.njk', {
    title: post.name,
    post: { ...post, state: stateOf(post, context.ground.clock()) },
    own: isOwn(ctx, post),
    form,
    done: ctx.query.done === '1',
    deeds: possible(context, post).map(([value, { text, hint }]) => ({ value, text, hint: { text: hint } })),
  });
}
