/** One log line and one measurement for each request, without anything that names a person. */
import type Koa from 'koa';
import type { Logger } from 'pino';

export type Measured = { method: string; route: string; status: number; seconds: number };

/**
 * Logs request id, method, route *pattern*, status and milliseconds. Never the path, the query, headers or a body: they
 * can hold names, e-mail addresses and tokens.
 */
export function requestLog(logger: Logger, measure: (request: Measured) => void): Koa.Middleware {
  return async (ctx, next) => {
    const started = performance.now();
    ctx.res.once('close', () => {
      const milliseconds = performance.now() - started;
      const route = routeOf(ctx);
      const status = ctx.res.statusCode;
      measure({ method: ctx.method, route, status, seconds: milliseconds / 1000 });
      const line = {
        requestId: ctx.state.requestId,
        method: ctx.method,
        route,
        status,
        ms: Math.round(milliseconds * 10) / 10,
      };
      if (ctx.res.writableFinished) logger[status >= 500 ? 'error' : 'info'](line, 'request');
      else logger.info(line, 'request given up by the caller');
    });
    await next();
  };
}

/** The pattern of the route that answered (`/directory/{id}`), or the name of the step that did; bounded in number. */
function routeOf(ctx: Koa.Context): string {
  const matched: unknown = ctx.state.route ?? ctx._matchedRoute;
  if (matched instanceof RegExp) return matched.source;
  return typeof matched === 'string' ? matched : 'unmatched';
}
