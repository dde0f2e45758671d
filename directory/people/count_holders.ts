/** How many people hold each of certain roles now, of those who may be shown to an agency. */
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';
import { shownPost } from '../shown_post.ts';

export type HolderCount = { agency: string; role: string; roleName: string; people: number };

/** People of one role are counted up to here; one more stands for "more than that". */
export const mostCounted = 1_000;

/** The active people with an active post of each role that may be shown to `viewer`, in the order of the roles; a role that nobody holds counts 0. */
export async function countHolders(
  db: Database,
  roles: readonly { agency: string; role: string }[],
  viewer: string,
): Promise<HolderCount[]> {
  return read(db, { reading: 'standing' }, (tx) =>
    tx.query<HolderCount>(sql`
      select asked.agency, asked.role, coalesce(r.name, asked.role) as "roleName", held.people
      from unnest(${roles.map(({ agency }) => agency)}::text[], ${roles.map(({ role }) => role)}::text[])
             with ordinality as asked (agency, role, place)
      left join role r on r.code = asked.role
      cross join lateral (
        select count(*)::int as people from (
          select distinct o.practitioner from post o join practitioner p on p.id = o.practitioner and p.status = 'active'
          join agency a on a.code = o.agency join team t on t.id = o.team
          where o.agency = asked.agency and o.role = asked.role and ${shownPost(viewer)}
          order by o.practitioner limit ${mostCounted + 1}) counted) held
      order by asked.place`),
  );
}
