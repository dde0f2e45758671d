/** The connections of the job queue: they outlast the database, so that how a job ended is written down once it is back. */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';

type PoolOptions = { url: string; concurrency: number; logger: Logger };

/** Opens a pool for so many workers, and for what listens and plans beside them. */
export function openPool({ url, concurrency, logger }: PoolOptions): pg.Pool {
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

type Callback = (error: Error | undefined, client?: pg.PoolClient, release?: () => void) => void;

/**
 * From here on whoever asks `pool` for a connection gets one as soon as the database has one to give, and waits till then;
 * once `stopping`, an attempt that fails is the last. graphile-worker asks by promise and by callback, both through here.
 */
export function outlast(pool: pg.Pool, logger: Logger, stopping: AbortSignal): void {
  const attempt = pool.connect.bind(pool) as () => Promise<pg.PoolClient>;
  let away = false;
  const connect = async (): Promise<pg.PoolClient> => {
    for (;;) {
      try {
        const client = await attempt();
        if (away) logger.warn('jobs: the database is back');
        away = false;
        return client;
      } catch (err) {
        if (stopping.aborted) throw err;
        if (!away) logger.warn({ err }, 'jobs: the database is away; jobs wait for it');
        away = true;
        await delay(250, undefined, { signal: stopping, ref: false }).catch(() => undefined);
      }
    }
  };
  const answer = async (callback: Callback): Promise<void> => {
    let client: pg.PoolClient;
    try {
      client = await connect();
    } catch (error) {
      return callback(error as Error);
    }
    callback(
      undefined,
      client,
      once(() => client.release()),
    );
  };
  pool.connect = ((callback?: Callback) =>
    callback === undefined ? connect() : void answer(callback)) as pg.Pool['connect'];
}

// A listener that stops while its LISTEN fails gives its connection back twice, of which pg makes an error that nobody hears.
function once(release: () => void): () => void {
  let released = false;
  return () => {
    if (!released) release();
    released = true;
  };
}
