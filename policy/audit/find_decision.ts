/** A decision as it was recorded, with everything that proves it. */
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { read, type Scope } from '../../platform/database/transaction.ts';
import type { JsonObject } from '../../platform/json.ts';
import { type InclusionProof, proveInclusion } from '../../platform/log/prove.ts';
import { readPart, splitParts } from '../../platform/log/parts.ts';
import { isIntact, selectEntries, type StoredEntry } from '../../platform/log/stored.ts';
import type { Committed, LeafEntry } from '../../platform/log/entry.ts';
import { isUuid } from '../../platform/uuid.ts';
import { placeOf } from '../decisions/decision_ids.ts';
import { decisionEvents, decisionsIn, entriesOf } from './recorded.ts';

/** A recorded decision. Salt and content are absent once they were erased; with them anybody can check the leaf. */
export type RecordedDecision = {
  id: string;
  entry: LeafEntry;
  agencies: string[];
  salt?: string;
  /** What the leaf commits to: actor, agencies, subject and content. */
  committed?: Committed;
  /** Where it is one of several in its entry: its place there, and the line whose hash stands there in `committed.parts`. */
  part?: { number: number; line: string };
  /** What was decided, as if it had been recorded by itself; absent once erased. */
  content?: JsonObject;
  /** False when leaf and content are not what was recorded. */
  intact: boolean;
  proof: InclusionProof;
};

/** The decision of that id, as far as the scope may read the log, with its inclusion proof; undefined when there is none. */
export async function findDecision(db: Database, scope: Scope, id: string): Promise<RecordedDecision | undefined> {
  if (!isUuid(id)) return undefined;
  return read(db, scope, async (tx) => {
    const rows = await tx.query<StoredEntry>(
      selectEntries(
        'main',
        [sql`leaf.id = any (${entriesOf(id)}::uuid[])`, sql`beside.event = any (${decisionEvents})`],
        2,
      ),
    );
    const row = rows.find((one) => holds(one, id));
    const proof = row && (await proveInclusion(tx, row.id));
    return row && proof && toRecorded(id, row, proof);
  });
}

function holds({ id: entry, event, parts }: StoredEntry, id: string): boolean {
  // Of an erased entry nobody can tell any more how many decisions it held.
  return event === 'decision' ? entry === id : parts === null || placeOf(id).number < splitParts(parts).length;
}

function toRecorded(id: string, row: StoredEntry, proof: InclusionProof): RecordedDecision {
  const entry = JSON.parse(row.entry) as LeafEntry;
  const { number } = placeOf(id);
  const lines = row.parts === null ? undefined : splitParts(row.parts);
  const told = {
    id: row.id,
    event: row.event,
    ...(row.content && { content: row.content }),
    ...(lines && { parts: lines.map(readPart) }),
  };
  const content = decisionsIn(told).find((one) => one.id === id)?.content;
  return {
    id,
    entry,
    agencies: row.agencies,
    ...(row.salt && { salt: row.salt.toString('base64') }),
    ...(row.committed !== null && { committed: JSON.parse(row.committed) as Committed }),
    ...(lines && { part: { number, line: lines[number]! } }),
    ...(content && { content }),
    intact: isIntact(row, entry),
    proof,
  };
}
