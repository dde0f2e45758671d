/** A guard for the demo's pages that show what belongs to others: passwords, one-time codes, mail. */
import type Koa from 'koa';
import { PlatformError } from '../platform/errors.ts';
import { isThisMachine } from '../platform/web/client_address.ts';

/**
 * Lets `pages` answer only callers on this very machine who know it by its own name, or by that of `baseUrl`; the service
 * itself may be reached from the whole network. A page elsewhere could give this machine a name of its own (DNS rebinding),
 * and read what a browser here is shown under it.
 */
export function onlyFromThisMachine(pages: Koa.Middleware, baseUrl: string): Koa.Middleware {
  const names = new Set(['localhost', '127.0.0.1', '[::1]', new URL(baseUrl).hostname]);
  return async (ctx, next) => {
    // The connection's own address and the name it was asked by: a forwarded header could claim any.
    const here = isThisMachine(ctx.req.socket.remoteAddress) && names.has(hostOf(ctx.req.headers.host));
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

function hostOf(header = ''): string {
  return URL.canParse(`http://${header}`) ? new URL(`http://${header}`).hostname : '';
}
