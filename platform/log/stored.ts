/** An entry as it is stored: its leaf, the content beside it, and whether the two still belong together. */
import { joinSql, type Query, sql } from '../database/sql.ts';
import type { JsonObject } from '../json.ts';
import { commitmentTo, type LeafEntry } from './entry.ts';
import type { LogEvent } from './event.ts';
import { leafHash } from './merkle.ts';

/** Columns are null where the content was erased. */
export type StoredEntry = {
  id: string;
  position: number;
  entry: string;
  hash: Buffer;
  event: string;
  time: number;
  agencies: string[];
  salt: Buffer | null;
  actor: LogEvent['actor'] | null;
  subject: string | null;
  content: JsonObject | null;
  erasedBy: number | null;
};

/** Entries whose content the transaction may read, newest first. Conditions may name `leaf` and `beside`. */
export function selectEntries(log: string, where: readonly Query[], limit: number): Query {
  return sql`
    select leaf.id, position, leaf.entry, leaf.hash, beside.event, beside.time, beside.agencies, beside.salt,
           beside.actor, beside.subject, beside.content, beside.erased_by as "erasedBy"
    from log_content beside join log_leaf leaf using (log, position)
    where ${joinSql([sql`log = ${log}`, ...where], ' and ')}
    order by position desc limit ${limit}`;
}

/** False when leaf and content are not what was recorded: somebody edited a row by hand. */
export function isIntact(row: StoredEntry, leaf: LeafEntry): boolean {
  const isLeaf = leafHash(row.entry).equals(row.hash) && leaf.id === row.id && leaf.position === row.position;
  return (
    isLeaf && leaf.event === row.event && leaf.time === row.time && (row.erasedBy !== null || isCommitted(row, leaf))
  );
}

function isCommitted({ salt, actor, agencies, subject, content }: StoredEntry, leaf: LeafEntry): boolean {
  if (salt === null || actor === null || content === null) return false;
  const committed = { actor, agencies, content, ...(subject !== null && { subject }) };
  return commitmentTo(salt, committed) === leaf.commitment;
}
