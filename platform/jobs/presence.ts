/** Frees the jobs of workers that died: without this, a job that a killed process held would wait four hours. */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';

const prefix = 'wayleave-worker:';

/** Where one database has ended, the workers of all processes come back to it within so many milliseconds. */
const comeBackMs = 5_000;

/**
 * Keeps one connection that says that the worker pool `poolId` is alive; it ends with the process, however that ends.
 * Looks for the jobs of dead pools at once and every minute. Returns what ends it.
 */
export function keepPresence({ url, logger }: { url: string; logger: Logger }, poolId: string): () => Promise<void> {
  const left = new AbortController();
  let lost = false;
  const keep = async (): Promise<void> => {
    while (!left.signal.aborted) {
      try {
        await holdConnection(url, poolId, logger, left.signal, lost ? comeBackMs : 0);
      } catch (err) {
        if (!lost && !left.signal.aborted) logger.warn({ err }, 'jobs: presence lost');
      }
      lost = true;
      await pause(1_000, left.signal);
    }
  };
  const kept = keep();
  return async () => {
    left.abort();
    await kept;
  };
}

/** Returns or throws when the connection ends. Looks for the dead only after `grace` milliseconds. */
async function holdConnection(
  url: string,
  poolId: string,
  logger: Logger,
  left: AbortSignal,
  grace: number,
): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
    keepAlive: true,
  });
  const lost = new Promise<boolean>((resolve) => {
    client.once('end', () => resolve(true)).on('error', () => resolve(true));
  });
  const over = (milliseconds: number): Promise<boolean> => Promise.race([pause(milliseconds, left), lost]);
  try {
    await client.connect();
    await client.query("select set_config('application_name', $1, false)", [`${prefix}${poolId}`]);
    let ended = await over(grace);
    while (!ended) {
      const freed = await freeDeadPoolsJobs(client);
      if (freed.length > 0) logger.warn({ pools: freed.length }, 'jobs: freed what dead workers held');
      ended = await over(60_000);
    }
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
