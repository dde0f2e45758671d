/** Proofs from the database: that an entry stands in the log, and that the log only ever grew. */
import type { Queryable } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { PlatformError } from '../errors.ts';
import { isUuid } from '../uuid.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { damaged } from './head.ts';
import { rootFromInclusion } from './merkle.ts';
import { consistencyRanges, inclusionRanges, rangeRoots, type Run } from './tree.ts';

/** Hashes are base64. With `leaf`, `position`, `size`, `path` and a checkpoint of that size anybody can check it offline. */
export type InclusionProof = {
  log: string;
  id: string;
  position: number;
  size: number;
  /** The canonical entry, whose RFC 9162 leaf hash is `leaf`. */
  entry: string;
  leaf: string;
  path: string[];
  root: string;
  /** The signed note over `size` and `root`; absent when an earlier size was asked for. */
  checkpoint?: string;
};

type ConsistencyProof = { log: string; oldSize: number; newSize: number; path: string[] };

/** The log's last checkpoint, a signed note, or undefined while the log is empty. */
export async function currentCheckpoint(db: Queryable, log = 'main'): Promise<string | undefined> {
  const [head] = await db.query<{ checkpoint: string }>(sql`select checkpoint from log_head where log = ${log}`);
  return head?.checkpoint === '' ? undefined : head?.checkpoint;
}

/**
 * Proves that an entry (its id or its position) stands in the log, under the last checkpoint or in the tree of `size`
 * leaves. Undefined if there is no such entry there; throws `log-damaged` when stored hashes do not lead to the checkpoint.
 */
export async function proveInclusion(
  db: Queryable,
  entry: string | number,
  size?: number,
  log = 'main',
): Promise<InclusionProof | undefined> {
  const leaf = await findLeaf(db, entry, log);
  const head = await findSignedHead(db, log);
  if (leaf === undefined || head === undefined) return undefined;
  const atSize = size ?? head.size;
  if (leaf.position >= atSize || atSize > head.size) return undefined;
  const path = await rangeRoots(inclusionRanges(leaf.position, atSize), (runs) => readRuns(db, log, runs));
  const root = rootFromInclusion(leaf.hash, leaf.position, atSize, path)!;
  const isCurrent = atSize === head.size;
  if (isCurrent && !root.equals(head.root))
    throw damaged(log, `entry ${leaf.position} does not lead to the checkpoint`);
  return {
    log,
    id: leaf.id,
    position: leaf.position,
    size: atSize,
    entry: leaf.entry,
    leaf: leaf.hash.toString('base64'),
    path: path.map((hash) => hash.toString('base64')),
    root: root.toString('base64'),
    ...(isCurrent && { checkpoint: head.note }),
  };
}

/** Proves that the tree of `newSize` leaves (the last checkpoint's if not given) begins with the tree of `oldSize`. */
export async function proveConsistency(
  db: Queryable,
  oldSize: number,
  newSize?: number,
  log = 'main',
): Promise<ConsistencyProof> {
  const size = (await findSignedHead(db, log))?.size ?? 0;
  const to = newSize ?? size;
  if (!(Number.isSafeInteger(oldSize) && oldSize >= 0 && oldSize <= to && to <= size)) {
    throw new PlatformError(
      'invalid',
      'invalid-log-size',
      `The log has ${size} entries: sizes must be whole, in order and no larger.`,
    );
  }
  const path = await rangeRoots(consistencyRanges(oldSize, to), (runs) => readRuns(db, log, runs));
  return { log, oldSize, newSize: to, path: path.map((hash) => hash.toString('base64')) };
}

async function findSignedHead(db: Queryable, log: string) {
  const note = await currentCheckpoint(db, log);
  if (note === undefined) return undefined;
  const checkpoint = parseCheckpoint(note);
  if (checkpoint === undefined) throw damaged(log, 'its checkpoint cannot be read');
  return { ...checkpoint, note };
}

type Leaf = { id: string; position: number; entry: string; hash: Buffer };

async function findLeaf(db: Queryable, entry: string | number, log: string): Promise<Leaf | undefined> {
  if (typeof entry === 'string' && !isUuid(entry)) return undefined;
  if (typeof entry === 'number' && !(Number.isSafeInteger(entry) && entry >= 0)) return undefined;
  const which = typeof entry === 'string' ? sql`id = ${entry}` : sql`position = ${entry}`;
  const [leaf] = await db.query<Leaf>(sql`
    select id, position, entry, hash from log_leaf where log = ${log} and ${which}`);
  return leaf;
}

/** Reads runs of leaves and tiles, in their order; a hash that is missing means that the log was damaged. */
async function readRuns(db: Queryable, log: string, runs: readonly Run[]): Promise<Buffer[][]> {
  const rows = await db.query<{ run: number; hash: Buffer }>(sql`
    with run as (
      select number, level, first, first + count - 1 as last
      from json_to_recordset(${JSON.stringify(runs.map((run, number) => ({ number, ...run })))}::json)
        as run (number integer, level integer, first bigint, count bigint))
    select number as run, position as at, hash from run
    join log_leaf on level = 0 and log = ${log} and position between first and last
    union all
    select number, index, hash from run
    join log_tile tile on run.level > 0 and tile.level = run.level and tile.log = ${log} and index between first and last
    order by run, at`);
  const hashes = runs.map((): Buffer[] => []);
  for (const { run, hash } of rows) hashes[run]!.push(hash);
  const short = runs.find((run, number) => hashes[number]!.length !== run.count);
  if (short !== undefined) throw damaged(log, `hashes are missing at level ${short.level} from ${short.first}`);
  return hashes;
}
