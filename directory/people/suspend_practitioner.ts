/** Suspending, restoring and letting go of a practitioner. Each takes effect for every request sent after the call returns. */
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import type { Actor } from '../actor.ts';
import { administer, refuseOwn } from '../agencies/administer.ts';
import { notFound } from '../errors.ts';

type Input = { practitioner: string; reason: string };

/** Takes every right away, in every agency, until restored. Only the agency that keeps the record can. */
export function suspendPractitioner(log: Log, actor: Actor, input: Input): Promise<void> {
  return setStatus(log, actor, input, { event: 'practitioner.suspended', status: 'suspended' });
}

/** Makes a suspended or departed practitioner active again; posts that have ended stay ended. */
export function restorePractitioner(log: Log, actor: Actor, input: Input): Promise<void> {
  return setStatus(log, actor, input, { event: 'practitioner.restored', status: 'active' });
}

/** Records that the practitioner has left; they are no longer found, and have no rights. */
export function recordLeaving(log: Log, actor: Actor, input: Input): Promise<void> {
  return setStatus(log, actor, input, { event: 'practitioner.left', status: 'left' });
}

type Change = { event: string; status: 'active' | 'suspended' | 'left' };

function setStatus(log: Log, actor: Actor, input: Input, { event, status }: Change): Promise<void> {
  return administer(log, actor, async (tx) => {
    if (status === 'active') refuseOwn(actor, input.practitioner);
    const changed = await tx.query(sql`
      update practitioner set status = ${status}, updated_at = now()
      where id = ${input.practitioner} and agency = ${actor.agency} returning 1`);
    if (changed.length === 0) throw notFound('practitioner');
    tx.record({
      event,
      actor,
      agencies: [actor.agency],
      subject: input.practitioner,
      content: { reason: input.reason },
    });
    tx.affects('practitioner', input.practitioner);
  });
}
