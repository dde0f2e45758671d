/**
 * The busiest routes answered straight from node:http: the same guards, parsing and handlers as through the general
 * pipeline, without the steps that only pages need. Whatever is unusual about a request goes the general way.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import type Koa from 'koa';
import type { ApiOperation } from '../../platform/web/api.ts';
import { parseBody } from '../../platform/web/input.ts';
import { failureOf, toProblem } from '../../platform/web/problem.ts';
import { requestId } from '../../platform/web/request-id.ts';
import type { Measured } from '../../platform/web/request-log.ts';

export type HotPathOptions = {
  logger: { error(details: object, message: string): void };
  /** Told of each request when it was answered. No line is logged for it: each decision stands in the log of decisions. */
  measure?: (request: Measured) => void;
  /** Whether the service is reached over https. */
  secure: boolean;
};

/** Takes a request that it can answer, and says whether it did. */
export type HotPath = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Makes the hot path for the POST operations among these. Put it before the application's own listener. */
export function createHotPath(operations: readonly ApiOperation[], options: HotPathOptions): HotPath {
  const routes = new Map(
    operations
      .filter(({ method, body }) => method === 'post' && body !== undefined)
      .map((one) => [one.path, stepsOf(one)]),
  );
  const fixed: Record<string, string> = {
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(options.secure && { 'Strict-Transport-Security': 'max-age=63072000' }),
  };
  return (request, response) => {
    const steps = request.method === 'POST' ? routes.get(request.url ?? '') : undefined;
    if (steps === undefined || request.headers['content-type'] !== 'application/json') return false;
    if (request.headers['content-encoding'] !== undefined) return false;
    const started = performance.now();
    void answer(request, response, steps, fixed, options).finally(() =>
      options.measure?.({
        method: 'POST',
        route: request.url!,
        status: response.statusCode,
        seconds: (performance.now() - started) / 1000,
      }),
    );
    return true;
  };
}

function stepsOf({ guards = [], body, bodyOptions, handlers }: ApiOperation): Koa.Middleware[] {
  return [requestId(randomUUID), ...guards, parseBody(body!, bodyOptions), ...handlers];
}

/** What the steps use of Koa's context. */
type Lean = { state: Record<string, unknown>; body: unknown; headers: Record<string, string | number> };

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  steps: readonly Koa.Middleware[],
  fixed: Record<string, string>,
  options: HotPathOptions,
): Promise<void> {
  const context = lean(request, { ...fixed });
  try {
    await run(steps, 0, context as unknown as Koa.Context);
    send(response, 200, context.headers, 'application/json; charset=utf-8', context.body);
  } catch (error) {
    const failure = failureOf(error);
    const requestName = context.state.requestId as string;
    if (!failure.foreseen || failure.status >= 500) {
      options.logger.error({ requestId: requestName, code: failure.code, err: error }, 'request failed');
    }
    const headers = { ...context.headers, ...failure.headers };
    send(response, failure.status, headers, 'application/problem+json', toProblem(failure, requestName));
  }
}

function lean(req: IncomingMessage, headers: Lean['headers']): Lean {
  const get = (name: string): string => (req.headers[name.toLowerCase()] as string | undefined) ?? '';
  const set = (name: string, value: string): void => void (headers[name] = value);
  return { req, get, set, headers, state: { api: true }, body: undefined } as Lean;
}

async function run(steps: readonly Koa.Middleware[], index: number, context: Koa.Context): Promise<void> {
  await steps[index]?.(context, () => run(steps, index + 1, context));
}

function send(response: ServerResponse, status: number, headers: Lean['headers'], type: string, body: unknown): void {
  if (response.destroyed) return;
  const text = JSON.stringify(body);
  headers['Content-Type'] = type;
  headers['Content-Length'] = Buffer.byteLength(text);
  response.writeHead(status, headers).end(text);
}
