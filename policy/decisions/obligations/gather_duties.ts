/** Reads the duties of permitted answers out of the log into their index, from where it was left the last time. */
import type { Database } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { transaction } from '../../../platform/database/transaction.ts';
import type { JsonObject } from '../../../platform/json.ts';
import type { LogEvent } from '../../../platform/log/event.ts';
import { readPart, unpackParts } from '../../../platform/log/parts.ts';
import { decisionsIn } from '../audit/recorded.ts';
import { Answered, dueAt, type Obligation } from './duty.ts';

type Row = {
  id: string;
  event: string;
  time: number;
  actor: LogEvent['actor'];
  content: JsonObject;
  parts: Buffer | null;
};

const batch = 5_000;

/** Gathers what was recorded since; returns how many duties. Two processes at once gather each of them once. */
export async function gatherDuties(db: Database): Promise<number> {
  let gathered = 0;
  for (let more = true; more;) {
    const turn = await transaction(db, { reading: 'audit' }, gatherBatch);
    gathered += turn.gathered;
    more = turn.more;
  }
  return gathered;
}

async function gatherBatch(tx: Queryable): Promise<{ gathered: number; more: boolean }> {
  const [cursor] = await tx.query<{ from: number; size: number }>(sql`
    select cursor.position as from, head.size from duty_cursor cursor join log_head head using (log)
    where log = 'main' for update of cursor`);
  const { from, size } = cursor!;
  const to = Math.min(size, from + batch);
  const rows = await tx.query<Row>(sql`
    select leaf.id, beside.event, beside.time, beside.committed::json -> 'actor' as actor,
           beside.committed::json -> 'content' as content, beside.parts
    from log_content beside join log_leaf leaf using (log, position)
    where log = 'main' and position >= ${from} and position < ${to} and (
      beside.event = 'decision' and beside.committed::json #>> '{content,answer,context,obligations,0,id}' is not null
      or beside.event = 'decisions' and beside.committed::json #>> '{content,answered,with_obligations}' <> '0')
    order by position`);
  let gathered = 0;
  for (const row of rows) gathered += await insertDuties(tx, row);
  await tx.query(sql`update duty_cursor set position = ${to} where log = 'main'`);
  return { gathered, more: to < size };
}

async function insertDuties(tx: Queryable, { parts, ...row }: Row): Promise<number> {
  const entry = { ...row, ...(parts !== null && { parts: unpackParts(parts)?.map(readPart) ?? [] }) };
  let inserted = 0;
  for (const { id, content } of decisionsIn(entry)) {
    // A record of another shape carries no duty that could be read, and must not keep those after it from being gathered.
    const { request, answer } = Answered.safeParse(content).data ?? {};
    if (request === undefined || answer?.decision !== true) continue;
    for (const one of answer.context.obligations) await insertDuty(tx, id, request.resource.agency, one, row);
    inserted += answer.context.obligations.length;
  }
  return inserted;
}

async function insertDuty(
  tx: Queryable,
  decision: string,
  agency: string,
  one: Obligation,
  { time, actor }: Pick<Row, 'time' | 'actor'>,
): Promise<void> {
  const text = typeof one.properties.text === 'string' ? one.properties.text : one.id;
  await tx.query(sql`
    insert into duty (decision, obligation, agency, acting, client, practitioner, text, decided_at, due_at)
    values (${decision}, ${one.id}, ${agency}, ${actor.agency}, ${actor.client}, ${actor.practitioner}, ${text},
            to_timestamp(${time}::float8), to_timestamp(${dueAt(one, time)}::float8))
    on conflict do nothing`);
}
