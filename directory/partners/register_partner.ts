/** Registering a partner system. */
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import type { Actor } from '../actor.ts';
import { grant } from '../agencies/administer.ts';
import { DirectoryError, notFound } from '../errors.ts';
import type { Partner } from './partner.ts';

/** Registers a system run by the actor's agency. To ask about another agency's records it needs more than its own administrator. */
export function registerPartner(log: Log, actor: Actor, input: Omit<Partner, 'status' | 'agency'>): Promise<void> {
  return grant(log, actor, async (tx) => {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(input.clientId)) {
      throw new DirectoryError(
        'invalid',
        'client-id-malformed',
        'A client id has up to 100 letters, figures, dots, strokes and underscores, and begins with a letter or figure.',
      );
    }
    if ('practitioner' in actor && input.holds.some((agency) => agency !== actor.agency)) {
      throw new DirectoryError(
        'forbidden',
        'holds-another-agencys-records',
        'An administrator can register a system for their own agency’s records only. The federation operator registers one that serves several.',
      );
    }
    const held = await tx.query(sql`select from agency where code = any(${input.holds}) and ended_at is null`);
    if (held.length < new Set(input.holds).size) throw notFound('agency');
    const added = await tx.query(sql`
      insert into partner (client_id, agency, name, holds, understands, scopes, redirect_uris, post_logout_redirect_uris,
                           backchannel_logout_uri, authentication, home_uri)
      values (${input.clientId}, ${actor.agency}, ${input.name}, ${input.holds}, ${input.understands}, ${input.scopes},
              ${input.redirectUris}, ${input.postLogoutRedirectUris}, ${input.backchannelLogoutUri ?? null},
              ${JSON.stringify(input.authentication)}, ${input.homeUri ?? null})
      on conflict do nothing returning 1`);
    if (added.length === 0) {
      throw new DirectoryError(
        'conflict',
        'client-id-in-use',
        'A partner system with this client id is registered already. Choose another.',
      );
    }
    const { authentication, ...shown } = input;
    tx.record({
      event: 'partner.registered',
      actor,
      agencies: [...new Set([actor.agency, ...input.holds])],
      subject: input.clientId,
      content: { ...shown, authentication: authentication.method },
    });
    tx.affects('partner', input.clientId);
  });
}
