/** Where the OpenID provider keeps codes, tokens, interactions and pushed requests: one table, one row each. */
import { hash } from 'node:crypto';
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import type { Database, Queryable } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import type { Clock } from '../../../platform/clock.ts';
import { lifetimes } from '../../lifetimes.ts';

/** Models whose id is the secret itself. Only its hash is stored: a copy of the database opens nothing. */
const bearers = new Set(['AccessToken', 'RefreshToken', 'AuthorizationCode', 'PushedAuthorizationRequest']);

/** Models that end with their grant. An interaction names a grant too, but outlives it: it may be what replaces it. */
const granted = new Set(['AccessToken', 'RefreshToken', 'AuthorizationCode']);

/** Seconds for which something that was used may be used once more, as if both had come at the same moment. */
const graceOf = (model: string): number => (model === 'RefreshToken' ? lifetimes.refreshGrace : 0);

type Row = { payload: AdapterPayload; consumed: number | null };

/** The adapter for one model. `revokeGrant` is told of a grant whose code or refresh token was used twice. */
export function createPayloadStore(
  { db, clock }: { db: Database; clock: Clock },
  model: string,
  revokeGrant: (grantId: string) => Promise<void>,
): Adapter {
  const key = (id: string) => (bearers.has(model) ? hash('sha256', id, 'base64url') : id);
  return {
    upsert: (id, payload, expiresIn) =>
      savePayload(db, model, key(id), withoutSecret(model, payload), expiry(clock, expiresIn)),
    find: async (id) => {
      const [row] = await db.query<Row>(sql`
        select payload, extract(epoch from consumed_at)::float8 as consumed from oidc_payload
        where model = ${model} and id = ${key(id)} and (expires_at is null or expires_at > to_timestamp(${clock()}))`);
      const spent = row !== undefined && row.consumed !== null && row.consumed + graceOf(model) <= clock();
      return row && { ...row.payload, jti: id, ...(spent ? { consumed: row.consumed } : {}) };
    },
    consume: (id) => consume(db, model, key(id), clock, revokeGrant),
    destroy: async (id) =>
      void (await db.query(sql`delete from oidc_payload where model = ${model} and id = ${key(id)}`)),
    revokeByGrantId: async (grantId) =>
      void (await db.query(sql`delete from oidc_payload where model = ${model} and grant_id = ${grantId}`)),
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
  };
}

/** Writes one row, or replaces it. A row that was used stays used. */
export async function savePayload(
  db: Queryable,
  model: string,
  id: string,
  payload: AdapterPayload,
  expiresAt: number | null,
): Promise<void> {
  const grant = granted.has(model) ? (payload.grantId ?? null) : null;
  await db.query(sql`
    insert into oidc_payload (model, id, payload, grant_id, expires_at)
    values (${model}, ${id}, ${JSON.stringify(payload)}, ${grant}, to_timestamp(${expiresAt}))
    on conflict (model, id) do update
      set payload = excluded.payload, grant_id = excluded.grant_id, expires_at = excluded.expires_at`);
}

/** The moment (epoch seconds) at which something with that much time left ends. */
export function expiry(clock: Clock, expiresIn: number | undefined): number | null {
  return expiresIn === undefined ? null : clock() + expiresIn;
}

/** The grant of a refresh token that was used already. */
export async function findGrantOfUsed(db: Queryable, refreshToken: string): Promise<string | undefined> {
  const [row] = await db.query<{ grant: string }>(sql`
    select grant_id as grant from oidc_payload
    where model = 'RefreshToken' and id = ${hash('sha256', refreshToken, 'base64url')} and consumed_at is not null`);
  return row?.grant;
}

/**
 * Marks as used, once: of two at the same moment one gets no row. Whoever comes second may have stolen the code or token,
 * so everything that came of it ends (RFC 6749 section 4.1.2, RFC 9700 section 4.14.2); a refresh token has its grace.
 */
async function consume(
  db: Database,
  model: string,
  id: string,
  clock: Clock,
  revokeGrant: (grantId: string) => Promise<void>,
): Promise<void> {
  const now = clock();
  const used = await db.query(sql`
    update oidc_payload set consumed_at = coalesce(consumed_at, to_timestamp(${now}))
    where model = ${model} and id = ${id}
      and (consumed_at is null or consumed_at > to_timestamp(${now - graceOf(model)})) returning 1`);
  if (used.length > 0) return;
  if (model === 'PushedAuthorizationRequest') throw new errors.InvalidRequestUri('request_uri was already used');
  const [row] = await db.query<{ grant: string | null }>(sql`
    select grant_id as grant from oidc_payload where model = ${model} and id = ${id}`);
  if (row?.grant != null) await revokeGrant(row.grant);
  throw new errors.InvalidGrant('already used');
}

function withoutSecret(model: string, payload: AdapterPayload): AdapterPayload {
  if (!bearers.has(model)) return payload;
  const { jti: _, ...rest } = payload;
  return rest;
}
