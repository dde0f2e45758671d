/** The queue of an agency's reviews. */
import type { Database } from '../../../platform/database/database.ts';
import { joinSql, type Query, sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { type OverrideGround, limits, type ReviewOutcome, type Review } from './review.ts';
import { reviewColumns, type ReviewRow, toReview } from './select_reviews.ts';

type ReviewFilters = {
  state?: 'open' | 'overdue' | 'closed';
  ground?: OverrideGround;
  /** The agency that the person acted for. */
  acting?: string;
  outcome?: ReviewOutcome;
};

/** Whether nobody has closed the review in the days that there are for it; `now` in epoch seconds. */
export function isOverdue({ closed, openedAt }: Review, now: number): boolean {
  return closed === undefined && openedAt < overdueBefore(now);
}

/** Epoch seconds: what was opened before then and is still open is overdue. */
export function overdueBefore(now: number): number {
  return now - limits.overdueDays * 86_400;
}

/** Reviews that belong to the agency: the open ones first, the oldest of them on top, then those closed last. */
export async function listReviews(
  db: Database,
  agency: string,
  filters: ReviewFilters,
  { page, size, now }: { page: number; size: number; now: number },
): Promise<{ reviews: Review[]; total: number }> {
  const where = joinSql([sql`r.agency = ${agency}`, ...conditions(filters, now)], ' and ');
  const rows = await read(db, { agency }, (tx) =>
    tx.query<ReviewRow & { total: number }>(sql`
      select ${reviewColumns}, count(*) over ()::int as total from override_review r where ${where}
      order by r.closed_at desc nulls first, r.opened_at, r.id limit ${size} offset ${(page - 1) * size}`),
  );
  return { reviews: rows.map(({ total: _, ...row }) => toReview(row)), total: rows[0]?.total ?? 0 };
}

/** How many reviews of the agency are open, and how many of them overdue. */
export async function countReviews(
  db: Database,
  agency: string,
  now: number,
): Promise<{ open: number; overdue: number }> {
  const [row] = await read(db, { agency }, (tx) =>
    tx.query<{ open: number; overdue: number }>(sql`
      select count(*)::int as open,
             count(*) filter (where opened_at < to_timestamp(${overdueBefore(now)}::float8))::int as overdue
      from override_review where agency = ${agency} and closed_at is null`),
  );
  return row ?? { open: 0, overdue: 0 };
}

function conditions({ state, ground, acting, outcome }: ReviewFilters, now: number): Query[] {
  return [
    state === 'closed' && sql`r.closed_at is not null`,
    (state === 'open' || state === 'overdue') && sql`r.closed_at is null`,
    state === 'overdue' && sql`r.opened_at < to_timestamp(${overdueBefore(now)}::float8)`,
    ground !== undefined && sql`r.ground = ${ground}`,
    acting !== undefined && sql`r.acting = ${acting}`,
    outcome !== undefined && sql`r.outcome = ${outcome}`,
  ].filter((condition) => condition !== false);
}
