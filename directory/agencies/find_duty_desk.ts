/** How to reach a human being of an agency now. */
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';

/** `agency` is its official code; `team` is there when the desk is a team's own; `confirmedAt` in epoch seconds. */
export type DutyDesk = {
  agency: string;
  agencyName: string;
  team?: string;
  name: string;
  phone: string;
  hours: string;
  source: string;
  confirmedAt: number;
};

/** The team's duty desk where it has one, else the agency's, else undefined. */
export async function findDutyDesk(db: Database, agency: string, team?: string): Promise<DutyDesk | undefined> {
  const [row] = await read(db, { reading: 'standing' }, (tx) =>
    tx.query<Omit<DutyDesk, 'team'> & { team: string | null }>(sql`
      select d.agency, a.name as "agencyName", d.team, d.name, d.phone, d.hours, d.source,
             extract(epoch from d.confirmed_at)::float8 as "confirmedAt"
      from duty_desk d join agency a on a.code = d.agency
      where d.agency = ${agency} and (d.team is null or d.team::text = ${team ?? null})
      order by d.team nulls last limit 1`),
  );
  if (row === undefined) return undefined;
  const { team: own, ...desk } = row;
  return own === null ? desk : { ...desk, team: own };
}
