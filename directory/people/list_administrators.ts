/** Who administers an agency's entries. */
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';

export type Administrator = { practitioner: string; name: string; appointedAt: number };

// Counts only while active, in an active post of the agency: leaving the agency ends the capacity without a second act.
const counts = sql`
  from administrator a
  join practitioner p on p.id = a.practitioner and p.status = 'active'
  join agency g on g.code = a.agency and g.ended_at is null
  where exists (select from post where post.practitioner = a.practitioner and post.agency = a.agency
                  and not post.suspended and post.starts_at <= now() and (post.ends_at is null or now() < post.ends_at))`;

/** The agency's administrators as of now, by name. */
export function listAdministratorsOf(db: Database, agency: string): Promise<Administrator[]> {
  return read(db, { reading: 'standing' }, (tx) =>
    tx.query<Administrator>(sql`
      select a.practitioner, p.display_name as name, extract(epoch from a.appointed_at)::float8 as "appointedAt"
      ${counts} and a.agency = ${agency} order by p.sort_key, p.id`),
  );
}

/** True while the practitioner may administer the agency's entries. */
export async function isAdministrator(db: Database, practitioner: string, agency: string): Promise<boolean> {
  const rows = await read(db, { reading: 'standing' }, (tx) =>
    tx.query(sql`select 1 ${counts} and a.agency = ${agency} and a.practitioner = ${practitioner}`),
  );
  return rows.length > 0;
}
