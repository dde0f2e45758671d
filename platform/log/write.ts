/** Writing a batch: leaves, content, tiles, feed and the new head, in one statement under the head's lock. */
import type { Queryable } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import type { SigningKey } from '../keys/signing-key.ts';
import { type Checkpoint, signCheckpoint } from './checkpoint.ts';
import { leafText, type Prepared } from './entry.ts';
import type { Affected, Recorded } from './event.ts';
import { appendLeaf, encodeFrontier, frontierRoot, type Tile } from './frontier.ts';
import { damaged, type Head } from './head.ts';
import { leafHash } from './merkle.ts';

export type Batch = {
  log: string;
  origin: string;
  head: Head;
  /** The log's clock for this batch: never earlier than the head's. */
  time: number;
  events: readonly Prepared[];
  /** What these events took away or gave; anything raises the epoch to the position of the batch's first event. */
  affected: readonly Affected[];
  register: string | undefined;
  key: SigningKey;
};

export type Written = {
  recorded: Recorded[];
  /** Exactly the columns of the head row after this batch. */
  row: { size: number; frontier: Buffer; checkpoint: string; epoch: number; clock: number };
  checkpoint: Checkpoint;
};

/** Writes the batch inside a transaction that holds the head's lock. Nothing counts until that transaction has committed. */
export async function writeBatch(tx: Queryable, batch: Batch): Promise<Written> {
  const { log, head } = batch;
  const size = head.frontier.size;
  const epoch = batch.affected.length > 0 ? size : head.epoch;
  const { rows, tiles, recorded, frontier } = grow(batch, epoch);
  const checkpoint = checkpointOf(batch, frontierRoot(frontier), frontier.size, epoch);
  const row = {
    size: frontier.size,
    frontier: encodeFrontier(frontier),
    checkpoint: signCheckpoint(checkpoint, batch.key),
    epoch,
    clock: batch.time,
  };
  const [written] = await tx.query<{ heads: number }>(sql`
    with batch as materialized (
      select * from json_to_recordset(${`[${rows.join(',')}]`}::json) as entry (
        position bigint, id uuid, entry text, hash text, salt text, event text, agencies text[],
        actor jsonb, subject text, content jsonb)),
    leaves as (
      insert into log_leaf (log, position, id, entry, hash)
      select ${log}, position, id, entry, decode(hash, 'base64') from batch),
    contents as (
      insert into log_content (log, position, event, time, agencies, salt, actor, subject, content)
      select ${log}, position, event, ${batch.time}::float8, agencies, decode(salt, 'base64'), actor, subject, content
      from batch),
    tiles as (
      insert into log_tile (log, level, index, hash)
      select ${log}, level, index, decode(hash, 'base64')
      from json_to_recordset(${tilesText(tiles)}::json) as tile (level integer, index bigint, hash text)),
    feed as (
      insert into change_feed (log, position, topic, key)
      select distinct ${log}, ${epoch}::bigint, topic, key
      from json_to_recordset(${JSON.stringify(batch.affected)}::json) as affected (topic text, key text)),
    head as (
      update log_head
      set size = ${row.size}, frontier = ${row.frontier}, checkpoint = ${row.checkpoint}, epoch = ${epoch},
          clock = ${row.clock}
      where log = ${log} and size = ${size}
      returning log)
    select count(*)::int as heads,
           case when ${batch.affected.length > 0} then pg_notify('wayleave_feed', ${log}) end
    from head`);
  if (written?.heads !== 1) throw damaged(log, 'its head changed while it was locked');
  return { recorded, row, checkpoint };
}

function grow({ log, head, time, events, register }: Batch, epoch: number) {
  const frontier = { size: head.frontier.size, roots: [...head.frontier.roots] };
  const tiles: Tile[] = [];
  const recorded: Recorded[] = [];
  const rows = events.map((event) => {
    const position = frontier.size;
    const entry = leafText(event, { log, position, time, epoch, register: register ?? null });
    const hash = leafHash(entry);
    appendLeaf(frontier, hash, (tile) => tiles.push(tile));
    recorded.push({ outcome: 'recorded', id: event.id, position, time });
    return `{"position":${position},"entry":${entry},"hash":"${hash.toString('base64')}",${event.row}}`;
  });
  return { rows, tiles, recorded, frontier };
}

function checkpointOf(batch: Batch, root: Buffer, size: number, epoch: number): Checkpoint {
  return { origin: batch.origin, size, root, epoch, register: batch.register, time: batch.time };
}

function tilesText(tiles: readonly Tile[]): string {
  return JSON.stringify(tiles.map(({ level, index, hash }) => ({ level, index, hash: hash.toString('base64') })));
}
