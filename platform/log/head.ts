/** The head row: locking it, and believing it only after it has been verified. */
import type { KeyObject } from 'node:crypto';
import type { Queryable } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { PlatformError } from '../errors.ts';
import { type Checkpoint, verifyCheckpoint } from './checkpoint.ts';
import { decodeFrontier, type Frontier, frontierRoot } from './frontier.ts';

/** The row as it stands. `now` is the database's clock, read after the lock was held and no earlier than its `now()`. */
export type HeadRow = {
  size: number;
  frontier: Buffer;
  checkpoint: string;
  epoch: number;
  clock: number;
  now: number;
};

/** A head that verified: what the next entries are appended to. */
export type Head = { frontier: Frontier; epoch: number; clock: number };

// A writer that freezes while it holds the lock would stop every other one: PostgreSQL ends it after this many milliseconds.
const patience = '5000';

/**
 * Locks the head until the transaction ends. The clock is read outside the locking query, so that waiting counts; a
 * transaction that began at a later time than that has been written by it.
 */
export async function lockHead(tx: Queryable, log: string): Promise<HeadRow> {
  const [row] = await tx.query<HeadRow>(sql`
    with head as materialized (
      select size, frontier, checkpoint, epoch, clock from log_head where log = ${log} for update)
    select size, frontier, checkpoint, epoch, clock,
           extract(epoch from greatest(clock_timestamp(), now()))::float8 as now,
           set_config('idle_in_transaction_session_timeout', ${patience}, true)
    from head`);
  if (row === undefined) throw damaged(log, 'it has no head row');
  return row;
}

/** Reads the head without locking it. */
export async function findHead(db: Queryable, log: string): Promise<HeadRow | undefined> {
  const [row] = await db.query<HeadRow>(sql`
    select size, frontier, checkpoint, epoch, clock, extract(epoch from clock_timestamp())::float8 as now
    from log_head where log = ${log}`);
  return row;
}

/**
 * Says what is wrong with a head row, or gives back the head. `seen` is the last one that this process itself verified or
 * wrote: a log that is shorter than it was, or that differs at the same size, was put back or rewritten.
 */
export function openHead(
  row: HeadRow,
  origin: string,
  keys: readonly KeyObject[],
  seen: Checkpoint | undefined,
): { head: Head; checkpoint: Checkpoint | undefined } | { problem: string } {
  const frontier = decodeFrontier(row.size, row.frontier);
  if (frontier === undefined) return { problem: 'its frontier does not fit its size' };
  if (row.size === 0) {
    if (seen !== undefined || row.checkpoint !== '' || row.epoch !== 0) return { problem: 'it was emptied' };
    return { head: { frontier, epoch: 0, clock: row.clock }, checkpoint: undefined };
  }
  const checkpoint = verifyCheckpoint(row.checkpoint, keys);
  if (checkpoint === undefined) return { problem: 'its checkpoint is not signed by a key of this service' };
  const problem = compare(row, frontier, checkpoint, origin) ?? compareSeen(checkpoint, seen);
  return problem === undefined ? { head: { frontier, epoch: row.epoch, clock: row.clock }, checkpoint } : { problem };
}

function compare(row: HeadRow, frontier: Frontier, checkpoint: Checkpoint, origin: string): string | undefined {
  if (checkpoint.origin !== origin) return `its checkpoint belongs to another log (${checkpoint.origin})`;
  if (checkpoint.size !== row.size) return 'its size is not the signed one';
  if (!checkpoint.root.equals(frontierRoot(frontier))) return 'its frontier does not lead to the signed root';
  if (checkpoint.epoch !== row.epoch) return 'its epoch is not the signed one';
  if (checkpoint.time !== row.clock) return 'its clock is not the signed one';
  return undefined;
}

function compareSeen(checkpoint: Checkpoint, seen: Checkpoint | undefined): string | undefined {
  if (seen === undefined) return undefined;
  // The clock of a log that has grown may have been put back, which an entry says (`checkLog` looks for it).
  const earlier = checkpoint.size === seen.size && checkpoint.time < seen.time;
  const back = checkpoint.size < seen.size || checkpoint.epoch < seen.epoch || earlier;
  if (back) return `it went back: ${checkpoint.size} entries, where this process has seen ${seen.size}`;
  const rewritten = checkpoint.size === seen.size && !checkpoint.root.equals(seen.root);
  return rewritten ? `it was rewritten: another root at size ${seen.size}` : undefined;
}

/** The failure of a log that does not verify: nothing is written to it, so nothing that must be recorded is answered. */
export function damaged(log: string, problem: string): PlatformError {
  return new PlatformError(
    'unavailable',
    'log-damaged',
    `The log "${log}" does not verify: ${problem}. Nothing is recorded until an operator has put it right.`,
  );
}
