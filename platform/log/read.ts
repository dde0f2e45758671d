/** Reading the log: one entry, or a page of them, as far as the scope may see their content. */
import type { Database } from '../database/database.ts';
import { joinSql, type Query, sql } from '../database/sql.ts';
import { read, type Scope } from '../database/transaction.ts';
import type { JsonObject } from '../json.ts';
import { isUuid } from '../uuid.ts';
import type { Committed, LeafEntry } from './entry.ts';
import { clockPutBack, type LogEvent, type Sealed } from './event.ts';
import { readPart, unpackParts } from './parts.ts';
import { isIntact, selectEntries, type StoredEntry, type Through } from './stored.ts';

export type LogEntry = {
  id: string;
  position: number;
  /** Epoch seconds, by the log's clock. */
  time: number;
  event: string;
  epoch: number;
  /** Head of the signed register when this was recorded. */
  register: string | undefined;
  agencies: string[];
  /** Absent when the content was erased. */
  actor?: LogEvent['actor'];
  subject?: string;
  content?: JsonObject;
  /** What its parts say, where it has any. */
  parts?: JsonObject[];
  /** What is sealed beside it, where anything is. */
  sealed?: Sealed;
  /** Base64: SHA-256 over it and the canonical {actor, agencies, content, subject} is the leaf's commitment. */
  salt?: string;
  /** Position of the entry that recorded the erasure. */
  erasedBy?: number;
  /** False when leaf and content are not what was recorded: somebody edited a row by hand. */
  intact: boolean;
};

export type LogFilters = {
  /** One event, or any of several. */
  event?: string | readonly string[];
  /** Epoch seconds: from inclusive, to exclusive. */
  from?: number;
  to?: number;
  /** Who did it. */
  practitioner?: string;
  /** Whom or what it is about. */
  subject?: string;
  /** An agency whose officers may read it. */
  agency?: string;
  /** A condition of the caller's own on the row `beside`, whose `committed` holds what the entry says. */
  matching?: Query;
};

/** Newest first; `before` is the `next` of the page before. */
export type LogPage = { before?: number; limit?: number };

const largestPage = 200;

/** The entry of that id, or undefined if there is none or the scope may not read it. */
export async function findEntry(db: Database, scope: Scope, id: string): Promise<LogEntry | undefined> {
  return (await findEntries(db, scope, [id]))[0];
}

/**
 * Those of the entries of these ids that the scope may read and that fit `matching`, newest first. What may not be read costs
 * what there is not: one statement.
 */
export async function findEntries(
  db: Database,
  scope: Scope,
  ids: readonly string[],
  matching = sql`true`,
): Promise<LogEntry[]> {
  const asked = ids.filter(isUuid);
  const where = [sql`leaf.id = any (${asked}::uuid[])`, matching];
  const rows = await read(db, scope, (tx) => tx.query<StoredEntry>(selectEntries('main', where, asked.length)));
  return rows.map(toEntry);
}

/** A page of what the scope may read, newest first. */
export async function listEntries(
  db: Database,
  scope: Scope,
  filters: LogFilters = {},
  page: LogPage = {},
  log = 'main',
): Promise<{ entries: LogEntry[]; next?: number }> {
  const limit = Math.max(1, Math.min(page.limit ?? 50, largestPage));
  const reader = scope.agency ?? (scope.reading === 'audit' ? filters.agency : undefined);
  const bounds = boundsOf(log, filters, page);
  const [through, within] =
    reader === undefined ? [undefined, between(sql`beside.position`, bounds)] : [listOf(log, reader, bounds), []];
  const where = [...within, ...conditions(filters)];
  const rows = await read(db, scope, (tx) => tx.query<StoredEntry>(selectEntries(log, where, limit + 1, through)));
  const entries = rows.slice(0, limit).map(toEntry);
  return rows.length > limit ? { entries, next: entries.at(-1)!.position } : { entries };
}

/** Positions that a page lies between: `from` inclusive, `to` and `before` exclusive. */
type Bounds = { from: Query | undefined; below: readonly Query[] };

function boundsOf(log: string, { from, to }: LogFilters, { before }: LogPage): Bounds {
  const below = [before !== undefined && sql`${before}`, to !== undefined && positionAt(log, to)];
  return {
    from: from === undefined ? undefined : positionAt(log, from),
    below: below.filter((bound) => bound !== false),
  };
}

// Bounds stand on the column that is read in order: PostgreSQL does not carry an inequality over a join.
function between(at: Query, { from, below }: Bounds): Query[] {
  return [...(from === undefined ? [] : [sql`${at} >= ${from}`]), ...below.map((bound) => sql`${at} < ${bound}`)];
}

/**
 * An agency's own list of entries, batch by batch: its page needs no search through everybody else's. It is put in order by
 * itself, so that of each batch only as much content is read as the page takes.
 */
function listOf(log: string, agency: string, bounds: Bounds): Through {
  const { from, below } = bounds;
  // The batch that the first position stands in may have begun before it.
  const start =
    from &&
    sql`coalesce((
      select max(one.first) from log_reader one
      where one.log = ${log} and one.agency = ${agency} and one.first <= ${from}), 0)`;
  const where = [
    sql`own.log = ${log}`,
    sql`own.agency = ${agency}`,
    ...between(sql`own.first`, { from: start, below }),
    ...between(sql`listed.position`, bounds),
  ];
  return {
    join: sql`join (
      select own.log, own.first, listed.position from log_reader own cross join unnest(own.positions) as listed (position)
      where ${joinSql(where, ' and ')}
      order by own.first desc, listed.position desc) as reader using (log, position)`,
    order: sql`reader.first desc, reader.position desc`,
  };
}

function conditions({ event, practitioner, subject, agency, matching }: LogFilters): Query[] {
  const events = typeof event === 'string' ? [event] : event;
  return [
    events !== undefined && sql`beside.event = any (${events})`,
    practitioner !== undefined && sql`beside.practitioner = ${practitioner}`,
    subject !== undefined && sql`beside.subject = ${subject}`,
    agency !== undefined && sql`${agency} = any (beside.agencies)`,
    matching,
  ].filter((condition) => condition !== undefined && condition !== false);
}

/**
 * First position at or after a time. Times grow with positions, so halving finds it without an index of its own; where the
 * log's clock was put back, what stands before that was written before it, whatever its time says.
 */
function positionAt(log: string, time: number): Query {
  return sql`(
    with recursive search (low, high) as (
      select 0::bigint, size from log_head where log = ${log}
      union all
      select case when earlier then middle + 1 else low end, case when earlier then high else middle end
      from search
      cross join lateral (select (low + high) / 2 as middle) as halved
      cross join lateral (
        select (entry::json ->> 'time')::float8 < ${time}::float8 or exists (
                 select from log_content back
                 where back.log = ${log} and back.event = ${clockPutBack} and back.event <> 'decision'
                   and back.position > middle and back.time <= ${time}::float8) as earlier
        from log_leaf where log_leaf.log = ${log} and log_leaf.position = middle) as probe
      where low < high)
    select low from search where low = high)`;
}

/** A stored entry, its content read. */
export function toEntry(row: StoredEntry): LogEntry {
  const leaf = JSON.parse(row.entry) as LeafEntry;
  const intact = isIntact(row, leaf);
  return {
    id: leaf.id,
    position: leaf.position,
    time: leaf.time,
    event: leaf.event,
    epoch: leaf.epoch,
    register: leaf.register ?? undefined,
    agencies: row.agencies,
    ...(row.actor && { actor: row.actor }),
    ...(row.subject !== null && { subject: row.subject }),
    ...(row.content && { content: row.content }),
    // Only what is known to be what was recorded is sure to be readable.
    ...(row.parts !== null && intact && { parts: unpackParts(row.parts)!.map(readPart) }),
    ...(row.sealed !== null && intact && { sealed: { commitment: sealedIn(row)!, text: row.sealed } }),
    ...(row.salt && { salt: row.salt.toString('base64') }),
    ...(row.erasedBy !== null && { erasedBy: row.erasedBy }),
    intact,
  };
}

function sealedIn({ committed }: StoredEntry): string | undefined {
  return committed === null ? undefined : (JSON.parse(committed) as Committed).sealed;
}
