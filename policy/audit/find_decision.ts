/** A decision as it was recorded, and who may know all of it. */
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { read, type Scope } from '../../platform/database/transaction.ts';
import type { JsonObject } from '../../platform/json.ts';
import { unseal } from '../../platform/keys/envelope.ts';
import { type InclusionProof, proveInclusion } from '../../platform/log/prove.ts';
import { isIntact, selectEntries, type StoredEntry } from '../../platform/log/stored.ts';
import type { Committed, LeafEntry } from '../../platform/log/entry.ts';
import { isUuid } from '../../platform/uuid.ts';
import { type Explanation, sealLabel } from '../decisions/record.ts';

/** A recorded decision. Salt and content are absent once they were erased; with them anybody can check the leaf. */
export type RecordedDecision = {
  id: string;
  entry: LeafEntry;
  agencies: string[];
  salt?: string;
  /** What the leaf commits to: actor, agencies, subject and content. */
  committed?: Committed;
  /** False when leaf and content are not what was recorded. */
  intact: boolean;
  proof: InclusionProof;
};

/** The decision of that id, as far as the scope may read the log, with its inclusion proof; undefined when there is none. */
export async function findDecision(db: Database, scope: Scope, id: string): Promise<RecordedDecision | undefined> {
  if (!isUuid(id)) return undefined;
  return read(db, scope, async (tx) => {
    const [row] = await tx.query<StoredEntry>(
      selectEntries('main', [sql`leaf.id = ${id}`, sql`beside.event = 'decision'`], 1),
    );
    const proof = row && (await proveInclusion(tx, id));
    return row && proof && toRecorded(row, proof);
  });
}

/**
 * Whether the whole explanation of a decision is for this agency's officers: only the holding agency's. Everybody else
 * who may read the decision reads the answer that was given.
 */
export function whoMayKnowWhy(content: JsonObject): { agency: string | undefined } {
  const request = content.request as { resource?: { agency?: string } } | undefined;
  return { agency: request?.resource?.agency };
}

/** What the holding agency's officer may see beyond the answer; undefined where there was nothing to hide. */
export function openExplanation(masterKey: Buffer, id: string, content: JsonObject): Explanation | undefined {
  if (typeof content.sealed !== 'string') return undefined;
  const bytes = unseal(masterKey, sealLabel(id), Buffer.from(content.sealed, 'base64'));
  return JSON.parse(bytes.toString('utf8')) as Explanation;
}

function toRecorded(row: StoredEntry, proof: InclusionProof): RecordedDecision {
  const entry = JSON.parse(row.entry) as LeafEntry;
  return {
    id: row.id,
    entry,
    agencies: row.agencies,
    ...(row.salt && { salt: row.salt.toString('base64') }),
    ...(row.committed !== null && { committed: JSON.parse(row.committed) as Committed }),
    intact: isIntact(row, entry),
    proof,
  };
}
