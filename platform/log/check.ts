/** Checking the whole log against its last checkpoint: every leaf, every content, every tile. */
import type { KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import type { Database, Queryable } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { read } from '../database/transaction.ts';
import { type Checkpoint, verifyCheckpoint } from './checkpoint.ts';
import type { LeafEntry } from './entry.ts';
import { clockPutBack } from './event.ts';
import { appendLeaf, encodeFrontier, type Frontier, frontierRoot, type Tile } from './frontier.ts';
import { findHead, type HeadRow } from './head.ts';
import { leafHash } from './merkle.ts';
import { isIntact, storedColumns, type StoredEntry } from './stored.ts';

type LogCheck = {
  /** The last checkpoint, if it is signed by one of the keys. */
  checkpoint: Checkpoint | undefined;
  /** Entries that were read, up to the checkpoint's size. */
  entries: number;
  erased: number;
  /** What does not hold, in words; empty when everything does. The first hundred. */
  problems: string[];
};

const pageSize = 2_000;
const mostProblems = 100;

/**
 * Reads the log from its first entry to the last checkpoint and verifies all of it: hashes, commitments, order, clock,
 * tiles, root, signature. Memory stays the same whatever the size; time grows with it.
 */
export async function checkLog(db: Database, keys: readonly (JWK | KeyObject)[], log = 'main'): Promise<LogCheck> {
  const head = await findHead(db, log);
  const check: LogCheck = { checkpoint: undefined, entries: 0, erased: 0, problems: [] };
  const note = (problem: string): void => void (check.problems.length < mostProblems && check.problems.push(problem));
  if (head === undefined || head.size === 0) return check;
  check.checkpoint = verifyCheckpoint(head.checkpoint, keys);
  const frontier: Frontier = { size: 0, roots: [] };
  const walk: Walk = { log, frontier, last: { time: 0, epoch: 0 }, check, note };
  while (frontier.size < head.size) {
    const tiles: Tile[] = [];
    const rows = await read(db, { reading: 'audit' }, (tx) => readPage(tx, log, frontier.size, head.size));
    if (rows[0]?.position !== frontier.size) {
      note(`entry ${frontier.size} is missing`);
      return check;
    }
    for (const row of rows) if (!takeIn(walk, row, tiles)) return check;
    await compareTiles(db, log, tiles, note);
  }
  compareHead(head, walk);
  if (await hasStrays(db, log)) note('there are entries beyond the size of the head');
  return check;
}

type Walk = {
  log: string;
  frontier: Frontier;
  last: { time: number; epoch: number };
  check: LogCheck;
  note: (problem: string) => void;
};

type Page = StoredEntry & { beside: boolean; listed: boolean; erasureRecorded: boolean };

function readPage(tx: Queryable, log: string, from: number, to: number): Promise<Page[]> {
  return tx.query<Page>(sql`
    select ${storedColumns}, beside.position is not null as beside,
           not exists (
             select from unnest(beside.agencies) as code
             where (
               select leaf.position = any (reader.positions) from log_reader reader
               where reader.log = leaf.log and reader.agency = code and reader.first <= leaf.position
               order by reader.first desc limit 1) is not true) as listed,
           exists (
             select from log_content erasure
             where erasure.log = leaf.log and erasure.position = beside.erased_by and erasure.event = 'content-erased'
               and erasure.committed::jsonb #> '{content,positions}' @> to_jsonb(leaf.position)) as "erasureRecorded"
    from log_leaf leaf left join log_content beside using (log, position)
    where log = ${log} and position >= ${from} and position < ${to}
    order by position limit ${pageSize}`);
}

/** Adds one row to the tree; false when the walk cannot go on because a leaf is gone. */
function takeIn({ frontier, last, check, note }: Walk, row: Page, tiles: Tile[]): boolean {
  if (row.position !== frontier.size) {
    note(`entry ${frontier.size} is missing`);
    return false;
  }
  const leaf = parseLeaf(row.entry);
  if (leaf === undefined) note(`entry ${row.position} is not an entry`);
  else {
    if (!row.beside) note(`the content of entry ${row.position} is missing`);
    else if (!row.listed) note(`entry ${row.position} is hidden from an agency`);
    else if (row.erasedBy !== null && !row.erasureRecorded)
      note(`entry ${row.position} was erased without a record of it`);
    else if (!isIntact(row, leaf)) note(`entry ${row.position} or its content was changed`);
    const back = leaf.time < last.time && leaf.event !== clockPutBack;
    if (back || leaf.epoch < last.epoch) note(`the clock or epoch goes back at entry ${row.position}`);
    last.time = leaf.time;
    last.epoch = leaf.epoch;
  }
  if (row.erasedBy !== null) check.erased += 1;
  check.entries += 1;
  appendLeaf(frontier, leafHash(row.entry), (tile) => tiles.push(tile));
  return true;
}

function parseLeaf(entry: string): LeafEntry | undefined {
  try {
    return JSON.parse(entry) as LeafEntry;
  } catch {
    return undefined;
  }
}

async function compareTiles(db: Queryable, log: string, tiles: Tile[], note: Walk['note']): Promise<void> {
  if (tiles.length === 0) return;
  const stored = await db.query<{ hash: Buffer | null }>(sql`
    select tile.hash from unnest(${tiles.map((tile) => tile.level)}::integer[], ${tiles.map((tile) => tile.index)}::bigint[])
      with ordinality as wanted (level, index, number)
    left join log_tile tile on tile.log = ${log} and tile.level = wanted.level and tile.index = wanted.index
    order by number`);
  tiles.forEach(({ level, index, hash }, number) => {
    if (!stored[number]?.hash?.equals(hash)) note(`tile ${index} of level ${level} was changed`);
  });
}

function compareHead(head: HeadRow, { frontier, check, note }: Walk): void {
  const { checkpoint } = check;
  if (checkpoint === undefined) return note('the checkpoint is not signed by a key of this log');
  if (checkpoint.size !== head.size) note('the size of the head is not the signed one');
  if (!encodeFrontier(frontier).equals(head.frontier)) note('the frontier of the head was changed');
  if (!frontierRoot(frontier).equals(checkpoint.root)) note('the entries do not lead to the signed root');
  if (checkpoint.epoch !== head.epoch || checkpoint.time !== head.clock)
    note('the epoch or clock of the head was changed');
}

// One statement, one snapshot: entries that are being appended meanwhile are not strays.
async function hasStrays(db: Queryable, log: string): Promise<boolean> {
  const strays = await db.query(sql`
    select from log_head head join log_leaf leaf on leaf.log = head.log and leaf.position >= head.size
    where head.log = ${log} limit 1`);
  return strays.length > 0;
}
