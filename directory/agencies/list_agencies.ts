/** Reading agencies. */
import type { Database, Queryable } from '../../platform/database/database.ts';
import { type Query, sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';
import type { Agency } from './agency.ts';

type Row = Omit<Agency, 'switchboard' | 'website' | 'area'> & {
  switchboard: string | null;
  website: string | null;
  area: string | null;
};

/** Agencies that belong to the federation now, by kind and name; `kind` narrows. */
export function listAgencies(db: Database, filter: { kind?: string } = {}): Promise<Agency[]> {
  const kind = filter.kind === undefined ? sql`true` : sql`a.kind = ${filter.kind}`;
  return read(db, { reading: 'directory' }, (tx) => select(tx, sql`a.ended_at is null and ${kind}`));
}

/** The agency with this official code, an ended one too; undefined when there is none. */
export async function findAgency(db: Database, code: string): Promise<Agency | undefined> {
  const [agency] = await read(db, { reading: 'directory' }, (tx) => select(tx, sql`a.code = ${code}`));
  return agency;
}

async function select(tx: Queryable, condition: Query): Promise<Agency[]> {
  const rows = await tx.query<Row>(sql`
    select a.code, a.code_system as "codeSystem", a.code_source as "codeSource", a.kind, k.name as "kindName", a.name,
           a.switchboard, a.website, a.area, case when a.ended_at is null then 'active' else 'ended' end as status,
           a.source, extract(epoch from a.confirmed_at)::float8 as "confirmedAt"
    from agency a join kind k on k.code = a.kind where ${condition} order by a.kind, a.name`);
  return rows.map(({ switchboard, website, area, ...agency }) => ({
    ...agency,
    ...(switchboard !== null && { switchboard }),
    ...(website !== null && { website }),
    ...(area !== null && { area }),
  }));
}
