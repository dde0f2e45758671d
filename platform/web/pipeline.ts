/** The way of every request for a page, one named step after the other. Routes are added to what this returns. */
import { randomUUID } from 'node:crypto';
import Router from '@koa/router';
import Koa from 'koa';
import type { Logger } from 'pino';
import { type Assets, serveAssets } from './assets.ts';
import { clientAddress } from './client_address.ts';
import { conditionalGet } from './conditional_get.ts';
import { answerErrors } from './errors.ts';
import { nameRequest } from './request_id.ts';
import { logRequests, type Measured, openRequestLog } from './request_log.ts';
import { securityHeaders } from './security_headers.ts';
import type { Views } from './views.ts';

export type PipelineOptions = {
  /** Where people reach the service; https turns on HSTS and `__Host-` cookies. */
  baseUrl: string;
  /** How many proxies of our own stand in front, whose X-Forwarded-… are believed. */
  trustedProxies: number;
  logger: Logger;
  views: Views;
  assets: Assets;
  /** Told of each request when it ended. */
  measure?: (request: Measured) => void;
  newId?: () => string;
};

/** A Koa application with every step that all pages share. */
export function createPipeline(options: PipelineOptions): Koa {
  const app = new Koa({ proxy: options.trustedProxies > 0 });
  readAddressesBy(app, options.trustedProxies);
  const { logger } = options;
  app.use(giveId(options.newId ?? randomUUID));
  app.use(logRequests(openRequestLog(logger, options.measure)));
  app.use(securityHeaders({ secure: isSecure(options.baseUrl) }));
  app.use(conditionalGet());
  app.use(setUpViews(options.views));
  app.use(answerErrors(logger));
  app.use(serveAssets(options.assets));
  // Each router says on the context which of its routes have the path.
  app.use(new Router().allowedMethods() as Koa.Middleware);
  // Only what breaks after the answer began ends here: a caller that went away, a stream that failed.
  app.on('error', (err: Error) => logger.warn({ err }, 'answer cut short'));
  return app;
}

/** True where browsers reach the service over TLS, whatever stands in between. */
export function isSecure(baseUrl: string): boolean {
  return baseUrl.startsWith('https:');
}

/** `ctx.ip` is what limits count by; Koa itself would take a port for part of the address. */
function readAddressesBy({ request }: Koa, trustedProxies: number): void {
  Object.defineProperty(request, 'ip', {
    get(this: Koa.Request) {
      return clientAddress(this.req, trustedProxies);
    },
  });
}

function giveId(newId: () => string): Koa.Middleware {
  return async (ctx, next) => {
    nameRequest(ctx, newId);
    await next();
  };
}

function setUpViews(views: Views): Koa.Middleware {
  return async (ctx, next) => {
    ctx.state.views = views;
    await next();
  };
}
