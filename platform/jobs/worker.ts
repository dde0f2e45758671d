/** Runs the queue's jobs in this process: graphile-worker, kept alive through restarts of the database and stopped in time. */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { defaultConcurrency, type Running, runWorkerPool, type WorkerOptions } from './worker_pool.ts';

export type { Task } from './task.ts';
export type { CronItem } from './worker_pool.ts';

/**
 * Starts working; throws when the queue cannot be reached now. Later failures are logged and overcome. `stop` ends within
 * three seconds: what runs is finished if it ends in time, else told, and at last its job is handed back to the queue.
 */
export async function startWorker(options: WorkerOptions): Promise<{ stop(): Promise<void> }> {
  const pool = openPool(options);
  const stopping = new AbortController();
  let current = await runWorkerPool(options, pool).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  const watch = async (): Promise<void> => {
    await current.ended;
    while (!stopping.signal.aborted) {
      current = await restart(options, pool, stopping.signal);
      if (stopping.signal.aborted) await current.stop();
      await current.ended;
    }
  };
  const watched = watch();
  return {
    stop: async () => {
      stopping.abort();
      await current.stop();
      await Promise.race([watched.then(() => pool.end()), delay(900, undefined, { ref: false })]);
    },
  };
}

/** Tries until it starts, or until the process stops. */
async function restart(options: WorkerOptions, pool: pg.Pool, stopping: AbortSignal): Promise<Running> {
  for (let wait = 1_000; ; wait = 5_000) {
    await delay(wait, undefined, { signal: stopping, ref: false }).catch(() => undefined);
    if (stopping.aborted) return { ended: Promise.resolve(), stop: async () => undefined };
    try {
      const running = await runWorkerPool(options, pool);
      options.logger.warn('jobs: worker started again');
      return running;
    } catch (err) {
      options.logger.error({ err }, 'jobs: worker not started');
    }
  }
}

function openPool({ url, concurrency = defaultConcurrency, logger }: WorkerOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: concurrency + 3,
    connectionTimeoutMillis: 5_000,
    query_timeout: 30_000,
    keepAlive: true,
    application_name: 'wayleave-jobs',
  });
  // Without these a database that restarts would end the process.
  const onError = (err: Error): void => logger.warn({ err }, 'jobs: connection lost');
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}
