/** What a person overrode, and what came of it, for that person. */
import type { Database } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { type OpenedReview, openRow, sealedColumns, type SealedRow } from './select_reviews.ts';

/** The person's overrides in the agency that they act for, newest first. */
export async function listOwnOverrides(
  { db, config }: { db: Database; config: { masterKey: Buffer } },
  person: { practitioner: string; agency: string },
  { page, size }: { page: number; size: number },
): Promise<{ overrides: OpenedReview[]; total: number }> {
  const rows = await read(db, { agency: person.agency }, (tx) =>
    tx.query<SealedRow & { total: number }>(sql`
      select ${sealedColumns}, count(*) over ()::int as total from override_review r
      where r.practitioner = ${person.practitioner} and r.acting = ${person.agency}
      order by r.opened_at desc, r.id limit ${size} offset ${(page - 1) * size}`),
  );
  return { overrides: rows.map(({ total: _, ...row }) => openRow(row, config.masterKey)), total: rows[0]?.total ?? 0 };
}
