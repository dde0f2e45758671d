/** What machines ask about this process: is it alive, can it work, what does it measure. */
import Router from '@koa/router';
import type Koa from 'koa';
import type { Registry } from 'prom-client';
import { checkReadiness, type CheckResult, type ReadinessCheck } from './readiness.ts';

export type TelemetryOptions = { registry: Registry; checks: ReadinessCheck[] };

/** `/healthz` (the process answers), `/readyz` (200 or 503 with each check), `/metrics` (Prometheus). */
export function telemetryRoutes({ registry, checks }: TelemetryOptions): Koa.Middleware {
  const router = new Router();
  const check = shared(() => checkReadiness(checks));
  router.get('/healthz', (ctx) => void (ctx.body = { status: 'alive' }));
  router.get('/readyz', async (ctx) => {
    const results = await check();
    const ready = results.every((result) => result.ready);
    ctx.body = { status: ready ? 'ready' : 'not ready', checks: results };
    ctx.status = ready ? 200 : 503;
  });
  router.get('/metrics', async (ctx) => {
    ctx.set('Content-Type', registry.contentType);
    ctx.body = await registry.metrics();
  });
  return router.routes() as unknown as Koa.Middleware;
}

/** Callers at the same moment share one run, so that asking often costs the database little. */
function shared(run: () => Promise<CheckResult[]>): () => Promise<CheckResult[]> {
  let running: Promise<CheckResult[]> | undefined;
  return () =>
    (running ??= run().finally(() => {
      running = undefined;
    }));
}
