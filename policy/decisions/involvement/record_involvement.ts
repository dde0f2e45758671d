/** Writing down who works with a data subject, and that they no longer do. */
import { type Actor, nameOf } from '../../../directory/actor.ts';
import { clocksApartSeconds } from '../../../platform/clock.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { oneAtATime } from '../../../platform/database/one_at_a_time.ts';
import { sql } from '../../../platform/database/sql.ts';
import { change } from '../../../platform/log/change.ts';
import type { Log } from '../../../platform/log/log.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import { PolicyError } from '../../errors.ts';

declare module '../../../platform/log/event.ts' {
  interface Topics {
    involvement: true;
  }
}

/** `subject` is the pseudonym; times are epoch seconds; `confirmedBy` names the agency's system or the second person. */
type InvolvementInput = {
  subject: string;
  practitioner: string;
  post?: string;
  from: number;
  until?: number;
  confirmedBy?: string;
};

/**
 * Records that a practitioner works with a data subject. Declared by the practitioner alone, it counts for nothing until
 * somebody else confirms it. Said again while it runs it is the same record, so that ending it leaves none beside it. Returns
 * the record's id.
 */
export function recordInvolvement(log: Log, actor: Actor, input: InvolvementInput): Promise<string> {
  if (input.confirmedBy === input.practitioner) {
    throw new PolicyError(
      'forbidden',
      'not-for-yourself',
      'Nobody confirms their own involvement. Ask a colleague, or let your agency’s system do it.',
    );
  }
  return change(log, { agency: actor.agency }, async (tx) => {
    await oneAtATime(tx, `involvements with ${input.subject}`);
    const known = await findRunning(tx, actor, input);
    if (known !== undefined) return known;
    const id = uuidv7();
    const confirmed = input.confirmedBy ?? null;
    await tx.query(sql`
      insert into involvement (id, agency, practitioner, post, subject, starts_at, ends_at, recorded_by, confirmed_by, confirmed_at)
      values (${id}, ${actor.agency}, ${input.practitioner}, ${input.post ?? null}, ${input.subject},
              case when ${input.from}::float8 <= extract(epoch from statement_timestamp()) + ${clocksApartSeconds}
                then least(to_timestamp(${input.from}::float8), statement_timestamp())
                else to_timestamp(${input.from}::float8) end, to_timestamp(${input.until ?? null}::float8), ${nameOf(actor)},
              ${confirmed}, case when ${confirmed}::text is not null then clock_timestamp() end)`);
    tx.record({
      event: 'involvement.recorded',
      actor,
      agencies: [actor.agency],
      subject: input.practitioner,
      content: { id, subject: input.subject, post: input.post ?? null, confirmed: confirmed !== null },
    });
    tx.affects('involvement', input.subject);
    return id;
  });
}

/** The same involvement, where it is on record and not over. */
async function findRunning(
  tx: Queryable,
  { agency }: Actor,
  { subject, practitioner, post, from, until, confirmedBy }: InvolvementInput,
): Promise<string | undefined> {
  const [row] = await tx.query<{ id: string }>(sql`
    select id from involvement
    where agency = ${agency} and practitioner = ${practitioner} and subject = ${subject}
      and post is not distinct from ${post ?? null}::uuid and confirmed_by is not distinct from ${confirmedBy ?? null}
      and starts_at <= to_timestamp(${from}::float8) and (ends_at is null or ends_at > clock_timestamp())
      and ends_at is not distinct from to_timestamp(${until ?? null}::float8)`);
  return row?.id;
}

/** Records that an involvement of the actor's agency has ended, as of now. `involvement-not-found` when there is none. */
export function endInvolvement(log: Log, actor: Actor, id: string): Promise<void> {
  return change(log, { agency: actor.agency }, async (tx) => {
    const [row] = await tx.query<{ subject: string; practitioner: string }>(sql`
      update involvement set ends_at = greatest(starts_at, clock_timestamp())
      where id = ${id} and (ends_at is null or ends_at > clock_timestamp())
      returning subject, practitioner`);
    if (row === undefined) {
      throw new PolicyError(
        'not-found',
        'involvement-not-found',
        'There is no such involvement, it has ended, or it belongs to another agency.',
      );
    }
    tx.record({
      event: 'involvement.ended',
      actor,
      agencies: [actor.agency],
      subject: row.practitioner,
      content: { id, subject: row.subject },
    });
    tx.affects('involvement', row.subject);
  });
}
