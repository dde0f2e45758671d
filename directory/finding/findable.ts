/** Who may be found: the one condition that every search and every entry stands under, before any limit. */
import { type Query, sql } from '../../platform/database/sql.ts';
import { shownPost } from '../shown_post.ts';

/** What narrows a search beside a name. */
export type PostFilter = { role?: string; agency?: string };

/** True for a row `p` of `practitioner` who is active and has a shown post, of that role and in that agency where asked. */
export function findable(filter: PostFilter): Query {
  const role = filter.role === undefined ? sql`` : sql` and o.role = ${filter.role}`;
  const agency = filter.agency === undefined ? sql`` : sql` and o.agency = ${filter.agency}`;
  return sql`p.status = 'active' and exists (
    select from post o join team t on t.id = o.team join agency a on a.code = o.agency
    where o.practitioner = p.id and ${shownPost()}${role}${agency})`;
}
