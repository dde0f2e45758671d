/** Writing down, or confirming, a duty desk. */
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import type { Actor } from '../actor.ts';
import { notFound } from '../errors.ts';
import { grant } from './administer.ts';

export type DutyDeskInput = { team?: string; name: string; phone: string; hours: string; source: string };

/** Sets the desk of a team of the actor's agency, or of the agency itself; saying the same again confirms it as of now. */
export function setDutyDesk(log: Log, actor: Actor, input: DutyDeskInput): Promise<void> {
  return grant(log, actor, async (tx) => {
    const teams = await tx.query(sql`
      select from team where agency = ${actor.agency} and id = ${input.team ?? null}::uuid`);
    if (input.team !== undefined && teams.length === 0) throw notFound('team');
    await tx.query(sql`
      insert into duty_desk (agency, team, name, phone, hours, source)
      values (${actor.agency}, ${input.team ?? null}, ${input.name}, ${input.phone}, ${input.hours}, ${input.source})
      on conflict (agency, team) do update
      set name = excluded.name, phone = excluded.phone, hours = excluded.hours, source = excluded.source, confirmed_at = now()`);
    tx.record({
      event: 'duty-desk.set',
      actor,
      agencies: [actor.agency],
      content: { agency: actor.agency, team: input.team ?? null, phone: input.phone, hours: input.hours },
    });
    tx.affects('agency', actor.agency);
  });
}
