/** What machines ask about this process: is it alive, can it work, what does it measure. */
import type { Registry } from 'prom-client';
import type { ApiOperation, ApiStep } from '../web/api.ts';
import { checkReadiness, type CheckResult, type ReadinessCheck } from './readiness.ts';

type TelemetryOptions = { registry: Registry; checks: ReadinessCheck[] };

/** `/healthz` (the process answers), `/readyz` (200 or 503 with each check), `/metrics` (Prometheus). */
export function telemetryOperations({ registry, checks }: TelemetryOptions): ApiOperation[] {
  const check = shared(() => checkReadiness(checks));
  return [
    ask('/healthz', 'Whether the process answers', (ctx) => {
      ctx.body = { status: 'alive' };
    }),
    ask('/readyz', 'Whether the process can do its work', async (ctx) => {
      const results = await check();
      const ready = results.every((result) => result.ready);
      ctx.body = { status: ready ? 'ready' : 'not ready', checks: results };
      ctx.status = ready ? 200 : 503;
    }),
    ask('/metrics', 'What the process measures', async (ctx) => {
      ctx.set('Content-Type', registry.contentType);
      ctx.body = await registry.metrics();
    }),
  ];
}

// Asked every few seconds, they would drown the rest of the log.
function ask(path: string, summary: string, answer: ApiStep): ApiOperation {
  const responses = { 200: { description: summary } };
  return { method: 'get', path, summary, tag: 'Telemetry', responses, handlers: [answer], quiet: true };
}

/** Callers at the same moment share one run, so that asking often costs the database little. */
function shared(run: () => Promise<CheckResult[]>): () => Promise<CheckResult[]> {
  let running: Promise<CheckResult[]> | undefined;
  return () =>
    (running ??= run().finally(() => {
      running = undefined;
    }));
}
