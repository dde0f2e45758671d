/** Frees the jobs of workers that died: without this, a job that a killed process held would wait four hours. */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';

const prefix = 'wayleave-worker:';

/**
 * Keeps one connection that says that the worker pool `poolId` is alive; it ends with the process, however that ends.
 * Looks for the jobs of dead pools at once and every minute. Returns what ends it.
 */
export function keepPresence({ url, logger }: { url: string; logger: Logger }, poolId: string): () => Promise<void> {
  const left = new AbortController();
  const keep = async (): Promise<void> => {
    while (!left.signal.aborted) {
      await holdConnection(url, poolId, logger, left.signal);
      await pause(1_000, left.signal);
    }
  };
  const kept = keep();
  return async () => {
    left.abort();
    await kept;
  };
}

async function holdConnection(url: string, poolId: string, logger: Logger, left: AbortSignal): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
    keepAlive: true,
  });
  const lost = new Promise<boolean>((resolve) => {
    client.once('end', () => resolve(true)).on('error', () => resolve(true));
  });
  try {
    await client.connect();
    await client.query("select set_config('application_name', $1, false)", [`${prefix}${poolId}`]);
    do {
      const freed = await freeDeadPoolsJobs(client);
      if (freed.length > 0) logger.warn({ pools: freed.length }, 'jobs: freed what dead workers held');
    } while (!(await Promise.race([pause(60_000, left), lost])));
  } catch (err) {
    if (!left.aborted) logger.warn({ err }, 'jobs: presence lost');
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Unlocks what was locked over a minute ago by pools that no connection speaks for. A pool that is alive but lost its
 * connection says so again within seconds; should it take longer, a job runs twice, which every task must bear anyway.
 */
async function freeDeadPoolsJobs(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ locked_by: string }>(
    `select distinct locked_by from graphile_worker._private_jobs
     where locked_at < now() - interval '1 minute'
       and not exists (select from pg_stat_activity where application_name = $1 || locked_by)`,
    [prefix],
  );
  const dead = rows.map((row) => row.locked_by);
  if (dead.length > 0) await client.query('select graphile_worker.force_unlock_workers($1::text[])', [dead]);
  return dead;
}

/** Waits; true when it was cut short. */
function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return delay(milliseconds, false, { signal, ref: false }).catch(() => true);
}
