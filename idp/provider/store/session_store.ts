/** Sessions of people at the OpenID provider. One row for each, under its lasting uid, while its id (the cookie) changes. */
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { sql, type Query } from '../../../platform/database/sql.ts';
import { findActiveStanding, type IdentityContext } from '../../context.ts';
import { endSession } from '../../sessions/end_session.ts';
import { IdentityError } from '../../errors.ts';
import { expiry } from './payload_store.ts';

type Row = { uid: string; payload: AdapterPayload };

/** Reads sessions that are alive: not ended, not expired, and of somebody whose standing still allows it. */
export function createSessionStore(context: IdentityContext): Adapter {
  const { db, clock } = context;
  const find = async (condition: Query): Promise<AdapterPayload | undefined> => {
    const [row] = await db.query<Row>(sql`
      select uid, payload from oidc_payload
      where model = 'Session' and ${condition} and consumed_at is null and expires_at > to_timestamp(${clock()})`);
    if (row === undefined || (await mayGoOn(context, row))) return row?.payload;
    return undefined;
  };
  const unused = async () => undefined;
  return {
    upsert: (id, payload, expiresIn) => saveSession(context, id, payload, expiresIn),
    find: (id) => find(sql`id = ${id}`),
    findByUid: (uid) => find(sql`uid = ${uid}`),
    destroy: async (id) => {
      const [row] = await db.query<{ uid: string }>(
        sql`select uid from oidc_payload where model = 'Session' and id = ${id}`,
      );
      if (row !== undefined) await endSession(context, row.uid, 'signed-out');
    },
    findByUserCode: unused,
    consume: unused,
    revokeByGrantId: unused,
  };
}

/** A suspended or departed person's session ends the first time that anything asks for it. */
async function mayGoOn(context: IdentityContext, { uid, payload }: Row): Promise<boolean> {
  if (payload.accountId === undefined) return true;
  if ((await findActiveStanding(context, payload.accountId)) !== undefined) return true;
  await endSession(context, uid, 'no-longer-active');
  return false;
}

/**
 * Writes the session under its uid, whatever its id was before. What two requests at once have given to different partner
 * systems is kept from both; a session that has ended stays ended.
 */
async function saveSession(
  context: IdentityContext,
  id: string,
  payload: AdapterPayload,
  expiresIn: number | undefined,
): Promise<void> {
  const kept = await context.db.query(sql`
    insert into oidc_payload as held (model, id, uid, payload, expires_at)
    values ('Session', ${id}, ${payload.uid}, ${JSON.stringify(payload)}, to_timestamp(${expiry(context.clock, expiresIn)}))
    on conflict (uid) where model = 'Session' do update
      set id = excluded.id, expires_at = excluded.expires_at,
          payload = excluded.payload || case when held.payload ->> 'accountId' = excluded.payload ->> 'accountId'
            then jsonb_build_object('authorizations', coalesce(held.payload -> 'authorizations', '{}') ||
                                                      coalesce(excluded.payload -> 'authorizations', '{}'))
            else '{}' end
      where held.consumed_at is null
    returning 1`);
  if (kept.length === 0) {
    throw new IdentityError(
      'conflict',
      'session-ended',
      'You signed out while this page was loading. Sign in again to go on.',
    );
  }
}
