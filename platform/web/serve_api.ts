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

export type ApiOptions = Pick<PipelineOptions, 'baseUrl' | 'logger' | 'measure' | 'newId'>;

type Headers = Record<string, string | number>;
type Exchange = ApiContext & { headers: Headers };

/** Answers the operations, and refuses what is unknown below their interfaces; every other request goes to `pages`. */
export function serveApi(
  operations: readonly ApiOperation[],
  pages: (...request: Parameters<RequestListener>) => unknown,
  { baseUrl, logger, measure, newId = randomUUID }: ApiOptions,
): RequestListener {
  const routeOf = createRoutes(operations);
  const headers = fixedHeaders(isSecure(baseUrl));
  const report = openRequestLog(logger, measure);

  async function serve(request: IncomingMessage, response: ServerResponse, route: ApiRoute): Promise<void> {
    const started = performance.now();
    const ctx = open(request, route, { ...headers[canBeOpened(request) ? 'opened' : 'posted'] });
    nameRequest(ctx, newId);
    const code = await answer(ctx, response, route.steps);
    const seconds = (performance.now() - started) / 1000;
    report(
      { method: request.method!, route: route.name, status: ctx.status, seconds },
      { requestId: ctx.state.requestId, code, quiet: route.quiet, complete: response.writableEnded },
    );
  }

  /** Gives the code of what failed. */
  async function answer(
    ctx: Exchange,
    response: ServerResponse,
    steps: ApiRoute['steps'],
  ): Promise<string | undefined> {
    try {
      for (const step of steps) await step(ctx);
      const failure = ctx.body === undefined && ctx.status >= 400 ? failureOfStatus(ctx.status) : undefined;
      if (failure !== undefined) describe(ctx, failure);
      send(ctx, response);
      return failure?.code;
    } catch (error) {
      const failure = failureOf(error);
      logFailure(logger, ctx.state.requestId, failure, error);
      describe(ctx, failure);
      send(ctx, response);
      return failure.code;
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
function fixedHeaders(secure: boolean): Record<'opened' | 'posted', Headers> {
  const all = listSecurityHeaders(secure);
  const needed = ['Cache-Control', 'Strict-Transport-Security', 'X-Content-Type-Options'];
  return {
    opened: Object.fromEntries(all),
    posted: Object.fromEntries(all.filter(([name]) => needed.includes(name))),
  };
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
  ctx.body = toProblem(failure, ctx.state.requestId);
  const type = { 'Cache-Control': 'no-store', 'Content-Type': 'application/problem+json' };
  Object.assign(ctx.headers, type, failure.headers);
}

function send({ status, headers, body }: Exchange, response: ServerResponse): void {
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  // The caller went away meanwhile.
  if (response.destroyed) return;
  if (text === undefined) return void response.writeHead(status, headers).end();
  headers['Content-Type'] ??= 'application/json; charset=utf-8';
  headers['Content-Length'] = Buffer.byteLength(text);
  response.writeHead(status, headers).end(text);
}
