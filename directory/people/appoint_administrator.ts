/** Appointing and dismissing an agency's administrators. */
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import { type Actor, nameOf } from '../actor.ts';
import { DirectoryError, notFound } from '../errors.ts';
import { administer, grant, refuseOwn } from '../agencies/administer.ts';
import { holdsPost } from '../active_post.ts';

/** Makes a practitioner with an active post in the actor's agency one of its administrators. */
export function appointAdministrator(log: Log, actor: Actor, input: { practitioner: string }): Promise<void> {
  return grant(log, actor, async (tx) => {
    refuseOwn(actor, input.practitioner);
    const [{ holder } = { holder: false }] = await tx.query<{ holder: boolean }>(sql`
      select ${holdsPost(input.practitioner, actor.agency)} as holder`);
    if (!holder) {
      throw new DirectoryError(
        'conflict',
        'no-active-post',
        'An administrator needs an active post in the agency. Give the post first.',
      );
    }
    const appointed = await tx.query(sql`
      insert into administrator (agency, practitioner, appointed_by)
      values (${actor.agency}, ${input.practitioner}, ${nameOf(actor)})
      on conflict do nothing returning 1`);
    if (appointed.length === 0) return;
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
