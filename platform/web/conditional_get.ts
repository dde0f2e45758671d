/** Answers 304 where the caller has the same bytes already, on answers that may be kept at all. */
import { createHash } from 'node:crypto';
import type Koa from 'koa';

/** Adds an ETag to answers without `no-store`, and leaves the body out when the caller names it. */
export function conditionalGet(): Koa.Middleware {
  return async (ctx, next) => {
    await next();
    if ((ctx.method !== 'GET' && ctx.method !== 'HEAD') || ctx.status !== 200) return;
    if (/no-store/.test(String(ctx.res.getHeader('Cache-Control')))) return;
    const body: unknown = ctx.body;
    if (typeof body !== 'string' && !Buffer.isBuffer(body)) return;
    if (!ctx.res.hasHeader('ETag')) ctx.set('ETag', `"${createHash('sha256').update(body).digest('base64url')}"`);
    if (ctx.fresh) ctx.status = 304;
  };
}
