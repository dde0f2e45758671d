/** A partner system that renews its tokens is in use, and so is the session behind it. */
import { sql } from '../../platform/database/sql.ts';
import type { IdentityContext } from '../context.ts';
import { lifetimes } from '../lifetimes.ts';

/** Moves the end of an idle session, never past 12 hours after the person authenticated. */
export async function keepSessionAlive(context: IdentityContext, uid: string | undefined): Promise<void> {
  if (uid === undefined) return;
  const idleEnd = Math.floor(context.clock() + lifetimes.sessionIdle);
  await context.db.query(sql`
    update oidc_payload
    set expires_at = to_timestamp(later.moment), payload = payload || jsonb_build_object('exp', later.moment)
    from (select uid, least(${idleEnd}::bigint, (payload ->> 'loginTs')::bigint + ${lifetimes.sessionAbsolute}) as moment
          from oidc_payload where model = 'Session' and uid = ${uid}) later
    where oidc_payload.model = 'Session' and oidc_payload.uid = later.uid and consumed_at is null
      and expires_at > to_timestamp(${context.clock()}) and expires_at < to_timestamp(later.moment)`);
}

/** The same for an application of the service itself, at each request; false once the session has ended or gone idle. */
export async function continueSession(context: IdentityContext, uid: string): Promise<boolean> {
  const rows = await context.db.query(sql`
    select 1 from oidc_payload
    where model = 'Session' and uid = ${uid} and consumed_at is null and expires_at > to_timestamp(${context.clock()})`);
  if (rows.length === 0) return false;
  await keepSessionAlive(context, uid);
  return true;
}
