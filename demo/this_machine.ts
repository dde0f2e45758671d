/** A guard for the demo's pages that show what belongs to others: passwords, one-time codes, mail. */
import type Koa from 'koa';
import { PlatformError } from '../platform/errors.ts';
import { isThisMachine } from '../platform/web/client_address.ts';

/** Lets `pages` answer only callers on this very machine; the service itself may be reached from the whole network. */
export function onlyFromThisMachine(pages: Koa.Middleware): Koa.Middleware {
  return async (ctx, next) => {
    // The connection's own address: a header could claim any.
    const here = isThisMachine(ctx.req.socket.remoteAddress);
    if (!here && /^\/demo(\/|$)/i.test(ctx.path)) {
      throw new PlatformError(
        'forbidden',
        'this-machine-only',
        'The demo shows passwords, codes and mail only on the machine that it runs on. Open this page there.',
      );
    }
    await (here ? pages(ctx, next) : next());
  };
}
