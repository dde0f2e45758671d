/**
 * The busiest routes answered straight from node:http: the same guards, parsing and handlers as through the general
 * pipeline, without the steps that only pages need. Whatever is unusual about a request goes the general way.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import type Koa from 'koa';
import type { ApiOperation } from './api.ts';
import { parseBody } from './input.ts';
import { type Failure, failureOf, toProblem } from './problem.ts';
import { requestId } from './request_id.ts';
import type { Measured } from './request_log.ts';

export type DirectOptions = {
  logger: Record<'info' | 'error', (details: object, message: string) => void>;
  /** Told of each request when it was answered. */
  measure?: (request: Measured) => void;
  /** Whether the service is reached over https. */
  secure: boolean;
};

/**
 * Answers the POST operations among these by the short way, and all else by the general one. Their guards and handlers may
 * use `get`, `set`, `state`, `req` and `body` of Koa's context, and no more. Only requests that fail are lines in the log.
 */
export function directFirst(
  operations: readonly ApiOperation[],
  general: (...request: Parameters<RequestListener>) => unknown,
  options: DirectOptions,
): RequestListener {
  const routes = new Map(operations.filter(fits).map((one) => [one.path, stepsOf(one)]));
  const fixed = fixedHeaders(options.secure);
  return (request, response) => {
    const steps = isPlain(request) ? routes.get(request.url ?? '') : undefined;
    if (steps === undefined) return void general(request, response);
    void timed(request, response, options, () => answer(request, response, steps, { ...fixed }));
  };
}

function fits({ method, parameters, body, bodyOptions }: ApiOperation): boolean {
  return method === 'post' && parameters === undefined && body !== undefined && bodyOptions?.types === undefined;
}

function isPlain({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' && headers['content-type'] === 'application/json' && headers['content-encoding'] === undefined
  );
}

function stepsOf({ guards = [], body, bodyOptions, handlers }: ApiOperation): Koa.Middleware[] {
  return [requestId(randomUUID), ...guards, parseBody(body!, bodyOptions), ...handlers];
}

type Headers = Record<string, string | number>;

function fixedHeaders(secure: boolean): Headers {
  const always = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
  return secure ? { ...always, 'Strict-Transport-Security': 'max-age=63072000' } : always;
}

/** What the steps use of Koa's context. */
type Lean = { state: Record<string, unknown>; body: unknown; headers: Headers };
type Failed = { requestId: string; failure: Failure; error: unknown };

async function timed(
  request: IncomingMessage,
  response: ServerResponse,
  { logger, measure }: DirectOptions,
  work: () => Promise<Failed | undefined>,
): Promise<void> {
  const started = performance.now();
  const route = request.url!;
  let failed: Failed | undefined;
  try {
    failed = await work();
  } catch (err) {
    // Nothing can be answered any more; the caller sees the connection end.
    response.destroy();
    logger.error({ err, route }, 'answer cut short');
  }
  const seconds = (performance.now() - started) / 1000;
  measure?.({ method: 'POST', route, status: response.statusCode, seconds });
  if (failed === undefined) return;
  const { requestId: name, failure, error } = failed;
  const { status, code, foreseen } = failure;
  const line = { requestId: name, method: 'POST', route, status, code, ms: Math.round(seconds * 10_000) / 10 };
  if (!foreseen || status >= 500) logger.error({ ...line, err: error }, 'request failed');
  else logger.info(line, 'request');
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  steps: readonly Koa.Middleware[],
  fixed: Headers,
): Promise<Failed | undefined> {
  const context = lean(request, fixed);
  try {
    await run(steps, 0, context as unknown as Koa.Context);
    const { body, headers } = context;
    send(
      response,
      200,
      headers,
      'application/json; charset=utf-8',
      typeof body === 'string' ? body : JSON.stringify(body),
    );
    return undefined;
  } catch (error) {
    const failure = failureOf(error);
    const name = context.state.requestId as string;
    const text = JSON.stringify(toProblem(failure, name));
    send(response, failure.status, { ...context.headers, ...failure.headers }, 'application/problem+json', text);
    return { requestId: name, failure, error };
  }
}

function lean(req: IncomingMessage, headers: Headers): Lean {
  const get = (name: string): string => (req.headers[name.toLowerCase()] as string | undefined) ?? '';
  const set = (name: string, value: string): void => void (headers[name] = value);
  return { req, get, set, headers, state: { api: true }, body: undefined } as Lean;
}

async function run(steps: readonly Koa.Middleware[], index: number, context: Koa.Context): Promise<void> {
  await steps[index]?.(context, () => run(steps, index + 1, context));
}

function send(response: ServerResponse, status: number, headers: Headers, type: string, text: string): void {
  // The caller went away meanwhile.
  if (response.destroyed) return;
  headers['Content-Type'] = type;
  headers['Content-Length'] = Buffer.byteLength(text);
  response.writeHead(status, headers).end(text);
}
