/** Runs the queue's jobs in this process: graphile-worker, kept alive through restarts of the database and stopped in time. */
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { openPool, outlast } from './pool.ts';
import { defaultConcurrency, type Running, runWorkerPool, type WorkerOptions } from './worker_pool.ts';

export type { Task } from './task.ts';
export type { CronItem } from './worker_pool.ts';

/**
 * Starts working; throws when the queue cannot be reached now. Later the database may end and come back, at any moment:
 * that is logged and overcome. `stop` ends within three seconds: what runs is finished if it ends in time, else told, and
 * at last its job is handed back to the queue.
 */
export async function startWorker(options: WorkerOptions): Promise<{ stop(): Promise<void> }> {
  const { concurrency = defaultConcurrency, logger } = options;
  const pool = openPool({ ...options, concurrency });
  const stopping = new AbortController();
  let current = await runWorkerPool(options, pool).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  outlast(pool, logger, stopping.signal);
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
  for (;;) {
    await delay(1_000, undefined, { signal: stopping, ref: false }).catch(() => undefined);
    if (stopping.aborted) return { ended: Promise.resolve(), stop: async () => undefined };
    try {
      const running = await runWorkerPool(options, pool);
      options.logger.warn('jobs: worker started again');
      return running;
    } catch (err) {
      if (!stopping.aborted) options.logger.error({ err }, 'jobs: worker not started');
    }
  }
}
