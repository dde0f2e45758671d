/** One review with what people wrote, for its reviewers. */
import type { Database } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { isUuid } from '../../../platform/uuid.ts';
import type { Review } from './review.ts';
import { type OpenedReview, openRow, sealedColumns, type SealedRow } from './select_reviews.ts';

/** The review of that id if it belongs to the agency; undefined for one of any other. */
export async function findReview(
  { db, config }: { db: Database; config: { masterKey: Buffer } },
  agency: string,
  id: string,
): Promise<OpenedReview | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await read(db, { agency }, (tx) =>
    tx.query<SealedRow>(sql`
      select ${sealedColumns} from override_review r where r.id = ${id} and r.agency = ${agency}`),
  );
  return row && openRow(row, config.masterKey);
}

/** The decisions under the review besides the one that it names, oldest first: id and time of each, as the log has them. */
export function listLaterUses(db: Database, review: Review): Promise<{ id: string; time: number }[]> {
  return read(db, { agency: review.agency }, (tx) =>
    tx.query<{ id: string; time: number }>(sql`
      select leaf.id, beside.time from log_content beside join log_leaf leaf using (log, position)
      where log = 'main' and beside.practitioner = ${review.practitioner} and beside.event = 'decision'
        and position > coalesce((
          select used.position from log_content used where used.log = 'main' and used.event = 'override.used'
            and used.committed::json #>> '{content,review}' = ${review.id}), 0)
        and beside.time <= ${review.until + 60}::float8 and leaf.id <> ${review.decision}
        and beside.committed::json #>> '{content,answer,context,override,review}' = ${review.id}
      order by position`),
  );
}
