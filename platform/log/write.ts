/** Writing a batch: leaves, content, tiles, feed and the new head, in one statement under the head's lock. */
import type { Queryable } from '../database/database.ts';
import { type Query, sql } from '../database/sql.ts';
import type { SigningKey } from '../keys/signing_key.ts';
import { type Checkpoint, signCheckpoint } from './checkpoint.ts';
import { leafText, type Prepared } from './entry.ts';
import type { Affected, Recorded } from './event.ts';
import { appendLeaf, encodeFrontier, frontierRoot, type Tile } from './frontier.ts';
import type { Head } from './head.ts';
import { leafHash } from './merkle.ts';

export type Batch = {
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
  const { log, head, epoch } = batch;
  const size = head.frontier.size;
  const { leaves, tiles, recorded, frontier } = grow(batch);
  const readers = readersOf(batch.events, size);
  const parts = partsOf(batch.events);
  const checkpoint = checkpointOf(batch, frontierRoot(frontier), frontier.size);
  const row = {
    size: frontier.size,
    frontier: encodeFrontier(frontier),
    checkpoint: signCheckpoint(checkpoint, batch.key),
    epoch,
    clock: batch.time,
  };
  await tx.query(sql`
    with batch as materialized (
      select ${size}::bigint + number - 1 as position, entry, id::uuid, event, agencies::text[], practitioner, subject,
             committed, substring(${parts.bytes}::bytea from parts_from::int for parts_length::int) as parts,
             substring(${leaves.hashes}::bytea from 32 * number::int - 31 for 32) as hash,
             substring(${leaves.salts}::bytea from 32 * number::int - 31 for 32) as salt
      from unnest(${list(leaves.entries)}, ${list(batch.events.map(({ id }) => id))},
        ${list(batch.events.map(({ event }) => event))}, ${list(batch.events.map(({ agencies }) => arrayText(agencies)))},
        ${list(batch.events.map(({ practitioner }) => practitioner))}, ${list(batch.events.map(({ subject }) => subject))},
        ${list(batch.events.map(({ committed }) => committed))}, ${list(parts.from)}, ${list(parts.length)})
        with ordinality as entry (entry, id, event, agencies, practitioner, subject, committed, parts_from, parts_length, number)),
    leaves as (
      insert into log_leaf (log, position, id, entry, hash) select ${log}, position, id, entry, hash from batch),
    contents as (
      insert into log_content (log, position, event, time, agencies, practitioner, subject, salt, committed, parts)
      select ${log}, position, event, ${batch.time}::float8, agencies, practitioner, subject, salt, committed, parts from batch),
    readers as (
      insert into log_reader (log, agency, first, positions)
      select ${log}, agency, first::bigint, positions::bigint[]
      from unnest(${list(readers.map(({ agency }) => agency))}, ${list(readers.map(({ positions }) => String(positions[0])))},
        ${list(readers.map(({ positions }) => `{${positions.join(',')}}`))}) as reader (agency, first, positions)),
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
  const salts = Buffer.concat(events.map(({ salt }) => salt));
  return { leaves: { entries, hashes: Buffer.concat(hashes), salts }, tiles, recorded, frontier };
}

/** All parts as one, with where those of each entry stand in it, from 1; nowhere for an entry without. */
function partsOf(events: readonly Prepared[]) {
  let end = 1;
  const length = events.map(({ parts }) => parts?.length);
  const from = length.map((own) => (own === undefined ? undefined : (end += own) - own));
  const bytes = Buffer.concat(events.flatMap(({ parts }) => parts ?? []));
  return { bytes, from: from.map(asText), length: length.map(asText) };
}

function asText(number: number | undefined): string | undefined {
  return number?.toString();
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

// Lists travel as one text, parted by a character that neither canonical JSON nor a name can contain: parsing arrays or
// JSON would cost PostgreSQL more than writing the rows.
function list(items: readonly (string | undefined)[]): Query {
  return sql`string_to_array(${items.map((item) => item ?? absent).join(separator)}, ${separator}, ${absent})`;
}

const separator = '\u001e';
const absent = '\u001f';

function arrayText(items: readonly string[]): string {
  return `{${items.map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

function checkpointOf({ origin, register, time, epoch }: Batch, root: Buffer, size: number): Checkpoint {
  return { origin, size, root, epoch, register, time };
}

function tilesText(tiles: readonly Tile[]): string {
  return JSON.stringify(tiles.map(({ level, index, hash }) => ({ level, index, hash: hash.toString('base64') })));
}
