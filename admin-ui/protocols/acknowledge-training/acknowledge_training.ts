/** GET and POST /training: the guides to the protocols that one's job stands under, and which of them one has read. */
import type Koa from 'koa';
import { z } from 'zod';
import { parseForm } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import {
  acknowledgeTraining as acknowledge,
  listTraining,
  type Training,
  type Trainee,
} from '../../../policy/governance/publications/training.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { getState } from '../../kit/register_state.ts';
import { personOf } from '../../session/require_person.ts';

const Form = z.object({ protocol: z.string().max(64) });

export function showTraining(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const training = await listTraining(context.ground.db, getState(context), traineeOf(ctx));
    render(ctx, 'protocols/acknowledge-training/acknowledge-training.njk', {
      title: 'Your guides',
      role: personOf(ctx).post.roleName,
      administers: personOf(ctx).administers,
      done: ctx.query.done === '1',
      guides: training.map(row),
    });
  };
}

export function acknowledgeTraining(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const parsed = await parseForm(ctx, Form);
    if (!parsed.ok) {
      throw new WebApplicationError(
        'invalid',
        'no-guide-named',
        'Open the guide, read it, and press the button beneath it.',
      );
    }
    await acknowledge(context.ground.log, getState(context), traineeOf(ctx), parsed.data.protocol);
    ctx.redirect('/training?done=1');
  };
}

/** The person in the post that they act in. */
function traineeOf(ctx: Koa.Context): Trainee {
  const { actor, post } = personOf(ctx);
  return { ...actor, role: post.role };
}

function row({ protocol, state, acknowledgedAt, lastVersion }: Training) {
  const { id, version, title } = protocol.document;
  return {
    title,
    version,
    href: `/protocols/${id}/${version}/guide`,
    state: {
      read: { text: 'Read', tag: 'green' },
      'to-read': { text: 'To be read', tag: 'yellow' },
      'new-version': { text: 'New version', tag: 'orange' },
    }[state],
    acknowledgedAt: acknowledgedAt ?? 0,
    lastVersion: lastVersion ?? 0,
  };
}
