/** GET /register: whether the signed chain verifies, and everything in the database that it does not say. */
import type Koa from 'koa';
import { render } from '../../../platform/web/render.ts';
import { currentCheckpoint } from '../../../platform/log/prove.ts';
import type { WebContext } from '../../context.ts';

export function viewRegister(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const state = context.register.state();
    render(ctx, 'signing/view-register/view-register.njk', {
      title: 'Register',
      now: context.ground.clock(),
      verifiedAt: context.register.verifiedAt(),
      problems: context.register.problems(),
      head: state?.head,
      federation: state?.federation,
      counts: state && {
        agencies: state.agencies.size,
        protocols: state.protocols.size,
        definitions: state.definitions.size,
      },
      checkpoint: await currentCheckpoint(context.ground.db),
    });
  };
}
