/** Closing a review: once, by an officer of the agency that holds the record, never by the person who overrode. */
import type { ActingPerson } from '../../../directory/actor.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { seal } from '../../../platform/keys/envelope.ts';
import { change } from '../../../platform/log/change.ts';
import { isUuid } from '../../../platform/uuid.ts';
import { PolicyError } from '../../errors.ts';
import type { ReviewContext } from './context.ts';
import { endingOutcomes, type ReviewOutcome, sealLabel } from './review.ts';

type Closed = { practitioner: string; acting: string };

/**
 * Writes down what the agency thinks of the override. Throws `officers-only`, `review-not-found` (also for another agency's),
 * `own-override` and `review-closed`. "Not justified" and "concern raised" also end what is left of the override's minutes.
 */
export async function closeReview(
  { log, clock, config, register }: Desk,
  reviewer: ActingPerson,
  id: string,
  { outcome, note }: { outcome: ReviewOutcome; note: string },
): Promise<void> {
  const { agency, practitioner } = reviewer;
  requireOfficer(register, reviewer);
  await change(log, { agency }, async (tx) => {
    const sealed = seal(config.masterKey, sealLabel('note', id), Buffer.from(note, 'utf8'));
    const [closed] = isUuid(id)
      ? await tx.query<Closed>(sql`
          update override_review
          set outcome = ${outcome}, note = ${sealed}, closed_by = ${practitioner}, closed_at = to_timestamp(${clock()}::float8)
          where id = ${id} and agency = ${agency} and closed_at is null and practitioner <> ${practitioner}
          returning practitioner, acting`)
      : [];
    if (closed === undefined) throw await explain(tx, reviewer, id);
    tx.record({
      event: 'override.reviewed',
      actor: reviewer,
      agencies: [agency, closed.acting],
      subject: closed.practitioner,
      content: { review: id, outcome },
    });
    if (endingOutcomes.includes(outcome)) tx.affects('practitioner', closed.practitioner);
  });
}

type Desk = Pick<ReviewContext, 'log' | 'clock' | 'register'> & { config: { masterKey: Buffer } };

function requireOfficer(register: ReviewContext['register'], { agency, practitioner }: ActingPerson): void {
  const officers = [...(register.state()?.agencies.get(agency)?.officers.values() ?? [])];
  if (officers.some((officer) => officer.practitioner === practitioner && officer.endedAt === undefined)) return;
  throw new PolicyError('forbidden', 'officers-only', 'Only an officer of the agency that holds the record reviews.');
}

/** Why no row was closed. */
async function explain(tx: Queryable, { agency, practitioner }: ActingPerson, id: string): Promise<PolicyError> {
  const [row] = isUuid(id)
    ? await tx.query<{ own: boolean }>(sql`
        select practitioner = ${practitioner} as own from override_review where id = ${id} and agency = ${agency}`)
    : [];
  if (row === undefined) {
    return new PolicyError('not-found', 'review-not-found', 'Your agency has no such review.');
  }
  return row.own
    ? new PolicyError(
        'forbidden',
        'own-override',
        'This is your own override. Another officer of your agency reviews it.',
      )
    : new PolicyError(
        'conflict',
        'review-closed',
        'Somebody has closed this review already. Open it again to read what they wrote.',
      );
}
