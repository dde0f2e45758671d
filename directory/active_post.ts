/**
 * When a post counts: the one rule, in SQL for rows and in code for a standing that was read. The clock that decides is the
 * database's: rows are asked by its `now()`, pages and grants take it with the row that they read, and code goes by it as the
 * process follows it. Were it a process's own, a post ended by one could go on counting in another.
 */
import { type Query, sql } from '../platform/database/sql.ts';

type Term = { suspended: boolean; from: number; until?: number };

/** True when the post may be acted in at that moment (epoch seconds). Its `until` is never later than its agency's end. */
export function postIsActive(post: Term, now: number): boolean {
  return !post.suspended && post.from <= now && (post.until === undefined || now < post.until);
}

/** The same for a row `o` of `post` with `a`, its agency. */
export const activePost = sql`not o.suspended and o.starts_at <= now() and (o.ends_at is null or now() < o.ends_at)
  and a.ended_at is null`;

/** True where an active practitioner has an active post in the agency. What is passed must not name `p`, `o` or `a`. */
export function holdsPost(practitioner: string | Query, agency: string | Query): Query {
  return sql`exists (
    select from practitioner p join post o on o.practitioner = p.id join agency a on a.code = o.agency
    where p.id = ${practitioner} and o.agency = ${agency} and p.status = 'active' and ${activePost})`;
}
