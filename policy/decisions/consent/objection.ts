/** Objections: what the holders of the records have to answer within a month, and what they answered. */
import type { ActingPerson } from '../../../directory/actor.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { change } from '../../../platform/log/change.ts';
import type { Log } from '../../../platform/log/log.ts';
import { PolicyError } from '../../errors.ts';

/** `stopped`: nothing more is shared about the person; `goes-on`: compelling grounds prevail. */
export const objectionOutcomes = ['stopped', 'goes-on'] as const;
export type ObjectionOutcome = (typeof objectionOutcomes)[number];

/** Times in epoch seconds. `id` is the statement's; `agency` has to answer, `askedThrough` wrote it down. */
export type Objection = {
  id: string;
  agency: string;
  askedThrough: string;
  protocol: string;
  clause: string | null;
  purpose: string | null;
  saidAt: number;
  dueAt: number;
  outcome: ObjectionOutcome | null;
  reason: string | null;
  answeredBy: string | null;
  answeredAt: number | null;
};

type Where = { agency: string; id?: string } | { askedThrough: string; id: string };

/** Objections that the agency has to answer or answered: open ones first, the most urgent at the top. */
export function listObjections(log: Pick<Log, 'db'>, agency: string): Promise<Objection[]> {
  return select(log, agency, { agency });
}

/** How many objections the agency has still to answer. */
export async function countOpenObjections(log: Pick<Log, 'db'>, agency: string): Promise<number> {
  const [row] = await read(log.db, { agency }, (tx) =>
    tx.query<{ count: number }>(sql`
      select count(*)::int as count from objection where agency = ${agency} and answered_at is null`),
  );
  return row?.count ?? 0;
}

/** One objection that the agency has to answer or answered; undefined for any other. */
export async function findObjection(log: Pick<Log, 'db'>, agency: string, id: string): Promise<Objection | undefined> {
  const [found] = await select(log, agency, { agency, id });
  return found;
}

/** What the holders answered to an objection that the agency wrote down, one for each holder. */
export function listAnswers(log: Pick<Log, 'db'>, agency: string, id: string): Promise<Objection[]> {
  return select(log, agency, { askedThrough: agency, id });
}

function select(log: Pick<Log, 'db'>, agency: string, where: Where): Promise<Objection[]> {
  const holder = 'agency' in where ? where.agency : null;
  const through = 'askedThrough' in where ? where.askedThrough : null;
  const id = where.id ?? null;
  return read(log.db, { agency }, (tx) =>
    tx.query<Objection>(sql`
      select consent as id, agency, asked_through as "askedThrough", protocol, clause, purpose, outcome, reason,
             extract(epoch from said_at)::float8 as "saidAt", extract(epoch from due_at)::float8 as "dueAt",
             answered_by as "answeredBy", extract(epoch from answered_at)::float8 as "answeredAt"
      from objection
      where (${holder}::text is null or agency = ${holder}) and (${through}::text is null or asked_through = ${through})
        and (${id}::uuid is null or consent = ${id})
      order by answered_at is not null, due_at, consent, agency`),
  );
}

/**
 * Answers an objection for the holder. It changes no decision by itself: where sharing stops, the holder's own system stops
 * asking for it, or the protocol is changed. `objection-not-found` for another agency's, `objection-answered` the second time.
 */
export function answerObjection(
  log: Log,
  officer: ActingPerson,
  { id, outcome, reason }: { id: string; outcome: ObjectionOutcome; reason: string },
): Promise<void> {
  const { agency, practitioner } = officer;
  return change(log, { agency }, async (tx) => {
    const [row] = await tx.query<{ protocol: string; subject: string; askedThrough: string }>(sql`
      update objection set outcome = ${outcome}, reason = ${reason}, answered_by = ${practitioner},
                           answered_at = clock_timestamp()
      where consent = ${id} and agency = ${agency} and outcome is null
      returning protocol, subject, asked_through as "askedThrough"`);
    if (row === undefined) {
      const [answered] = await tx.query(sql`select from objection where consent = ${id} and agency = ${agency}`);
      throw answered === undefined
        ? new PolicyError('not-found', 'objection-not-found', 'Your agency has no such objection to answer.')
        : new PolicyError(
            'conflict',
            'objection-answered',
            'Somebody has answered this objection meanwhile. Open it again to see how.',
          );
    }
    tx.record({
      event: 'consent.objection-answered',
      actor: officer,
      agencies: [agency, row.askedThrough],
      content: { id, subject: row.subject, protocol: row.protocol, outcome, reason },
    });
  });
}
