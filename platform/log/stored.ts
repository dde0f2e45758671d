/** An entry as it is stored: its leaf, the content beside it, and whether the two still belong together. */
import { joinSql, type Query, sql } from '../database/sql.ts';
import type { JsonObject } from '../json.ts';
import { type Committed, commitmentTo, type LeafEntry } from './entry.ts';
import type { LogEvent } from './event.ts';
import { leafHash } from './merkle.ts';
import { partCommitment, unpackParts } from './parts.ts';

export type StoredEntry = {
  id: string;
  position: number;
  entry: string;
  hash: Buffer;
  event: string;
  time: number;
  agencies: string[];
  practitioner: string | null;
  subject: string | null;
  /** Null, like all that follows but `erasedBy`, where the content was erased. */
  salt: Buffer | null;
  actor: LogEvent['actor'] | null;
  content: JsonObject | null;
  committed: string | null;
  /** As `packParts` made them; null where it has none, too. */
  parts: Buffer | null;
  /** Encrypted; null where nothing was sealed, too. */
  sealed: Buffer | null;
  erasedBy: number | null;
};

/** The columns of a stored entry, from `leaf` and `beside`. */
export const storedColumns: Query = sql`
  leaf.id, leaf.position, leaf.entry, leaf.hash, beside.event, beside.time, beside.agencies, beside.practitioner,
  beside.subject, beside.salt, beside.committed::json -> 'actor' as actor, beside.committed::json -> 'content' as content,
  beside.committed, beside.parts, beside.sealed, beside.erased_by as "erasedBy"`;

/** What else is joined, and in which order that is read: it must be newest first. */
export type Through = { join: Query; order: Query };

/** Entries whose content the transaction may read, newest first. Conditions may name `leaf` and `beside`. */
export function selectEntries(
  log: string,
  where: readonly Query[],
  limit: number,
  through: Through = { join: sql``, order: sql`position desc` },
): Query {
  return sql`
    select ${storedColumns} from log_content beside join log_leaf leaf using (log, position) ${through.join}
    where ${joinSql([sql`log = ${log}`, ...where], ' and ')}
    order by ${through.order} limit ${limit}`;
}

/** False when leaf and content are not what was recorded: somebody edited a row by hand. */
export function isIntact(row: StoredEntry, leaf: LeafEntry): boolean {
  const isLeaf = leafHash(row.entry).equals(row.hash) && leaf.id === row.id && leaf.position === row.position;
  return (
    isLeaf && leaf.event === row.event && leaf.time === row.time && (row.erasedBy !== null || isCommitted(row, leaf))
  );
}

function isCommitted({ salt, committed, parts, sealed, ...row }: StoredEntry, leaf: LeafEntry): boolean {
  if (salt === null || committed === null || commitmentTo(salt, committed) !== leaf.commitment) return false;
  const said = JSON.parse(committed) as Committed;
  return (
    (said.actor.practitioner ?? null) === row.practitioner &&
    (said.subject ?? null) === row.subject &&
    // What it says is verified by whoever may open it.
    (said.sealed === undefined) === (sealed === null) &&
    JSON.stringify(said.agencies) === JSON.stringify(row.agencies) &&
    JSON.stringify(said.parts) === JSON.stringify(parts === null ? undefined : unpackParts(parts)?.map(partCommitment))
  );
}
