/** Writing down an entry on a professional register, and that it lapsed. */
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import type { Actor } from '../actor.ts';
import { administer, refuseOwn } from '../agencies/administer.ts';
import { DirectoryError, notFound } from '../errors.ts';
import { listRegisters, normaliseNumber } from './formats.ts';

/** Times are epoch seconds. Without `checked` the entry says only that the number looks right. */
export type RegistrationInput = {
  practitioner: string;
  body: string;
  number: string;
  checked?: { by: string; at: number; validUntil?: number };
  source: string;
};

/** Records the one entry that a practitioner of the actor's agency has on a register; a new check replaces an older one. */
export function recordRegistration(log: Log, actor: Actor, input: RegistrationInput): Promise<void> {
  return administer(log, actor, async (tx) => {
    refuseOwn(actor, input.practitioner);
    const number = wellFormedNumber(input.body, input.number);
    const { checked } = input;
    const found = await tx.query(sql`
      insert into registration (id, practitioner, agency, body, number, evidence, checked_by, checked_at, valid_until, source)
      select ${uuidv7()}, p.id, p.agency, ${input.body}, ${number}, ${checked ? 'checked' : 'format'}, ${checked?.by ?? null},
             to_timestamp(${checked?.at ?? null}), to_timestamp(${checked?.validUntil ?? null}), ${input.source}
      from practitioner p where p.id = ${input.practitioner} and p.agency = ${actor.agency}
      on conflict (practitioner, body) do update
      set number = excluded.number, evidence = excluded.evidence, checked_by = excluded.checked_by, checked_at = excluded.checked_at,
          valid_until = excluded.valid_until, 
          lapsed_at = case when excluded.evidence = 'format' then registration.lapsed_at end, source = excluded.source, confirmed_at = now()
      returning 1`);
    if (found.length === 0) throw notFound('practitioner');
    tx.record({
      event: 'registration.recorded',
      actor,
      agencies: [actor.agency],
      subject: input.practitioner,
      content: { body: input.body, number, evidence: checked ? 'checked' : 'format', checkedBy: checked?.by ?? null },
    });
    tx.affects('practitioner', input.practitioner);
  });
}

/** Records that the register, or the agency, says the entry no longer counts. A later check makes it count again. */
export function markRegistrationLapsed(
  log: Log,
  actor: Actor,
  input: { practitioner: string; body: string; reason: string },
): Promise<void> {
  return administer(log, actor, async (tx) => {
    const found = await tx.query(sql`
      update registration set lapsed_at = now(), confirmed_at = now()
      where practitioner = ${input.practitioner} and body = ${input.body} and agency = ${actor.agency} returning 1`);
    if (found.length === 0) throw notFound('registration');
    tx.record({
      event: 'registration.lapsed',
      actor,
      agencies: [actor.agency],
      subject: input.practitioner,
      content: { body: input.body, reason: input.reason },
    });
    tx.affects('practitioner', input.practitioner);
  });
}

/** The number as its register writes it; throws when the register is unknown or the number cannot be one of its. */
export function wellFormedNumber(body: string, number: string): string {
  const normal = normaliseNumber(body, number);
  if (normal !== undefined) return normal;
  const register = listRegisters().find((known) => known.body === body);
  if (register === undefined) {
    const known = listRegisters()
      .map((one) => one.body)
      .join(', ');
    throw new DirectoryError(
      'invalid',
      'unknown-professional-register',
      `Choose one of the professional registers ${known}.`,
    );
  }
  throw new DirectoryError(
    'invalid',
    'malformed-registration-number',
    `A ${body} number looks like ${register.example}.`,
  );
}
