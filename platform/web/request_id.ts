/** Gives every request an id that appears in the answer, in the log and on error pages. */
import type Koa from 'koa';

// AuthZEN wants a caller's X-Request-ID back unchanged; anything that is not plainly an id could forge log lines.
const sane = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** Takes the caller's `X-Request-ID` where it has the shape of an id, else makes one; `ctx.state.requestId`. */
export function requestId(newId: () => string): Koa.Middleware {
  return async (ctx, next) => {
    const sent = ctx.get('X-Request-ID');
    const id = sane.test(sent) ? sent : newId();
    ctx.state.requestId = id;
    ctx.set('X-Request-ID', id);
    await next();
  };
}
