/** One declaration makes the route and its OpenAPI operation, so the document cannot say anything else than the code does. */
import Router, { type RouterMiddleware } from '@koa/router';
import type Koa from 'koa';
import type { z } from 'zod';
import { parseBody, parseQuery } from './input.ts';

export type ApiResponse = {
  description: string;
  schema?: z.ZodType;
  /** Media type, default application/json. */ type?: string;
};

export type ApiOperation = {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** '/directory/v1/practitioners/{id}' */
  path: string;
  summary: string;
  description?: string;
  tag: string;
  /** Scopes, one of which the caller's access token must carry; absent: open to all. */
  security?: string[];
  /** Path and query parameters in one object; parsed into `ctx.state.query`. */
  parameters?: z.ZodObject;
  /** JSON body; parsed into `ctx.state.body`. */
  body?: z.ZodType;
  /** Media types taken as JSON, and the most bytes. */
  bodyOptions?: { types?: string[]; limit?: number };
  responses: Record<number, ApiResponse>;
  /** Guards that must speak before the input is read (authentication), in order. */
  guards?: Koa.Middleware[];
  handlers: Koa.Middleware[];
};

/** The routes of the operations: guards, then parameters, then body, then handlers. A wrong method is 405 with `Allow`. */
export function apiRouter(operations: ApiOperation[]): Koa.Middleware {
  const router = new Router();
  for (const operation of operations) {
    const steps: Koa.Middleware[] = [markAsApi(operation.path), ...(operation.guards ?? [])];
    if (operation.parameters !== undefined) steps.push(parseQuery(operation.parameters));
    if (operation.body !== undefined) steps.push(parseBody(operation.body, operation.bodyOptions));
    router.register(toRoute(operation.path), [operation.method], [
      ...steps,
      ...operation.handlers,
    ] as RouterMiddleware[]);
  }
  const routes = router.routes() as unknown as Koa.Middleware;
  const allowed = router.allowedMethods() as unknown as Koa.Middleware;
  return async (ctx, next) => routes(ctx, async () => allowed(ctx, next));
}

/** Answers go out as problem documents, and the log names the route as the document does. */
function markAsApi(path: string): Koa.Middleware {
  return async (ctx, next) => {
    ctx.state.api = true;
    ctx.state.route = path;
    await next();
  };
}

function toRoute(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
