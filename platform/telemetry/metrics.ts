/** What operators measure: requests by route pattern, the event loop, the database pool. Other floors add their own. */
import type pg from 'pg';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Measured } from '../web/request_log.ts';

export type Metrics = {
  /** Where further counters register themselves: `new Counter({ registers: [metrics.registry], … })`. */
  registry: Registry;
  /** For `createPipeline({ measure })`. */
  measure(this: void, request: Measured): void;
  /** Shows how many connections a pool holds, and how many callers wait for one. */
  watchPool(this: void, name: string, pool: pg.Pool): void;
};

/** A registry of its own, so that several applications in one process (tests) do not share numbers. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'wayleave_http_request_seconds',
    help: 'Time to answer a request, by route pattern',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  const pools = new Map<string, pg.Pool>();
  const connections = new Gauge({
    name: 'wayleave_database_connections',
    help: 'Connections of a pool by state, and callers waiting for one',
    labelNames: ['pool', 'state'],
    registers: [registry],
    collect() {
      for (const [name, pool] of pools) {
        connections.set({ pool: name, state: 'busy' }, pool.totalCount - pool.idleCount);
        connections.set({ pool: name, state: 'idle' }, pool.idleCount);
        connections.set({ pool: name, state: 'waited-for' }, pool.waitingCount);
      }
    },
  });
  return {
    registry,
    measure: ({ method, route, status, seconds }) =>
      requests.observe({ method: known.has(method) ? method : 'OTHER', route, status: String(status) }, seconds),
    watchPool: (name, pool) => void pools.set(name, pool),
  };
}

// A caller may invent methods; labels must stay few.
const known = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
