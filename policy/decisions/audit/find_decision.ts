/** A decision as it was recorded, with everything that proves it, as one partner system may see it. */
import type { Partner } from '../../../directory/partners/partner.ts';
import type { Database } from '../../../platform/database/database.ts';
import { type Query, sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import type { Json } from '../../../platform/json.ts';
import { type InclusionProof, proveInclusion } from '../../../platform/log/prove.ts';
import { readPart, unpackParts } from '../../../platform/log/parts.ts';
import { toEntry } from '../../../platform/log/read.ts';
import { selectEntries, type StoredEntry } from '../../../platform/log/stored.ts';
import type { Committed } from '../../../platform/log/entry.ts';
import { isUuid } from '../../../platform/uuid.ts';
import { placeOf } from '../deciding/decision_ids.ts';
import { holdsHidden, openHidden } from '../deciding/explanation.ts';
import { pseudonymFor } from '../involvement/pseudonym.ts';
import { decisionEvents, entriesOf } from './recorded.ts';

/**
 * A recorded decision. Salt and what the leaf commits to are absent once they were erased, and for records of the first form,
 * which cannot be shown without what this partner may not know; with them anybody can check the leaf.
 */
export type RecordedDecision = {
  id: string;
  salt?: string;
  /** What the leaf commits to: actor, agencies, subject and content. */
  committed?: Committed;
  /** Where it is one of several in its entry: its place there, and the line whose hash stands there in `committed.parts`. */
  part?: { number: number; line: string };
  /** As it was given; absent once erased. */
  answer?: Json;
  /** The data subject, by the pseudonym that this partner is shown. */
  dataSubject?: string;
  /** False when leaf and content are not what was recorded. */
  intact: boolean;
  proof: InclusionProof;
};

/**
 * The decision of that id, if this partner system asked for it or is of an agency that may read it, with its inclusion proof.
 * Undefined for any other, which costs what one that is not there costs: one statement.
 */
export async function findDecision(
  { db, masterKey }: { db: Database; masterKey: Buffer },
  partner: Partner,
  id: string,
): Promise<RecordedDecision | undefined> {
  if (!isUuid(id)) return undefined;
  return read(db, { reading: 'audit' }, async (tx) => {
    const where = [
      sql`leaf.id = any (${entriesOf(id)}::uuid[])`,
      sql`beside.event = any (${decisionEvents})`,
      readableBy(partner),
    ];
    const rows = await tx.query<StoredEntry>(selectEntries('main', where, 2));
    const row = rows.find((one) => holds(one, id));
    const proof = row && (await proveInclusion(tx, row.id));
    return row && proof && { ...toRecorded(masterKey, partner, id, row), proof };
  });
}

function readableBy({ clientId, agency }: Partner): Query {
  return sql`(beside.committed::json #>> '{actor,client}' = ${clientId} or ${agency} = any (beside.agencies))`;
}

function holds(row: StoredEntry, id: string): boolean {
  if (row.event !== 'decisions') return row.id === id;
  // Of an erased entry nobody can tell any more how many decisions it held.
  return row.committed === null || committedIn(row).parts?.[placeOf(id).number] !== undefined;
}

function toRecorded(
  masterKey: Buffer,
  { clientId }: Partner,
  id: string,
  row: StoredEntry,
): Omit<RecordedDecision, 'proof'> {
  const entry = toEntry(row);
  if (row.committed === null) return { id, intact: entry.intact };
  const number = row.event === 'decisions' ? placeOf(id).number : 0;
  const line = row.parts === null ? undefined : unpackParts(row.parts)?.[number];
  const answer = line === undefined ? entry.content?.answer : readPart(line).answer;
  const hidden = openHidden(masterKey, entry);
  const { subject } = hidden?.[number] ?? {};
  return {
    id,
    ...(!holdsHidden(entry) && { salt: row.salt!.toString('base64'), committed: committedIn(row) }),
    ...(!holdsHidden(entry) && line !== undefined && { part: { number, line } }),
    ...(answer !== undefined && { answer }),
    ...(subject !== undefined && { dataSubject: pseudonymFor(masterKey, { client: clientId }, subject) }),
    intact: entry.intact && hidden !== undefined,
  };
}

function committedIn({ committed }: StoredEntry): Committed {
  return JSON.parse(committed!) as Committed;
}
