/** Stopping a partner system, and letting it work again. */
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import type { Actor } from '../actor.ts';
import { administer, grant } from '../agencies/administer.ts';
import { notFound } from '../errors.ts';
import type { Partner } from './partner.ts';

type Input = { clientId: string; reason: string };

/** From its return on, the system gets no token, no decision and no look-up. */
export function suspendPartner(log: Log, actor: Actor, input: Input): Promise<void> {
  return setStatus(log, actor, input, 'suspended');
}

/** Lets a suspended system work again. */
export function restorePartner(log: Log, actor: Actor, input: Input): Promise<void> {
  return setStatus(log, actor, input, 'active');
}

function setStatus(log: Log, actor: Actor, input: Input, status: Partner['status']): Promise<void> {
  return (status === 'active' ? grant : administer)(log, actor, async (tx) => {
    const [partner] = await tx.query<Pick<Partner, 'status' | 'holds'>>(sql`
      select status, holds from partner where client_id = ${input.clientId} and agency = ${actor.agency} for update`);
    if (partner === undefined) throw notFound('partner');
    if (partner.status === status) return;
    await tx.query(sql`update partner set status = ${status}, updated_at = now() where client_id = ${input.clientId}`);
    tx.record({
      event: status === 'active' ? 'partner.restored' : 'partner.suspended',
      actor,
      agencies: [...new Set([actor.agency, ...partner.holds])],
      subject: input.clientId,
      content: { reason: input.reason },
    });
    tx.affects('partner', input.clientId);
  });
}
