/** Hearing at once that another process changed something: LISTEN on a direct connection, and a look every second. */
import pg from 'pg';
import type { Fence } from './fence.ts';
import type { Logger } from './logger.ts';

const pollMs = 1_000;
const reconnectMs = 1_000;

/** Keeps the fence near the head until it is stopped. Correctness never rests on this: the guard on each record does. */
export function followFeed(fence: Fence, listenUrl: string, logger: Logger): { stop(): Promise<void> } {
  let stopped = false;
  let client: pg.Client | undefined;
  let reconnect: NodeJS.Timeout | undefined;
  let reachable = true;

  const catchUp = (): void => {
    fence.catchUp().then(
      () => (reachable = true),
      (error: Error) => {
        if (reachable) logger.warn({ err: error }, 'The change feed cannot be read; trying again each second');
        reachable = false;
      },
    );
  };

  const listen = (): void => {
    const mine = new pg.Client({ connectionString: listenUrl, application_name: 'wayleave-feed', keepAlive: true });
    client = mine;
    const again = (): void => {
      if (stopped || client !== mine) return;
      client = undefined;
      mine.end().catch(() => undefined);
      reconnect = setTimeout(listen, reconnectMs).unref();
    };
    mine.on('error', again);
    mine.on('end', again);
    mine.on('notification', catchUp);
    mine
      .connect()
      .then(() => {
        (mine as pg.Client & { unref(): void }).unref();
        return mine.query('listen wayleave_feed');
      })
      .then(catchUp, again);
  };

  listen();
  const poll = setInterval(catchUp, pollMs).unref();
  return {
    stop: async () => {
      stopped = true;
      clearInterval(poll);
      clearTimeout(reconnect);
      await client?.end().catch(() => undefined);
    },
  };
}
