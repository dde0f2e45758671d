/** What machines ask about this process: is it alive, can it work, what does it measure. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Registry } from 'prom-client';
import type { Config } from '../config/config.ts';
import type { ApiOperation, ApiStep } from '../web/api.ts';
import { WebError } from '../web/web_error.ts';
import { checkReadiness, type CheckResult, type ReadinessCheck } from './readiness.ts';

type TelemetryOptions = { registry: Registry; checks: ReadinessCheck[]; metrics: Config['metrics'] };

/** `/healthz` (the process answers), `/readyz` (200 or 503 with each check), `/metrics` (Prometheus; see `METRICS_TOKEN`). */
export function telemetryOperations({ registry, checks, metrics }: TelemetryOptions): ApiOperation[] {
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
      if (!ready) ctx.set('Retry-After', '1');
    }),
    ask('/metrics', 'What the process measures', async (ctx) => {
      requireToken(metrics, ctx.get('Authorization'));
      ctx.set('Content-Type', registry.contentType);
      ctx.body = await registry.metrics();
    }),
  ];
}

/** What is measured tells how much goes on, and when: in production it is for whoever runs the service alone. */
function requireToken({ open, token }: Config['metrics'], authorization: string): void {
  if (open) return;
  if (token === undefined) {
    throw new WebError('forbidden', 'metrics-closed', 'This service tells nobody what it measures.');
  }
  const given = /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '';
  if (timingSafeEqual(digest(given), digest(token))) return;
  throw new WebError('unauthenticated', 'metrics-token', 'This needs the token of whoever runs the service.', {
    headers: { 'WWW-Authenticate': 'Bearer realm="metrics"' },
  });
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

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
