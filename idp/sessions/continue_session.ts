/** Whether a session goes on; asking counts as use of it. */
import { sql } from '../../platform/database/sql.ts';
import { findActiveStanding, type IdentityContext } from '../context.ts';
import { lifetimes } from '../lifetimes.ts';
import { endSession } from './end_session.ts';

/** An idle end that moves by less than this (seconds) is not written down: reading a page would cost a write each time. */
const grainSeconds = 60;

/**
 * True while the session (its `sid`) has not ended and its person's standing allows it; moves the end of idle time, never
 * past 12 hours after the person authenticated. A suspended or departed person's session ends here.
 */
export async function continueSession(context: IdentityContext, uid: string): Promise<boolean> {
  const now = context.clock();
  const [session] = await context.db.query<{ practitioner: string | null; ends: number; last: number }>(sql`
    select payload ->> 'accountId' as practitioner, extract(epoch from expires_at)::float8 as ends,
           (payload ->> 'loginTs')::float8 + ${lifetimes.sessionAbsolute} as last
    from oidc_payload
    where model = 'Session' and uid = ${uid} and consumed_at is null and expires_at > to_timestamp(${now})`);
  if (session?.practitioner == null) return false;
  if ((await findActiveStanding(context, session.practitioner)) === undefined) {
    await endSession(context, uid, 'no-longer-active');
    return false;
  }
  const ends = Math.floor(Math.min(now + lifetimes.sessionIdle, session.last));
  if (ends > session.ends + grainSeconds) await moveEnd(context, uid, ends);
  return true;
}

async function moveEnd(context: IdentityContext, uid: string, ends: number): Promise<void> {
  await context.db.query(sql`
    update oidc_payload
    set expires_at = to_timestamp(${ends}), payload = payload || jsonb_build_object('exp', ${ends}::bigint)
    where model = 'Session' and uid = ${uid} and consumed_at is null and expires_at < to_timestamp(${ends})`);
}
