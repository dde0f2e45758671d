/** Duties that are past their time and that nobody said were done. */
import type { Database } from '../../../platform/database/database.ts';
import { joinSql, type Query, sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';

/** Times are epoch seconds. `refused`: the partner system said that it would not be done. */
export type OverdueDuty = {
  decision: string;
  obligation: string;
  agency: string;
  acting: string;
  client: string;
  practitioner: string;
  text: string;
  decidedAt: number;
  dueAt: number;
  refused: boolean;
};

/** Whose duties: of decisions about records that the agency holds, of its own people, or both. */
type DutyScope = { agency: string; holds: boolean; acts: boolean };

const notDone = sql`not exists (
  select from obligation_acknowledgement said
  where said.decision = duty.decision and said.obligation = duty.obligation and said.state = 'done')`;

/** The duties that are overdue, the oldest first. */
export async function listOverdueDuties(
  db: Database,
  scope: DutyScope,
  page: { page: number; size: number; now: number },
): Promise<{ duties: OverdueDuty[]; total: number }> {
  const rows = await read(db, { agency: scope.agency }, (tx) =>
    tx.query<OverdueDuty & { total: number }>(sql`
      select decision, obligation, agency, acting, client, practitioner, text,
             extract(epoch from decided_at)::float8 as "decidedAt", extract(epoch from due_at)::float8 as "dueAt",
             exists (select from obligation_acknowledgement said
                     where said.decision = duty.decision and said.obligation = duty.obligation) as refused,
             count(*) over ()::int as total
      from duty where ${overdue(scope, page.now)}
      order by due_at, decision, obligation limit ${page.size} offset ${(page.page - 1) * page.size}`),
  );
  return { duties: rows.map(({ total: _, ...duty }) => duty), total: rows[0]?.total ?? 0 };
}

export async function countOverdueDuties(db: Database, scope: DutyScope, now: number): Promise<number> {
  const [row] = await read(db, { agency: scope.agency }, (tx) =>
    tx.query<{ count: number }>(sql`select count(*)::int as count from duty where ${overdue(scope, now)}`),
  );
  return row?.count ?? 0;
}

/** Agencies with overdue duties, by the part they have in them, and how many; across agencies, for the daily message. */
export function countByAgency(
  db: Database,
  now: number,
): Promise<{ agency: string; part: 'holds' | 'acts'; count: number }[]> {
  const late = sql`duty.due_at <= to_timestamp(${now}::float8) and ${notDone}`;
  return read(db, { reading: 'audit' }, (tx) =>
    tx.query(sql`
      select agency, 'holds' as part, count(*)::int as count from duty where ${late} group by agency
      union all
      select acting, 'acts', count(*)::int from duty where ${late} group by acting
      order by 1, 2`),
  );
}

function overdue({ agency, holds, acts }: DutyScope, now: number): Query {
  const whose = [sql`false`, holds && sql`duty.agency = ${agency}`, acts && sql`duty.acting = ${agency}`];
  const part = joinSql(
    whose.filter((one) => one !== false),
    ' or ',
  );
  return sql`(${part}) and duty.due_at <= to_timestamp(${now}::float8) and ${notDone}`;
}
