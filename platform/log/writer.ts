/** Appending under the head's lock: the one way into the log, for group commit and for changes alike. */
import type { Queryable } from '../database/database.ts';
import type { KeyRing } from '../keys/ring.ts';
import type { SigningKey } from '../keys/signing_key.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Prepared, prepareEvent } from './entry.ts';
import type { Affected, Recorded } from './event.ts';
import type { FollowedClock } from './follow_clock.ts';
import { decodeFrontier } from './frontier.ts';
import { damaged, type Head, type HeadRow, lockHead, openHead } from './head.ts';
import type { Logger } from './logger.ts';
import { writeBatch, type Written } from './write.ts';

type WriterOptions = {
  log: string;
  origin: string;
  keys: KeyRing;
  registerHead: () => string | undefined;
  followed: FollowedClock;
  logger: Logger;
};

/** The head, locked and verified, with the log's clock and the key to sign with. */
export type LockedHead = Head & { time: number; key: SigningKey };

export type Writer = {
  readonly log: string;
  /**
   * Locks the head until the transaction ends and verifies it, or throws `log-damaged` and raises the alarm. Throws
   * `clock-not-believed` and `log-ahead` where the time is in doubt. `putBack`: at the database's time, though the log is ahead.
   */
  lock(tx: Queryable, options?: { putBack: boolean }): Promise<LockedHead>;
  /** Appends under the lock. The statement is sent at once, so a commit may be sent right behind it. */
  write(tx: Queryable, head: LockedHead, events: readonly Prepared[], affected: readonly Affected[]): Promise<Written>;
  /** Told of a write that is certain to have been committed. */
  remember(written: Written): void;
};

/** Makes the writer of one log in this process. It remembers the last head it saw, so that a head put back is noticed. */
export function openWriter(options: WriterOptions): Writer {
  const { log, origin, keys, followed } = options;
  let own: Written['row'] | undefined;
  let seen: Checkpoint | undefined;

  const verify = async (row: HeadRow, tx: Queryable): Promise<Head> => {
    // What this process itself wrote last needs no second look.
    if (own !== undefined && isSame(own, row)) {
      return { frontier: decodeFrontier(row.size, row.frontier)!, epoch: row.epoch, clock: row.clock };
    }
    const opened = await openWithKeys(row, tx, options, seen);
    if ('problem' in opened) {
      options.logger.error(
        { alarm: 'log-damaged', log, problem: opened.problem },
        'The head of the log does not verify',
      );
      throw damaged(log, opened.problem);
    }
    seen = opened.checkpoint;
    return opened.head;
  };

  return {
    log,
    lock: async (tx, { putBack } = { putBack: false }) => {
      const sent = followed.steady();
      const row = await lockHead(tx, log);
      const head = await verify(row, tx);
      const problem = followed.take({ database: row.now, log: row.clock, sent });
      if (problem !== undefined && !(putBack && problem.code === 'log-ahead')) throw problem;
      const time = putBack ? row.now : Math.max(row.clock, row.now);
      return { ...head, time, key: await keys.current('log') };
    },
    write: async (tx, head, events, affected) => {
      const first = head.frontier.size === 0 ? [opening(origin, head.time)] : [];
      followed.recording(head.time);
      const written = await writeBatch(tx, {
        log,
        origin,
        head,
        time: head.time,
        events: [...first, ...events],
        affected,
        epoch: affected.length > 0 ? head.frontier.size + first.length : head.epoch,
        register: oneWord(options.registerHead()),
        key: head.key,
      });
      return { ...written, recorded: written.recorded.slice(first.length) satisfies Recorded[] };
    },
    remember: (written) => {
      if (seen !== undefined && seen.size > written.checkpoint.size) return;
      own = written.row;
      seen = written.checkpoint;
    },
  };
}

// The register's head stands in a line of the checkpoint: with a space in it, the next writer could not read that line.
function oneWord(registerHead: string | undefined): string | undefined {
  if (registerHead !== undefined && !/^[\w:./+=-]+$/.test(registerHead))
    throw new Error('the register head is not one word');
  return registerHead;
}

// Another process may have rotated the log's key since this one last looked.
async function openWithKeys(
  row: HeadRow,
  tx: Queryable,
  { keys, origin }: WriterOptions,
  seen: Checkpoint | undefined,
) {
  const open = async () =>
    openHead(
      row,
      origin,
      (await keys.list('log')).map((key) => key.publicKey),
      seen,
    );
  const opened = await open();
  if (!('problem' in opened)) return opened;
  await keys.reload(tx);
  return open();
}

// The first entry says whose log this is, and keeps position 0 from being the epoch of a change.
function opening(origin: string, now: number): Prepared {
  return prepareEvent({ event: 'log.opened', actor: { service: 'log' }, agencies: [], content: { origin } }, now);
}

function isSame(own: Written['row'], row: HeadRow): boolean {
  return (
    own.checkpoint === row.checkpoint &&
    own.size === row.size &&
    own.epoch === row.epoch &&
    own.clock === row.clock &&
    own.frontier.equals(row.frontier)
  );
}
