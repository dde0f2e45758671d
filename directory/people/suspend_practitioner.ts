/** Suspending, restoring and letting go of a practitioner. Each takes effect for every request sent after the call returns. */
import type { Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import type { Actor } from '../actor.ts';
import { administer, grant, refuseOwn } from '../agencies/administer.ts';
import { DirectoryError, notFound } from '../errors.ts';
import type { Standing } from './standing.ts';

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

/** The status of somebody whose record the agency keeps, held until the transaction ends; `practitioner-not-found`. */
export async function lockStatus(tx: Queryable, agency: string, practitioner: string): Promise<Standing['status']> {
  const [row] = await tx.query<{ status: Standing['status'] }>(sql`
    select status from practitioner where id = ${practitioner} and agency = ${agency} for update`);
  if (row === undefined) throw notFound('practitioner');
  return row.status;
}

/** The refusal for whoever has left: `practitioner-left`. */
export function departed(): DirectoryError {
  return new DirectoryError(
    'conflict',
    'practitioner-left',
    'This person has left. Restore them first if they are back.',
  );
}

type Wanted = { event: string; status: Standing['status'] };

function setStatus(log: Log, actor: Actor, input: Input, { event, status }: Wanted): Promise<void> {
  return (status === 'active' ? grant : administer)(log, actor, async (tx) => {
    if (status === 'active') refuseOwn(actor, input.practitioner);
    const before = await lockStatus(tx, actor.agency, input.practitioner);
    if (before === status) return;
    if (before === 'left' && status === 'suspended') throw departed();
    await tx.query(
      sql`update practitioner set status = ${status}, updated_at = now() where id = ${input.practitioner}`,
    );
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
