/** One log line and one measurement for each request, without anything that names a person. */
import type Koa from 'koa';
import type { Logger } from 'pino';

export type Measured = { method: string; route: string; status: number; seconds: number };

/**
 * Logs request id, method, route *pattern*, status and milliseconds. Never the path, the query, headers or a body: they
 * can hold names, e-mail addresses and tokens.
 */
export function requestLog(logger: Logger, measure: (request: Measured) => void): Koa.Middleware {
  // These lines hold nothing that could need to be left out, and looking for it costs more than all the rest of the line.
  const plain = logger.child({}, { redact: [] });
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
      plain[levelOf(status, route)](line, ctx.res.writableFinished ? 'request' : 'request given up by the caller');
    });
    await next();
  };
}

/** Questions of machines about this process, and assets, would drown the rest. */
const quiet = new Set(['/healthz', '/readyz', '/metrics', '/assets/{hash}/{name}']);

function levelOf(status: number, route: string): 'error' | 'info' | 'debug' {
  if (status >= 500) return 'error';
  return quiet.has(route) && status < 400 ? 'debug' : 'info';
}

/** The pattern of the route that answered (`/directory/{id}`), or the name of the step that did; bounded in number. */
function routeOf(ctx: Koa.Context): string {
  const matched: unknown = ctx.state.route ?? ctx._matchedRoute;
  if (matched instanceof RegExp) return matched.source;
  return typeof matched === 'string' ? matched : 'unmatched';
}
