/** Writing a batch: leaves, content, tiles, feed and the new head, in one statement under the head's lock. */
import { byteaArray, textArray } from '../database/binary_array.ts';
import type { Queryable } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import type { SigningKey } from '../keys/signing_key.ts';
import { type Checkpoint, signCheckpoint } from './checkpoint.ts';
import { leafText, type Prepared } from './entry.ts';
import type { Affected, Recorded } from './event.ts';
import { appendLeaf, encodeFrontier, frontierRoot, type Tile } from './frontier.ts';
import type { Head } from './head.ts';
import { leafHash } from './merkle.ts';

type Batch = {
  log: string;
  origin: string;
  head: Head;
  /** The log's clock for this batch: never earlier than the head's. */
  time: number;
  events: readonly Prepared[];
  /** What these events took away or gave. */
  affected: readonly Affected[];
  /** The head's epoch, or the position of the first event that affects something. */
  epoch: number;
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
  const { log, head, epoch, events } = batch;
  const size = head.frontier.size;
  const { leaves, tiles, recorded, frontier } = grow(batch);
  const readers = readersOf(events, size);
  const checkpoint = checkpointOf(batch, frontierRoot(frontier), frontier.size);
  const row = {
    size: frontier.size,
    frontier: encodeFrontier(frontier),
    checkpoint: signCheckpoint(checkpoint, batch.key),
    epoch,
    clock: batch.time,
  };
  await tx.query(sql`
    with leaves as (
      insert into log_leaf (log, position, id, entry, hash)
      select ${log}, ${size}::bigint + number - 1, id::uuid, entry, hash
      from unnest(${textArray(events.map(({ id }) => id))}::text[], ${textArray(leaves.entries)}::text[],
        ${byteaArray(leaves.hashes)}::bytea[]) with ordinality as leaf (id, entry, hash, number)),
    contents as (
      insert into log_content (log, position, event, time, agencies, practitioner, subject, salt, committed, parts,
                               sealed)
      select ${log}, ${size}::bigint + number - 1, event, ${batch.time}::float8, agencies::text[], practitioner, subject, salt,
             committed, parts, sealed
      from unnest(${textArray(events.map(({ event }) => event))}::text[],
        ${textArray(events.map(({ agencies }) => arrayText(agencies)))}::text[],
        ${textArray(events.map(({ practitioner }) => practitioner))}::text[],
        ${textArray(events.map(({ subject }) => subject))}::text[],
        ${byteaArray(events.map(({ salt }) => salt))}::bytea[],
        ${textArray(events.map(({ committed }) => committed))}::text[], ${byteaArray(events.map(({ parts }) => parts))}::bytea[],
        ${byteaArray(events.map(({ sealed }) => sealed))}::bytea[])
        with ordinality as content (event, agencies, practitioner, subject, salt, committed, parts, sealed, number)),
    readers as (
      insert into log_reader (log, agency, first, positions)
      select ${log}, agency, (positions::bigint[])[1], positions::bigint[]
      from unnest(${textArray(readers.map(({ agency }) => agency))}::text[],
        ${textArray(readers.map(({ positions }) => `{${positions.join(',')}}`))}::text[]) as reader (agency, positions)),
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
    select 1 / count(*), -- fails the statement, and with it the commit sent behind it, if the head was not written
           case when ${batch.affected.length > 0} then pg_notify('wayleave_feed', ${log}) end
    from head`);
  return { recorded, row, checkpoint };
}

function grow({ log, head, time, events, register, epoch }: Batch) {
  const frontier = { size: head.frontier.size, roots: [...head.frontier.roots] };
  const tiles: Tile[] = [];
  const recorded: Recorded[] = [];
  const entries: string[] = [];
  const hashes: Buffer[] = [];
  for (const event of events) {
    const position = frontier.size;
    const entry = leafText(event, { log, position, time, epoch, register: register ?? null });
    const hash = leafHash(entry);
    appendLeaf(frontier, hash, (tile) => tiles.push(tile));
    entries.push(entry);
    hashes.push(hash);
    recorded.push({ outcome: 'recorded', id: event.id, position, time });
  }
  return { leaves: { entries, hashes }, tiles, recorded, frontier };
}

/** Whose officers may read which of these entries, the first of which stands at `first`. */
function readersOf(events: readonly Prepared[], first: number): { agency: string; positions: number[] }[] {
  const readers = new Map<string, number[]>();
  for (const [index, { agencies }] of events.entries()) {
    for (const agency of agencies) {
      const positions = readers.get(agency);
      if (positions === undefined) readers.set(agency, [first + index]);
      else positions.push(first + index);
    }
  }
  return [...readers].map(([agency, positions]) => ({ agency, positions }));
}

function arrayText(items: readonly string[]): string {
  return `{${items.map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

function checkpointOf({ origin, register, time, epoch }: Batch, root: Buffer, size: number): Checkpoint {
  return { origin, size, root, epoch, register, time };
}

function tilesText(tiles: readonly Tile[]): string {
  return JSON.stringify(tiles.map(({ level, index, hash }) => ({ level, index, hash: hash.toString('base64') })));
}
