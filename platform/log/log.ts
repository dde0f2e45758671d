/** The log: one append-only record of decisions, sign-ins, look-ups and changes, whose order is the fence of revocation. */
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { KeyRing } from '../keys/ring.ts';
import { ownConnection } from './connection.ts';
import { prepareEvent } from './entry.ts';
import type { Appended, Guard, LogEvent } from './event.ts';
import { type Fence, openFence } from './fence.ts';
import { followClock, type FollowedClock } from './follow_clock.ts';
import { openGroup } from './group.ts';
import { followFeed } from './listen.ts';
import type { Logger } from './logger.ts';
import { openProbe } from './probe.ts';
import { openWriter, type Writer } from './writer.ts';

export type { LogEvent } from './event.ts';
export type { Fence } from './fence.ts';

export type Log = {
  readonly name: string;
  readonly db: Database;
  readonly fence: Fence;
  /**
   * Records one event durably, together with whatever else is waiting. With a guard it is recorded only if nothing was
   * revoked since the guard's epoch and its time has not run out. Throws `database-unavailable` when the outcome is not
   * known, `already-recorded` for an id that is in the log, `log-damaged` when the log does not verify.
   */
  append(event: LogEvent, guard?: Guard): Promise<Appended>;
  /** Returns where a decision could be recorded at this moment, and throws what `append` would throw; cheap to ask often. */
  probe(): Promise<void>;
  close(): Promise<void>;
  /** For `change()` and erasure only. */
  readonly writer: Writer;
  /** The database's, as this process follows it. */
  readonly clock: Clock;
  readonly followed: FollowedClock;
};

export type LogOptions = {
  db: Database;
  /** A direct address, not through a pooler: for LISTEN and for the writer's own connection. */
  listenUrl: string;
  keys: KeyRing;
  /** `<federation>/log/main`: names the log in its checkpoints; no spaces, no plus sign. */
  origin: string;
  /** Head of the signed register as this process knows it, carried by every entry and checkpoint; no spaces. */
  registerHead: () => string | undefined;
  /** For tests: another time to go by. */
  clock?: Clock | undefined;
  followed?: FollowedClock;
  logger: Logger;
  name?: string;
};

/** Opens the log for this process: makes its signing key if there is none, and starts following the change feed. */
export async function openLog(options: LogOptions): Promise<Log> {
  const { db, listenUrl, keys, origin, registerHead, logger, name = 'main' } = options;
  const { followed = followClock(logger), clock = followed.now } = options;
  await keys.ensure('log', ['EdDSA']);
  const writer = openWriter({ log: name, origin, keys, registerHead, followed, logger });
  const fence = await openFence(db, name, followed, logger);
  const follower = followFeed(fence, listenUrl, logger);
  const connection = ownConnection(listenUrl, (error) => logger.warn({ err: error }, 'The log lost its connection'));
  const probe = openProbe(writer, connection, fence);
  const group = openGroup(writer, connection, (epoch) => {
    fence.catchUp(epoch).catch(() => undefined);
  });
  return {
    name,
    db,
    fence,
    writer,
    clock,
    followed,
    append: async (event, guard) => {
      try {
        const appended = await group.append(prepareEvent(event, clock()), guard);
        if (guard !== undefined && appended.outcome === 'recorded') probe.recorded();
        return appended;
      } catch (error) {
        probe.failed();
        throw error;
      }
    },
    probe: probe.ask,
    close: async () => {
      await group.close();
      await follower.stop();
      await connection.close();
    },
  };
}
