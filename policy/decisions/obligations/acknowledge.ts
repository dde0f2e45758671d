/** A partner system says what became of the duties that came with an answer it was given. */
import type { Database } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { seal } from '../../../platform/keys/envelope.ts';
import { change } from '../../../platform/log/change.ts';
import type { Log } from '../../../platform/log/log.ts';
import { findRecorded } from '../audit/recorded.ts';
import { PolicyError } from '../../errors.ts';
import { Answered, dueAt, type Obligation, type State } from './duty.ts';

/** A duty with what was said of it, in the order in which it was said. Times are epoch seconds. */
export type DutyState = Obligation & { dueAt: number; said: { state: State; at: number }[] };

type Saying = { id: string; state: State; note?: string | undefined };

type Desk = { log: Log; clock: () => number; config: { masterKey: Buffer } };

/** The duties of a decision that this client was given; `decision-not-found` for every other. */
export async function listObligations(db: Database, client: string, decision: string): Promise<DutyState[]> {
  return statesOf(db, await getAnswer(db, client, decision));
}

/**
 * Writes down what was done or refused, each word once: said again it changes nothing, and a refusal after the deed is kept
 * beside it. `invalid-input` names ids that the decision did not carry. Returns the duties as they stand now.
 */
export async function acknowledgeObligations(
  { log, clock, config }: Desk,
  client: string,
  decision: string,
  sayings: readonly Saying[],
): Promise<DutyState[]> {
  const answer = await getAnswer(log.db, client, decision);
  requireKnown(answer, sayings);
  const { agency, acting, practitioner } = answer;
  await change(log, { agency }, async (tx) => {
    const fresh: Saying[] = [];
    for (const saying of sayings) {
      const { id, state, note } = saying;
      const sealed =
        note === undefined ? null : seal(config.masterKey, `obligation note ${decision}`, Buffer.from(note));
      const rows = await tx.query(sql`
        insert into obligation_acknowledgement (decision, obligation, state, agency, acting, client, note, acknowledged_at)
        values (${decision}, ${id}, ${state}, ${agency}, ${acting}, ${client}, ${sealed}, to_timestamp(${clock()}::float8))
        on conflict do nothing returning decision`);
      if (rows.length > 0) fresh.push(saying);
    }
    if (fresh.length === 0) return;
    tx.record({
      event: 'obligation.acknowledged',
      actor: { client },
      agencies: [agency, acting],
      subject: practitioner,
      content: { decision, obligations: fresh.map(({ id, state }) => ({ id, state })) },
    });
  });
  return statesOf(log.db, answer);
}

/** Ids of the duties of which nobody has said that they were done. */
export function outstanding(duties: readonly DutyState[]): string[] {
  return duties.filter(({ said }) => !said.some(({ state }) => state === 'done')).map(({ id }) => id);
}

type Given = {
  decision: string;
  time: number;
  agency: string;
  acting: string;
  practitioner: string;
  obligations: Obligation[];
};

async function getAnswer(db: Database, client: string, decision: string): Promise<Given> {
  const given = sql`beside.committed::json #>> '{actor,client}' = ${client}`;
  const { entry, recorded } = (await findRecorded(db, { reading: 'audit' }, decision, given)) ?? {};
  const answered = Answered.safeParse(recorded?.content).data;
  const { practitioner, agency: acting } = entry?.actor ?? {};
  if (answered?.answer.decision !== true || practitioner === undefined || acting === undefined) {
    throw new PolicyError(
      'not-found',
      'decision-not-found',
      'There is no such decision, it gave nothing, or it was not given to this partner system.',
    );
  }
  // Two clauses may name the same duty: it is one to whoever carries it out.
  const obligations = [...new Map(answered.answer.context.obligations.map((one) => [one.id, one])).values()];
  return { decision, time: entry!.time, agency: answered.request.resource.agency, acting, practitioner, obligations };
}

function requireKnown({ obligations }: Given, sayings: readonly Saying[]): void {
  const issues = sayings.flatMap(({ id }, index) =>
    obligations.some((known) => known.id === id)
      ? []
      : [{ pointer: `/obligations/${index}/id`, message: 'is not a duty that came with this decision' }],
  );
  if (issues.length === 0) return;
  throw new PolicyError('invalid', 'invalid-input', 'Some of the duties did not come with this decision.', { issues });
}

async function statesOf(db: Database, { decision, time, agency, obligations }: Given): Promise<DutyState[]> {
  const rows = await read(db, { agency }, (tx) =>
    tx.query<{ id: string; state: State; at: number }>(sql`
      select obligation as id, state, extract(epoch from acknowledged_at)::float8 as at
      from obligation_acknowledgement where decision = ${decision} order by acknowledged_at, state`),
  );
  return obligations.map((one) => ({
    ...one,
    dueAt: dueAt(one, time),
    said: rows.filter(({ id }) => id === one.id).map(({ state, at }) => ({ state, at })),
  }));
}
