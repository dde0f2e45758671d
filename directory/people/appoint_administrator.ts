/** Appointing and dismissing an agency's administrators. */
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import { type Actor, nameOf } from '../actor.ts';
import { DirectoryError, notFound } from '../errors.ts';
import { administer, refuseOwn } from '../agencies/administer.ts';

/** Makes a practitioner with an active post in the actor's agency one of its administrators. */
export function appointAdministrator(log: Log, actor: Actor, input: { practitioner: string }): Promise<void> {
  return administer(log, actor, async (tx) => {
    refuseOwn(actor, input.practitioner);
    const holders = await tx.query(sql`
      select from post where practitioner = ${input.practitioner} and agency = ${actor.agency} and not suspended
        and starts_at <= now() and (ends_at is null or now() < ends_at)`);
    if (holders.length === 0) {
      throw new DirectoryError(
        'conflict',
        'no-active-post',
        'An administrator needs an active post in the agency. Give the post first.',
      );
    }
    await tx.query(sql`
      insert into administrator (agency, practitioner, appointed_by)
      values (${actor.agency}, ${input.practitioner}, ${nameOf(actor)})
      on conflict do nothing`);
    tx.record({
      event: 'administrator.appointed',
      actor,
      agencies: [actor.agency],
      subject: input.practitioner,
      content: { agency: actor.agency },
    });
    tx.affects('practitioner', input.practitioner);
  });
}

/** Ends somebody's capacity to administer the actor's agency. */
export function dismissAdministrator(log: Log, actor: Actor, input: { practitioner: string }): Promise<void> {
  return administer(log, actor, async (tx) => {
    const gone = await tx.query(sql`
      delete from administrator where agency = ${actor.agency} and practitioner = ${input.practitioner} returning 1`);
    if (gone.length === 0) throw notFound('administrator');
    tx.record({
      event: 'administrator.dismissed',
      actor,
      agencies: [actor.agency],
      subject: input.practitioner,
      content: { agency: actor.agency },
    });
    tx.affects('practitioner', input.practitioner);
  });
}
