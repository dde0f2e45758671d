/** Writing down an entry on a professional register, and that it lapsed. */
import type { Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import type { Actor } from '../actor.ts';
import { administer, grant, refuseOwn } from '../agencies/administer.ts';
import { DirectoryError, notFound } from '../errors.ts';
import { checkChecked } from '../times.ts';
import { departed, lockStatus } from './suspend_practitioner.ts';
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
  const { practitioner, body, checked, source } = input;
  return grant(log, actor, async (tx) => {
    refuseOwn(actor, practitioner);
    const number = wellFormedNumber(body, input.number);
    if (checked !== undefined) checkChecked(checked, log.clock());
    if ((await lockStatus(tx, actor.agency, practitioner)) === 'left') throw departed();
    if (await isRecorded(tx, { ...input, number })) return;
    const evidence = checked === undefined ? 'format' : 'checked';
    await tx.query(sql`
      insert into registration (id, practitioner, agency, body, number, evidence, checked_by, checked_at, valid_until, source)
      values (${uuidv7()}, ${practitioner}, ${actor.agency}, ${body}, ${number}, ${evidence}, ${checked?.by ?? null},
              to_timestamp(${checked?.at ?? null}), to_timestamp(${checked?.validUntil ?? null}), ${source})
      on conflict (practitioner, body) do update
      set number = excluded.number, evidence = excluded.evidence, checked_by = excluded.checked_by, checked_at = excluded.checked_at,
          valid_until = excluded.valid_until,
          lapsed_at = case when excluded.evidence = 'format' then registration.lapsed_at end, source = excluded.source, confirmed_at = now()`);
    tx.record({
      event: 'registration.recorded',
      actor,
      agencies: [actor.agency],
      subject: practitioner,
      content: { body, number, evidence, checkedBy: checked?.by ?? null },
    });
    tx.affects('practitioner', practitioner);
  });
}

/** True for a check that is on record in the same words; `newer-check-recorded`, `registration-lapsed` where it says nothing new. */
async function isRecorded(
  tx: Queryable,
  { practitioner, body, number, checked, source }: RegistrationInput,
): Promise<boolean> {
  if (checked === undefined) return false;
  const [known] = await tx.query<{ same: boolean; newer: boolean; lapsed: boolean }>(sql`
    select (number, checked_by, checked_at, source) = (${number}, ${checked.by}, to_timestamp(${checked.at}), ${source})
             and valid_until is not distinct from to_timestamp(${checked.validUntil ?? null}) as same,
           checked_at > to_timestamp(${checked.at}) as newer,
           checked_at = to_timestamp(${checked.at}) and lapsed_at is not null as lapsed
    from registration where practitioner = ${practitioner} and body = ${body} and evidence = 'checked'`);
  if (known?.lapsed) {
    throw new DirectoryError(
      'conflict',
      'registration-lapsed',
      'The registration lapsed after this check. Only a later check makes it count again.',
    );
  }
  if (!known?.newer) return known?.same ?? false;
  throw new DirectoryError(
    'conflict',
    'newer-check-recorded',
    'A later check of this registration is on record, so this one was not recorded.',
  );
}

/** Records that the register, or the agency, says the entry no longer counts. A later check makes it count again. */
export function markRegistrationLapsed(
  log: Log,
  actor: Actor,
  input: { practitioner: string; body: string; reason: string },
): Promise<void> {
  const { practitioner, body, reason } = input;
  return administer(log, actor, async (tx) => {
    const [entry] = await tx.query<{ lapsed: boolean }>(sql`
      select lapsed_at is not null as lapsed from registration
      where practitioner = ${practitioner} and body = ${body} and agency = ${actor.agency} for update`);
    if (entry === undefined) throw notFound('registration');
    if (entry.lapsed) return;
    await tx.query(sql`
      update registration set lapsed_at = now(), confirmed_at = now()
      where practitioner = ${practitioner} and body = ${body}`);
    tx.record({
      event: 'registration.lapsed',
      actor,
      agencies: [actor.agency],
      subject: practitioner,
      content: { body, reason },
    });
    tx.affects('practitioner', practitioner);
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
