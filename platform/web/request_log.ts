/** One log line and one measurement for each request, without anything that names a person. */
import type Koa from 'koa';
import type { Logger } from 'pino';
import type { Failure } from './problem.ts';

export type Measured = { method: string; route: string; status: number; seconds: number };

type Details = {
  requestId: string;
  /** The code of what failed. */
  code?: string | undefined;
  /** Whether the answer reached the caller. */
  complete: boolean;
  /** Whether lines of its kind would drown the rest, as long as it succeeds. */
  quiet: boolean;
};

/** Measures a request that ended, and writes its line. */
type RequestLog = (request: Measured, details: Details) => void;

/**
 * Lines hold request id, method, route *pattern*, status and milliseconds. Never the path, the query, headers or a body: they
 * can hold names, e-mail addresses and tokens.
 */
export function openRequestLog(logger: Logger, measure?: (request: Measured) => void): RequestLog {
  // These lines hold nothing that could need to be left out, and looking for it costs more than all the rest of the line.
  const plain = logger.child({}, { redact: [] });
  return (request, { requestId, code, complete, quiet }) => {
    measure?.(request);
    const { method, route, status, seconds } = request;
    const level = failed(status) ? 'error' : quiet && status < 400 ? 'debug' : 'info';
    if (!plain.isLevelEnabled(level)) return;
    const line = { requestId, method, route, status, code, ms: Math.round(seconds * 10_000) / 10 };
    plain[level](line, complete ? 'request' : 'request given up by the caller');
  };
}

/** Whether the fault is ours. A method that nobody serves (501) is the caller's, and anybody may send it as often as they like. */
const failed = (status: number): boolean => status >= 500 && status !== 501;

/** Reports every request that comes by when its answer was sent, or its caller went away. */
export function logRequests(report: RequestLog): Koa.Middleware {
  return async (ctx, next) => {
    const started = performance.now();
    ctx.res.once('close', () => {
      const seconds = (performance.now() - started) / 1000;
      const { requestId, quiet = false } = ctx.state as { requestId: string; quiet?: boolean };
      const measured = { method: ctx.method, route: routeOf(ctx), status: ctx.res.statusCode, seconds };
      report(measured, { requestId, quiet, complete: ctx.res.writableFinished });
    });
    await next();
  };
}

/** What nobody foresaw, and outages, are a line with their error. */
export function logFailure(
  logger: Logger,
  requestId: string,
  { code, status, foreseen }: Failure,
  error: unknown,
): void {
  if (!foreseen || status >= 500) logger.error({ requestId, code, err: error }, 'request failed');
}

/** The pattern of the route that answered (`/directory/{id}`), or the name of the step that did; bounded in number. */
function routeOf(ctx: Koa.Context): string {
  const matched: unknown = ctx.state.route ?? ctx._matchedRoute;
  if (matched instanceof RegExp) return matched.source;
  return typeof matched === 'string' ? matched : 'unmatched';
}
