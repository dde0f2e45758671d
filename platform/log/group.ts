/** Group commit: while one batch commits, the next gathers; no timers. */
import type pg from 'pg';
import type { Queryable } from '../database/database.ts';
import { explainOutage, isOutage, unavailable } from '../database/outage.ts';
import { sql } from '../database/sql.ts';
import { commit } from '../database/transaction.ts';
import { PlatformError } from '../errors.ts';
import type { OwnConnection } from './connection.ts';
import type { Prepared } from './entry.ts';
import type { Appended, Guard } from './event.ts';
import { damaged } from './head.ts';
import type { LockedHead, Writer } from './writer.ts';

type Group = {
  append(event: Prepared, guard?: Guard): Promise<Appended>;
  /** Refuses new events, and returns when those that wait are answered. */
  close(): Promise<void>;
};

type Waiting = {
  event: Prepared;
  guard: Guard | undefined;
  resolve: (appended: Appended) => void;
  reject: (error: unknown) => void;
};

// A bound on the work done under the lock, and on what may wait for it before callers are told to come back.
const largestBatch = 1_000;
const longestQueue = 50_000;

/** Starts a group that writes over `connection`. `onEpoch` hears the epoch of every head that it reads. */
export function openGroup(writer: Writer, connection: OwnConnection, onEpoch: (epoch: number) => void): Group {
  const queue: Waiting[] = [];
  const halves: Waiting[][] = [];
  let draining: Promise<void> | undefined;
  let closed = false;

  const take = (): Waiting[] => halves.shift() ?? queue.splice(0, largestBatch);

  const drain = async (): Promise<void> => {
    while (queue.length > 0 || halves.length > 0) await commitNext();
    draining = undefined;
  };

  const commitNext = async (): Promise<void> => {
    let batch: Waiting[] | undefined;
    try {
      await connection.use(async (client, on) => {
        const [, head] = await Promise.all([client.query('begin'), writer.lock(on)]);
        batch = take();
        const epoch = await recordBatch(writer, client, on, head, batch);
        onEpoch(epoch);
      });
    } catch (error) {
      fail(batch ?? take(), error);
    }
  };

  // One event that PostgreSQL refuses must not take the others with it: halve until it stands alone.
  const fail = (batch: Waiting[], error: unknown): void => {
    const isRefusal = /^2[23]/.test((error as { code?: string }).code ?? '');
    if (isRefusal && batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      halves.unshift(batch.slice(0, middle), batch.slice(middle));
      return;
    }
    const failure = explainFailure(error, writer.log);
    for (const waiting of batch) waiting.reject(failure);
  };

  return {
    append: (event, guard) =>
      new Promise((resolve, reject) => {
        if (closed || queue.length >= longestQueue) return reject(unavailable(new Error('the log takes no more')));
        queue.push({ event, guard, resolve, reject });
        draining ??= drain();
      }),
    close: async () => {
      closed = true;
      await draining;
    },
  };
}

/** Writes what the fence lets through, commits, and answers everybody. Returns the head's epoch. */
async function recordBatch(
  writer: Writer,
  client: pg.PoolClient,
  on: Queryable,
  head: LockedHead,
  batch: readonly Waiting[],
): Promise<number> {
  const outcomes = batch.map(({ guard }) => judge(guard, head));
  const accepted = batch.filter((_, index) => outcomes[index] === undefined);
  if (accepted.length === 0) {
    await on.query(sql`rollback`);
    batch.forEach((waiting, index) => waiting.resolve(outcomes[index]!));
    return head.epoch;
  }
  const events = accepted.map(({ event }) => event);
  const [write, end] = await Promise.allSettled([writer.write(on, head, events, []), commit(client)]);
  if (write.status === 'rejected') throw write.reason;
  if (end.status === 'rejected') throw end.reason;
  writer.remember(write.value);
  const recorded = write.value.recorded.values();
  batch.forEach((waiting, index) => waiting.resolve(outcomes[index] ?? recorded.next().value!));
  return head.epoch;
}

/** The fence: undefined lets the event through. */
function judge(guard: Guard | undefined, head: LockedHead): Appended | undefined {
  if (guard === undefined) return undefined;
  if (guard.epoch !== head.epoch) return { outcome: 'stale', epoch: head.epoch };
  return guard.validUntil <= head.time ? { outcome: 'expired' } : undefined;
}

/** Turns what PostgreSQL said into a failure of the house; an outage is `database-unavailable`. */
export function explainFailure(thrown: unknown, log: string): Error {
  const failure = asError(thrown);
  if (isOutage(failure)) return explainOutage(failure) as Error;
  if (failure.code !== '23505') return failure;
  return failure.constraint === 'log_leaf_id'
    ? new PlatformError('conflict', 'already-recorded', 'An entry with this id is in the log already.')
    : damaged(log, 'there are entries beyond its signed size');
}

// A socket's error may come from another realm than ours, where `instanceof` does not know it.
function asError(thrown: unknown): Error & { code?: string; constraint?: string } {
  if (thrown instanceof Error) return thrown;
  const { message, code } = thrown as { message?: string; code?: string };
  return Object.assign(new Error(message ?? String(thrown)), code !== undefined && { code });
}
