/** Who administers an agency's entries. */
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';
import { administers } from '../agencies/administer.ts';

type Administrator = { practitioner: string; name: string; appointedAt: number };

/** The agency's administrators as of now, by name. */
export function listAdministratorsOf(db: Database, agency: string): Promise<Administrator[]> {
  return read(db, { reading: 'standing' }, (tx) =>
    tx.query<Administrator>(sql`
      select practitioner, person.display_name as name, extract(epoch from appointed_at)::float8 as "appointedAt"
      from administrator join practitioner person on person.id = practitioner
      where administrator.agency = ${agency} and ${administers} order by person.sort_key, person.id`),
  );
}

/** True while the practitioner may administer the agency's entries. */
export async function isAdministrator(db: Database, practitioner: string, agency: string): Promise<boolean> {
  const rows = await read(db, { reading: 'standing' }, (tx) =>
    tx.query(sql`
      select 1 from administrator
      where agency = ${agency} and practitioner = ${practitioner} and ${administers}`),
  );
  return rows.length > 0;
}
