/** Who may be found: the one condition that every search and every entry stands under, before any limit. */
import { type Query, sql } from '../../platform/database/sql.ts';

/** What narrows a search beside a name. */
export type PostFilter = { role?: string; agency?: string };

/**
 * True for a row `o` of `post` (with `t` its team and `a` its agency) that makes its holder findable: current, not
 * suspended, in a listed team of an agency that has not left. Row-level security says the same again.
 */
export const shownPost = sql`not o.suspended and o.starts_at <= now() and (o.ends_at is null or now() < o.ends_at)
  and t.listed and a.ended_at is null`;

/** True for a row `p` of `practitioner` who is active and has a shown post, of that role and in that agency where asked. */
export function findable(filter: PostFilter): Query {
  const role = filter.role === undefined ? sql`` : sql` and o.role = ${filter.role}`;
  const agency = filter.agency === undefined ? sql`` : sql` and o.agency = ${filter.agency}`;
  return sql`p.status = 'active' and exists (
    select from post o join team t on t.id = o.team join agency a on a.code = o.agency
    where o.practitioner = p.id and ${shownPost}${role}${agency})`;
}
