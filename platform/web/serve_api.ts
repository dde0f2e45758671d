/** The way of every JSON request, straight from node:http: route, request id, guards, input, handlers, answer. All else is a page. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ApiContext, ApiOperation } from './api.ts';
import { type ApiRoute, createRoutes } from './api_routes.ts';
import { isSecure, type PipelineOptions } from './pipeline.ts';
import { type Failure, failureOf, failureOfStatus, toProblem } from './problem.ts';
import { nameRequest } from './request_id.ts';
import { logFailure, openRequestLog } from './request_log.ts';
import { listSecurityHeaders } from './security_headers.ts';

type Headers = Record<string, string | number>;
type Exchange = ApiContext & { headers: Headers };

/** Answers the operations, and refuses what is unknown below their interfaces; every other request goes to `pages`. */
export function serveApi(
  operations: readonly ApiOperation[],
  pages: (...request: Parameters<RequestListener>) => unknown,
  { baseUrl, logger, measure, newId = randomUUID }: Pick<PipelineOptions, 'baseUrl' | 'logger' | 'measure' | 'newId'>,
): RequestListener {
  const routeOf = createRoutes(operations);
  const headers = fixedHeaders(isSecure(baseUrl));
  const report = openRequestLog(logger, measure);

  async function serve(request: IncomingMessage, response: ServerResponse, route: ApiRoute): Promise<void> {
    const started = performance.now();
    const ctx = open(request, route, { ...headers[canBeOpened(request) ? 'opened' : 'posted'] });
    nameRequest(ctx, newId);
    const failure = await work(ctx, route.steps);
    if (failure !== undefined) describe(ctx, failure);
    // Unless the caller went away meanwhile.
    if (!response.destroyed) send(ctx, response);
    const seconds = (performance.now() - started) / 1000;
    report(
      { method: request.method!, route: route.name, status: ctx.status, seconds },
      { requestId: ctx.state.requestId, code: failure?.code, quiet: route.quiet, complete: response.writableEnded },
    );
  }

  async function work(ctx: Exchange, steps: ApiRoute['steps']): Promise<Failure | undefined> {
    try {
      for (const step of steps) await step(ctx);
      if (ctx.body === undefined && ctx.status >= 400) return failureOfStatus(ctx.status);
      // While an error can still be answered.
      if (typeof ctx.body === 'object') ctx.body = JSON.stringify(ctx.body);
      return undefined;
    } catch (error) {
      const failure = failureOf(error);
      logFailure(logger, ctx.state.requestId, failure, error);
      return failure;
    }
  }

  return (request, response) => {
    const route = routeOf(request.method!, request.url!);
    if (route === undefined) return void pages(request, response);
    serve(request, response, route).catch((err: unknown) => {
      // Nothing can be answered any more; the caller sees the connection end.
      response.destroy();
      logger.error({ err, route: route.name }, 'answer cut short');
    });
  };
}

/** A browser opens by GET alone, so what is posted to needs no word on how it may be shown: eight headers cost 3 µs. */
function fixedHeaders(secure: boolean): { opened: Headers; posted: Headers } {
  const all = listSecurityHeaders(secure);
  const needed = /^(Cache-Control|Strict-Transport-Security|X-Content-Type-Options)$/;
  return { opened: Object.fromEntries(all), posted: Object.fromEntries(all.filter(([name]) => needed.test(name))) };
}

function canBeOpened({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

function open(req: IncomingMessage, { params, querystring }: ApiRoute, headers: Headers): Exchange {
  return {
    req,
    params,
    querystring,
    headers,
    state: { requestId: '', query: undefined, body: undefined, caller: undefined },
    status: 200,
    body: undefined,
    get: (name) => (req.headers[name.toLowerCase()] as string | undefined) ?? '',
    set: (name, value) => void (headers[name] = value),
  };
}

function describe(ctx: Exchange, failure: Failure): void {
  ctx.status = failure.status;
  ctx.body = JSON.stringify(toProblem(failure, ctx.state.requestId));
  const type = { 'Cache-Control': 'no-store', 'Content-Type': 'application/problem+json' };
  Object.assign(ctx.headers, type, failure.headers);
}

/** Objects were written as text before. */
function send({ status, headers, body }: Exchange, response: ServerResponse): void {
  if (typeof body !== 'string') return void response.writeHead(status, headers).end();
  headers['Content-Type'] ??= 'application/json; charset=utf-8';
  headers['Content-Length'] = Buffer.byteLength(body);
  response.writeHead(status, headers).end(body);
}
