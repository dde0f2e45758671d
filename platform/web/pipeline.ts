/** The way of every request through the service, one named step after the other. Routes are added to what this returns. */
import { randomUUID } from 'node:crypto';
import Koa from 'koa';
import type { Logger } from 'pino';
import { type Assets, serveAssets } from './assets.ts';
import { conditionalGet } from './conditional_get.ts';
import { answerErrors } from './errors.ts';
import { requestId } from './request_id.ts';
import { type Measured, requestLog } from './request_log.ts';
import { securityHeaders } from './security_headers.ts';
import type { Views } from './views.ts';

export type PipelineOptions = {
  /** Where people reach the service; https turns on HSTS and `__Host-` cookies. */
  baseUrl: string;
  /** Believe X-Forwarded-* of the proxy in front. */
  trustProxy: boolean;
  logger: Logger;
  views: Views;
  assets: Assets;
  /** Told of each request when it ended. */
  measure?: (request: Measured) => void;
  newId?: () => string;
};

/** Paths for programs: they always answer with problem documents, never with pages. */
const apiPath =
  /^\/(?:[a-z-]+\/v\d+|scim|fhir|services|taxonomies|taxonomy_terms|service_at_locations|\.well-known|openapi\.json|healthz|readyz|metrics)(?:\/|$)|^\/agencies\/[^/]+\/jwks$/i;

/** A Koa application with every step that all requests share. */
export function createPipeline(options: PipelineOptions): Koa {
  // Only the last address of X-Forwarded-For was written by our own proxy; whoever calls can invent those before it.
  const app = new Koa({ proxy: options.trustProxy, maxIpsCount: 1 });
  const { logger } = options;
  app.use(requestId(options.newId ?? randomUUID));
  app.use(requestLog(logger, options.measure ?? (() => undefined)));
  app.use(securityHeaders({ secure: isSecure(options.baseUrl) }));
  app.use(conditionalGet());
  app.use(setUpViews(options.views));
  app.use(answerErrors({ logger, isApi: (path) => apiPath.test(path) }));
  app.use(serveAssets(options.assets));
  // Only what breaks after the answer began ends here: a caller that went away, a stream that failed.
  app.on('error', (err: Error) => logger.warn({ err }, 'answer cut short'));
  return app;
}

/** True where browsers reach the service over TLS, whatever stands in between. */
export function isSecure(baseUrl: string): boolean {
  return baseUrl.startsWith('https:');
}

function setUpViews(views: Views): Koa.Middleware {
  return async (ctx, next) => {
    ctx.state.views = views;
    await next();
  };
}
