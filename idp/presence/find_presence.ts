/** Whether somebody is really there: a person's access token, checked here without asking anybody, and still good now. */
import { hash } from 'node:crypto';
import { decodeProtectedHeader, errors as jose, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { postIsActive } from '../../directory/active_post.ts';
import { sql } from '../../platform/database/sql.ts';
import { findActiveStanding, type IdentityContext } from '../context.ts';
import { lifetimes } from '../lifetimes.ts';
import { type AuthenticationLevel, levelOf } from '../provider/levels.ts';
import { audiencesOf } from '../provider/resources.ts';

/** Times are epoch seconds. */
export type Presence = {
  practitioner: string;
  post: string;
  clientId: string;
  session: string;
  authenticationLevel: AuthenticationLevel;
  authenticatedAt: number;
  expiresAt: number;
};

const claims = z.object({
  sub: z.string(),
  client_id: z.string(),
  sid: z.string(),
  grant: z.string(),
  post: z.string(),
  acr: z.string(),
  auth_time: z.number(),
  exp: z.number(),
  scope: z.string(),
});

type Claims = z.output<typeof claims>;
type LiveGrant = { session: string; practitioner: string; client: string; post: string; endsAt: number };

/**
 * Makes the check. A token is presence while its signature, issuer, audience and time are right, its session and grant
 * have not ended, and its person and post are active: as fresh as the fence, so the caller guards its own record with the
 * epoch that it read before. Undefined in every other case. A warm check costs no query.
 */
export function createPresence(context: IdentityContext): (token: string) => Promise<Presence | undefined> {
  const verified = new LRUCache<string, Claims>({ max: 10_000 });
  const grants = context.log.fence.cache('session', (grant) => findLiveGrant(context, grant));
  return async (token) => {
    const key = hash('sha256', token, 'base64url');
    let known = verified.get(key);
    if (known === undefined) {
      known = await verifyToken(context, token);
      if (known === undefined) return undefined;
      verified.set(key, known);
    }
    const now = context.clock();
    if (known.exp <= now) return undefined;
    const live = await grants.get(known.grant);
    if (live === undefined || live.endsAt <= now || !belongs(known, live)) return undefined;
    return (await mayAct(context, known, now)) ? toPresence(known) : undefined;
  };
}

/** Checks what stands in the token itself (RFC 9068). */
async function verifyToken(context: IdentityContext, token: string): Promise<Claims | undefined> {
  try {
    const { kid } = decodeProtectedHeader(token);
    const key = kid === undefined ? undefined : await context.keys.find('oidc', kid);
    if (key === undefined || key.alg !== 'ES256') return undefined;
    const { payload } = await jwtVerify(token, key.publicKey, {
      issuer: context.config.issuer,
      audience: audiencesOf(context.config.baseUrl).access,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      currentDate: new Date(context.clock() * 1000),
    });
    const parsed = claims.safeParse(payload);
    return parsed.success && parsed.data.scope.split(' ').includes('decisions') ? parsed.data : undefined;
  } catch (error) {
    // A header that is no base64 or JSON is a TypeError of jose's; anything else (the database away) is not an answer.
    if (error instanceof jose.JOSEError || error instanceof TypeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The grant with its session, while both are there. Idle time counts when it is read; the absolute end always. */
async function findLiveGrant(context: IdentityContext, grant: string): Promise<LiveGrant | undefined> {
  const [row] = await context.db.query<LiveGrant>(sql`
    select p.session, p.practitioner, p.client, p.post,
           least((s.payload ->> 'loginTs')::float8 + ${lifetimes.sessionAbsolute},
                 extract(epoch from g.expires_at)::float8) as "endsAt"
    from grant_post p
    join oidc_payload g on g.model = 'Grant' and g.id = p.grant_id
    join oidc_payload s on s.model = 'Session' and s.uid = p.session and s.consumed_at is null
    where p.grant_id = ${grant} and s.expires_at > to_timestamp(${context.clock()})`);
  return row;
}

function belongs(token: Claims, live: LiveGrant): boolean {
  return (
    token.sid === live.session &&
    token.sub === live.practitioner &&
    token.client_id === live.client &&
    token.post === live.post
  );
}

async function mayAct(context: IdentityContext, { sub, post }: Claims, now: number): Promise<boolean> {
  const standing = await findActiveStanding(context, sub);
  return standing?.posts.some((held) => held.id === post && postIsActive(held, now)) ?? false;
}

function toPresence(token: Claims): Presence | undefined {
  const authenticationLevel = levelOf(token.acr);
  if (authenticationLevel === undefined) return undefined;
  return {
    practitioner: token.sub,
    post: token.post,
    clientId: token.client_id,
    session: token.sid,
    authenticationLevel,
    authenticatedAt: token.auth_time,
    expiresAt: token.exp,
  };
}
