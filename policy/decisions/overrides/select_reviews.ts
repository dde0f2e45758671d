/** The columns of a review, as the rest of the house reads them, and how what is sealed in it is opened. */
import { type Query, sql } from '../../../platform/database/sql.ts';
import { unseal } from '../../../platform/keys/envelope.ts';
import { type ReviewOutcome, type Review, sealLabel } from './review.ts';

export type ReviewRow = Omit<Review, 'closed'> & {
  closedBy: string | null;
  closedAt: number | null;
  outcome: ReviewOutcome | null;
};

/**
 * True for a row `r` under which something was given. The leaf of a decision says that it was recorded, and goes on saying so
 * when its content has been erased.
 */
export const isAnswered: Query = sql`exists (
  select from log_leaf where log_leaf.id = r.decision or log_leaf.id = any (r.stated_again))`;

export const reviewColumns: Query = sql`
  r.id, r.agency, r.decision, ${isAnswered} as answered, r.practitioner,
  r.post, r.acting, r.role, r.client,
  json_build_object('protocol', r.protocol, 'version', r.version, 'clause', r.clause, 'hash', r.hash) as clause,
  r.ground, r.action, r.asset, r.resource, r.resource = r.subject as "byNumber", r.purpose, r.fields, r.unusual,
  extract(epoch from r.opened_at)::float8 as "openedAt", extract(epoch from r.ends_at)::float8 as until,
  r.closed_by as "closedBy", extract(epoch from r.closed_at)::float8 as "closedAt", r.outcome`;

export function toReview({ closedBy, closedAt, outcome, ...row }: ReviewRow): Review {
  if (closedBy === null || closedAt === null || outcome === null) return row;
  return { ...row, closed: { by: closedBy, at: closedAt, outcome } };
}

/** A review with its sealed texts opened; `note` is the reviewer's. */
export type OpenedReview = Review & { reason: string; note?: string };

export type SealedRow = ReviewRow & { reason: Buffer; note: Buffer | null };

export const sealedColumns: Query = sql`${reviewColumns}, r.reason, r.note`;

/** What stands for a text whose time is over. */
const removed = 'What was written here was removed: the time for which it was kept is over.';

export function openRow({ reason, note, ...row }: SealedRow, masterKey: Buffer): OpenedReview {
  const open = (text: 'reason' | 'note', sealed: Buffer): string =>
    sealed.length === 0 ? removed : unseal(masterKey, sealLabel(text, row.id), sealed).toString('utf8');
  return { ...toReview(row), reason: open('reason', reason), ...(note && { note: open('note', note) }) };
}
