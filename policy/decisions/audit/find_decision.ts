/** A decision as it was recorded, with everything that proves it. */
import type { Database } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read, type Scope } from '../../../platform/database/transaction.ts';
import type { Json } from '../../../platform/json.ts';
import { type InclusionProof, proveInclusion } from '../../../platform/log/prove.ts';
import { readPart, unpackParts } from '../../../platform/log/parts.ts';
import { isIntact, selectEntries, type StoredEntry } from '../../../platform/log/stored.ts';
import type { Committed, LeafEntry } from '../../../platform/log/entry.ts';
import { isUuid } from '../../../platform/uuid.ts';
import { placeOf } from '../deciding/decision_ids.ts';
import { decisionEvents, entriesOf } from './recorded.ts';

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
  /** As it was given; absent once erased. */
  answer?: Json;
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
    const found = rows.map((row) => toRecorded(id, row)).find((recorded) => recorded !== undefined);
    const proof = found && (await proveInclusion(tx, found.entry.id));
    return found && proof && { ...found, proof };
  });
}

function toRecorded(id: string, row: StoredEntry): Omit<RecordedDecision, 'proof'> | undefined {
  const entry = JSON.parse(row.entry) as LeafEntry;
  const committed = row.committed === null ? undefined : (JSON.parse(row.committed) as Committed);
  const { number } = placeOf(id);
  const together = row.event === 'decisions';
  // Of an erased entry nobody can tell any more how many decisions it held.
  if (together ? committed?.parts?.[number] === undefined && committed !== undefined : row.id !== id) return undefined;
  const line = row.parts === null ? undefined : unpackParts(row.parts)?.[number];
  const answer = together ? line && readPart(line).answer : committed?.content.answer;
  return {
    id,
    entry,
    agencies: row.agencies,
    ...(row.salt && { salt: row.salt.toString('base64') }),
    ...(committed && { committed }),
    ...(line !== undefined && { part: { number, line } }),
    ...(answer !== undefined && { answer }),
    intact: isIntact(row, entry),
  };
}
