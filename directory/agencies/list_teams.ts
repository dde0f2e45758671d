/** Reading an agency's teams. */
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { read, type Scope } from '../../platform/database/transaction.ts';

export type Team = {
  id: string;
  agency: string;
  name: string;
  listed: boolean;
  area?: string;
  source: string;
  confirmedAt: number;
};

/** The agency's teams by name: those listed, and with `actingFor` that very agency the unlisted ones too. */
export async function listTeams(db: Database, agency: string, actingFor?: string): Promise<Team[]> {
  const scope: Scope = actingFor === undefined ? { reading: 'directory' } : { reading: 'directory', agency: actingFor };
  const rows = await read(db, scope, (tx) =>
    tx.query<Omit<Team, 'area'> & { area: string | null }>(sql`
      select id, agency, name, listed, area, source, extract(epoch from confirmed_at)::float8 as "confirmedAt"
      from team where agency = ${agency} order by name`),
  );
  return rows.map(({ area, ...team }) => (area === null ? team : { ...team, area }));
}
