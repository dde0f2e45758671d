/** The fence of revocation in this process: the epoch it has caught up with, and caches that drop what the feed names. */
import type { Database } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { type Cache, type CacheOptions, openCache } from './cache.ts';
import type { Affected, Topic } from './event.ts';
import type { FollowedClock } from './follow_clock.ts';
import type { Logger } from './logger.ts';

export type Fence = {
  /** The epoch up to which every change has been taken in. Read it before the facts of a decision. */
  epoch(): number;
  /** Takes in what has changed; returns when the epoch is at least `atLeast`, or, without it, what it was when asked. */
  catchUp(atLeast?: number): Promise<void>;
  /** A cache of facts by key, bounded, loaded once for many askers; entries drop with the feed. */
  cache<V>(topic: Topic, load: (key: string) => Promise<V>, options?: CacheOptions): Pick<Cache<V>, 'get'>;
  /**
   * Calls back for each key that changed. The epoch waits for what the listener promises, and a rejection is tried again;
   * so it must not promise a `change()`, which itself waits for the epoch.
   */
  onChange(topic: Topic, listener: (key: string) => void | Promise<void>): void;
};

type Listener = { topic: Topic; listener: (key: string) => void | Promise<void> };

/** Opens the fence at the log's present epoch. Somebody must call `catchUp()` when there is news: see `followFeed`. */
export async function openFence(db: Database, log: string, followed: FollowedClock, logger: Logger): Promise<Fence> {
  const caches: { topic: Topic; cache: Cache<unknown> }[] = [];
  const listeners: Listener[] = [];
  let epoch = (await readFeed(db, log, Number.MAX_SAFE_INTEGER, followed)).epoch;
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  const takeIn = async (): Promise<void> => {
    const feed = await readFeed(db, log, epoch, followed);
    if (feed.epoch === epoch) return;
    if (feed.epoch < epoch) logger.error({ alarm: 'log-went-back', log }, 'The epoch of the log went back');
    const topics = new Set([...caches, ...listeners].map(({ topic }) => topic));
    // Where the feed no longer holds the change that this process stands at, those after it may be forgotten too.
    const whole = feed.epoch > epoch && feed.reaches;
    const affected = whole ? feed.affected : [...topics].map((topic) => ({ topic, key: '*' }));
    for (const { topic, key } of affected) {
      for (const one of caches) if (one.topic === topic) one.cache.drop(key);
    }
    for (const { topic, key } of affected) {
      for (const one of listeners) if (one.topic === topic) await one.listener(key);
    }
    epoch = feed.epoch;
  };

  // A reading that has begun may have missed what the asker knows of; one that waits to begin has not.
  const readAfresh = (): Promise<void> => {
    if (running === undefined) {
      running = takeIn().finally(() => (running = undefined));
      return running;
    }
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return readAfresh();
      });
    return next;
  };

  return {
    epoch: () => epoch,
    catchUp: async (atLeast) => {
      if (atLeast !== undefined && epoch >= atLeast) return;
      await readAfresh();
    },
    cache: (topic, load, options) => {
      const cache = openCache(load, options);
      caches.push({ topic, cache });
      return cache;
    },
    onChange: (topic, listener) => void listeners.push({ topic, listener }),
  };
}

type Line = { epoch: number; clock: number; now: number; reaches: boolean; topic: Topic | null; key: string };

/**
 * The head's epoch and the feed since `after`, in one snapshot: never one without the other. With them comes the database's
 * clock, so that who has heard of a change is never at a time before it. `reaches`: the feed goes back as far as `after`.
 */
async function readFeed(
  db: Database,
  log: string,
  after: number,
  followed: FollowedClock,
): Promise<{ epoch: number; reaches: boolean; affected: Affected[] }> {
  const sent = followed.steady();
  const rows = await db.query<Line>(sql`
    with head as materialized (
      select log, epoch, clock, extract(epoch from clock_timestamp())::float8 as now from log_head where log = ${log})
    select distinct head.epoch, head.clock, head.now, feed.topic, feed.key,
      ${after}::bigint = 0 or exists (select from change_feed own where own.log = head.log and own.position = ${after}) as reaches
    from head left join change_feed feed on feed.log = head.log and feed.position > ${after}`);
  const [head] = rows;
  if (head !== undefined) followed.take({ database: head.now, log: head.clock, sent });
  const affected = rows.filter((row) => row.topic !== null).map(({ topic, key }) => ({ topic: topic!, key }));
  return { epoch: head?.epoch ?? 0, reaches: head?.reaches ?? false, affected };
}
