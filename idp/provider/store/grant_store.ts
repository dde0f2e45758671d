/** Grants: what a person gave one partner system in one session, together with the post they act in there. */
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { postIsActive } from '../../../directory/active_post.ts';
import { sql } from '../../../platform/database/sql.ts';
import { findActiveStanding, type IdentityContext } from '../../context.ts';
import type { EndReason } from '../../sessions/end_session.ts';
import { revokeGrant } from '../../sessions/revoke_grant.ts';
import { expiry, savePayload } from './payload_store.ts';

type Row = { payload: AdapterPayload; practitioner: string; post: string; at: number };

/**
 * Reads grants that still stand: bound to a post that its holder may act in now. A grant whose post has ended is not
 * found, and so no token that came of it is good for anything.
 */
export function createGrantStore(context: IdentityContext, endReason: () => EndReason | undefined): Adapter {
  const { db, clock } = context;
  const unused = async () => undefined;
  return {
    upsert: (id, payload, expiresIn) => savePayload(db, 'Grant', id, payload, expiry(clock, expiresIn)),
    find: async (id) => {
      const [row] = await db.query<Row>(sql`
        select g.payload, p.practitioner, p.post, extract(epoch from now())::float8 as at from oidc_payload g join grant_post p on p.grant_id = g.id
        where g.model = 'Grant' and g.id = ${id} and g.expires_at > to_timestamp(${clock()})`);
      return row !== undefined && (await mayAct(context, row)) ? row.payload : undefined;
    },
    destroy: async (id) => {
      const reason = endReason();
      if (reason !== undefined) await revokeGrant(context, id, reason);
    },
    findByUid: unused,
    findByUserCode: unused,
    consume: unused,
    revokeByGrantId: unused,
  };
}

async function mayAct(context: IdentityContext, { practitioner, post, at }: Row): Promise<boolean> {
  const standing = await findActiveStanding(context, practitioner);
  return standing?.posts.some((held) => held.id === post && postIsActive(held, at)) ?? false;
}
