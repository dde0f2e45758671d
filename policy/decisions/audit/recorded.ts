/** Decisions as the log tells them: in one form, whether recorded by themselves or as parts of one entry. */
import type { Database } from '../../../platform/database/database.ts';
import { type Query, sql } from '../../../platform/database/sql.ts';
import type { Scope } from '../../../platform/database/transaction.ts';
import type { JsonObject } from '../../../platform/json.ts';
import { isUuid } from '../../../platform/uuid.ts';
import { findEntries, type LogEntry } from '../../../platform/log/read.ts';
import { idAt, placeOf } from '../deciding/decision_ids.ts';

/** The events of entries that hold decisions: one, or answers to one question about many records. */
export const decisionEvents = ['decision', 'decisions'] as const;

/** For a list of the log: entries of which at least one decision was answered so. They tell it, or how many of each there are. */
export function answered(decision: boolean): Query {
  const count = ['content', 'answered', decision ? 'permitted' : 'refused'];
  return sql`coalesce(
    beside.committed::json #>> '{content,answer,decision}' = ${String(decision)},
    beside.committed::json #>> ${count}::text[] <> '0')`;
}

/** `number`: its place in its entry, from 0. `content`: as if it had been recorded by itself. */
export type Recorded = { id: string; number: number; content: JsonObject };

type Told = Pick<LogEntry, 'id' | 'event' | 'content' | 'parts'>;

/** The decisions that an entry holds, in their order; none where it holds something else or was erased. */
export function decisionsIn({ id, event, content, parts }: Told): Recorded[] {
  if (content === undefined) return [];
  if (event === 'decision') return [{ id, number: 0, content }];
  if (event !== 'decisions') return [];
  return (parts ?? []).map((part, number) => ({ id: idAt(id, number), number, content: unite(content, part) }));
}

/**
 * The decision of that id with the entry it stands in, as far as the scope may read the log and the entry fits `matching`;
 * undefined when there is none. One statement either way.
 */
export async function findRecorded(
  db: Database,
  scope: Scope,
  id: string,
  matching?: Query,
): Promise<{ entry: LogEntry; recorded: Recorded } | undefined> {
  if (!isUuid(id)) return undefined;
  const entries = await findEntries(db, scope, entriesOf(id), matching);
  const found = entries.map((entry) => ({ entry, recorded: decisionsIn(entry).find((one) => one.id === id) }));
  return found.find((one): one is { entry: LogEntry; recorded: Recorded } => one.recorded !== undefined);
}

/** Ids of the entries that a decision with this id may stand in. */
export function entriesOf(id: string): string[] {
  return [...new Set([id, placeOf(id).entry])];
}

// An entry that somebody edited by hand is shown as such, so whatever it says must be bearable.
function unite({ answered: _, request, ...shared }: JsonObject, { answer, resource }: JsonObject): JsonObject {
  const asked = (request ?? {}) as { resource?: JsonObject };
  return { ...shared, answer, request: { ...asked, resource: { ...asked.resource, ...(resource as JsonObject) } } };
}

/**
 * A condition for reading the log: entries that may hold a decision about that record; `namesRecord` says whether one does,
 * of the entry as its reader sees it.
 */
export function mayName(record: string): Query {
  const [named, subject] = ['id', 'data_subject'].map(
    (name) => sql`(beside.committed::json #>> ${['content', 'request', 'resource', name]}::text[])`,
  ) as [Query, Query];
  // Parts are packed, and a record named by the person's number is shown under a name of the reader's own.
  const later = sql`(beside.parts is not null or ${named} = ${subject} or (${named} is null and beside.event = 'decision'))`;
  return sql`(${later} or lower(${named}) = lower(${record}))`;
}

/** Whether a decision in the entry is about the record of that name, in capitals or not. */
export function namesRecord(entry: Told, record: string): boolean {
  const named = record.toLowerCase();
  const asked = entry.parts ?? [entry.content?.request as JsonObject | undefined];
  return asked.some((one) => {
    const id = (one?.resource as JsonObject | undefined)?.id;
    return typeof id === 'string' && id.toLowerCase() === named;
  });
}
