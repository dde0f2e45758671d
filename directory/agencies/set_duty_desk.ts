/** Writing down, or confirming, a duty desk. */
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import type { Actor } from '../actor.ts';
import { administer } from './administer.ts';

export type DutyDeskInput = { team?: string; name: string; phone: string; hours: string; source: string };

/** Sets the desk of a team of the actor's agency, or of the agency itself; saying the same again confirms it as of now. */
export function setDutyDesk(log: Log, actor: Actor, input: DutyDeskInput): Promise<void> {
  return administer(log, actor, async (tx) => {
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
