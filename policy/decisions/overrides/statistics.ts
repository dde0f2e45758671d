/** Figures about an agency's reviews: how many, why, by whose people, under which clause, and what came of them. */
import type { Database } from '../../../platform/database/database.ts';
import { type Query, sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';

/** `key`: a month (2026-11), a ground, an agency's code, a clause, an outcome or `open`. */
export type Figure = { key: string; count: number };

type Statistics = {
  total: number;
  /** Median seconds from opening to closing; undefined before the first was closed. */
  medianTime: number | undefined;
  byMonth: Figure[];
  byGround: Figure[];
  byAgency: Figure[];
  /** `protocol version clause`, parted by spaces. */
  byClause: Figure[];
  byOutcome: Figure[];
};

/** Figures over the reviews of the agency that were opened since then (epoch seconds). Nobody is named in them. */
export function countOverrides(db: Database, agency: string, since: number): Promise<Statistics> {
  return read(db, { agency }, async (tx) => {
    const within = sql`agency = ${agency} and opened_at >= to_timestamp(${since}::float8)`;
    const by = (key: Query, order: Query = sql`count desc, key`): Promise<Figure[]> =>
      tx.query<Figure>(sql`
        select ${key} as key, count(*)::int as count from override_review where ${within} group by 1 order by ${order}`);
    const whole = tx.query<{ total: number; median: number | null }>(sql`
      select count(*)::int as total,
             percentile_cont(0.5) within group (order by extract(epoch from closed_at - opened_at))
               filter (where closed_at is not null)::float8 as median
      from override_review where ${within}`);
    const [[all], byMonth, byGround, byAgency, byClause, byOutcome] = await Promise.all([
      whole,
      by(sql`to_char(opened_at at time zone 'Europe/London', 'YYYY-MM')`, sql`key desc`),
      by(sql`ground`),
      by(sql`acting`),
      by(sql`concat_ws(' ', protocol, version, clause)`),
      by(sql`coalesce(outcome, 'open')`),
    ]);
    const medianTime = all?.median ?? undefined;
    return { total: all?.total ?? 0, medianTime, byMonth, byGround, byAgency, byClause, byOutcome };
  });
}
