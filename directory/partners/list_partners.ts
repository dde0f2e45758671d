/** Partner systems that people can open. */
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';

type PartnerHome = { name: string; homeUri: string; agencyName: string };

/** Active partner systems with a home page, by name. */
export function listPartnerHomes(db: Database): Promise<PartnerHome[]> {
  return read(db, { reading: 'standing' }, (tx) =>
    tx.query<PartnerHome>(sql`
      select p.name, p.home_uri as "homeUri", a.name as "agencyName"
      from partner p join agency a on a.code = p.agency
      where p.status = 'active' and p.home_uri is not null and a.ended_at is null
      order by p.name`),
  );
}
