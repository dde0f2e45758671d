/** Taking back what one partner system was given in one session. */
import { sql } from '../../platform/database/sql.ts';
import { change, type Change } from '../../platform/log/change.ts';
import type { IdentityContext } from '../context.ts';
import type { EndReason } from './end_session.ts';

/** Ends the grant with its codes and tokens, and records it. Revoking it twice does nothing. */
export async function revokeGrant(context: IdentityContext, grantId: string, reason: EndReason): Promise<void> {
  await change(context.log, {}, (tx) => revokeGrantIn(tx, grantId, reason));
}

/** The same inside a change that does more. */
export async function revokeGrantIn(tx: Change, grantId: string, reason: EndReason): Promise<void> {
  const [grant] = await tx.query<{ practitioner: string; client: string; post: string; agency: string }>(sql`
    delete from grant_post where grant_id = ${grantId} returning practitioner, client, post, agency`);
  await tx.query(sql`
    delete from oidc_payload where grant_id = ${grantId} or (model = 'Grant' and id = ${grantId})`);
  if (grant === undefined) return;
  tx.record({
    event: 'grant.revoked',
    actor: { practitioner: grant.practitioner, post: grant.post, client: grant.client },
    agencies: [grant.agency],
    subject: grant.practitioner,
    content: { reason, client: grant.client, post: grant.post },
  });
  tx.affects('session', grantId);
}
