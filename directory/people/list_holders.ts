/** Who holds a post of certain roles and may be shown to an agency, a page at a time. */
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { shownTo } from '../shown_post.ts';
import { read } from '../../platform/database/transaction.ts';

/**
 * The first `limit` practitioners after `after` (an id; undefined for the beginning), by id, who have a post of one of these
 * roles that may be shown to `viewer`, ended or suspended ones too. The work is bounded by the page and the number of roles,
 * however many people there are.
 */
export async function listHolders(
  db: Database,
  roles: readonly { agency: string; role: string }[],
  viewer: string,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  const rows = await read(db, { reading: 'standing' }, (tx) =>
    tx.query<{ practitioner: string }>(sql`
      select distinct held.practitioner
      from unnest(${roles.map(({ agency }) => agency)}::text[], ${roles.map(({ role }) => role)}::text[]) as asked (agency, role)
      cross join lateral (
        select distinct o.practitioner from post o join team t on t.id = o.team
        where o.agency = asked.agency and o.role = asked.role and o.practitioner > ${after ?? beforeAll}
          and ${shownTo(viewer)}
        order by o.practitioner limit ${limit}) held
      order by held.practitioner limit ${limit}`),
  );
  return rows.map(({ practitioner }) => practitioner);
}

const beforeAll = '00000000-0000-0000-0000-000000000000';
