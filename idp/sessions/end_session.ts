/** Ending a session: everything that it gave to partner systems ends with it, at once and in every process. */
import type { AdapterPayload } from 'oidc-provider';
import { sql } from '../../platform/database/sql.ts';
import { change, type Change } from '../../platform/log/change.ts';
import type { IdentityContext } from '../context.ts';
import { queueLogoutNotice } from './queue_logout_notice.ts';

declare module '../../platform/log/event.ts' {
  interface Topics {
    session: true;
  }
}

/** Why a session or a grant ended, as the log says it. */
export type EndReason =
  | 'signed-out'
  | 'no-longer-active'
  | 'ended-by-person'
  | 'code-or-token-reused'
  | 'revoked-by-partner'
  | 'post-changed'
  | 'signed-in-again';

type Grant = { grant: string; client: string; post: string; agency: string };

/**
 * Ends the session (its `uid`) with all its grants, codes and tokens, and records it. The row stays as a tombstone until
 * it would have expired, so that a request which read it earlier cannot write it back. Ending it twice does nothing.
 */
export async function endSession(context: IdentityContext, uid: string, reason: EndReason): Promise<void> {
  await change(context.log, {}, async (tx) => {
    const [session] = await tx.query<{ payload: AdapterPayload }>(sql`
      update oidc_payload set consumed_at = to_timestamp(${context.clock()})
      where model = 'Session' and uid = ${uid} and consumed_at is null returning payload`);
    if (session?.payload.accountId === undefined) return;
    const practitioner = session.payload.accountId;
    const grants = await takeGrants(tx, uid);
    const vouchers = await tx.query<{ agency: string }>(sql`
      select distinct unnest(vouched_by) as agency from sign_in where session = ${uid}`);
    tx.record({
      event: 'sign-out',
      actor: { practitioner },
      agencies: [...new Set([...vouchers, ...grants].map(({ agency }) => agency))],
      subject: practitioner,
      content: { session: uid, reason, clients: grants.map(({ client }) => client) },
    });
    tx.affects('session', uid);
    for (const { grant, client } of grants) {
      tx.affects('session', grant);
      // Who signs out is seen off by the library itself, which tells partner systems before it answers.
      if (reason !== 'signed-out') await queueLogoutNotice(tx, { client, practitioner, session: uid });
    }
  });
}

async function takeGrants(tx: Change, session: string): Promise<Grant[]> {
  const grants = await tx.query<Grant>(sql`
    delete from grant_post where session = ${session} returning grant_id as grant, client, post, agency`);
  const ids = grants.map(({ grant }) => grant);
  await tx.query(sql`
    delete from oidc_payload where grant_id = any(${ids}) or (model = 'Grant' and id = any(${ids}))`);
  return grants;
}
