/** Whether somebody is really there: a person's access token, checked here without asking anybody, and still good now. */
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { postIsActive } from '../../directory/active_post.ts';
import { sql } from '../../platform/database/sql.ts';
import { createTokenVerifier, type RejectedToken } from '../../platform/keys/access_token.ts';
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
  const { issuer, baseUrl } = context.config;
  const audience = audiencesOf(baseUrl).access;
  const verify = createTokenVerifier({ issuer, keys: context.keys, clock: context.clock }, (payload) =>
    readClaims(payload, audience),
  );
  const grants = context.log.fence.cache('session', (grant) => findLiveGrant(context, grant));
  return async (token) => {
    const known = await verify(token);
    if ('rejected' in known) return undefined;
    const now = context.clock();
    const live = await grants.get(known.grant);
    if (live === undefined || live.endsAt <= now || !belongs(known, live)) return undefined;
    return (await mayAct(context, known, now)) ? toPresence(known) : undefined;
  };
}

/** What presence needs of the claims of a person's token. */
function readClaims(payload: JWTPayload, audience: string): Claims | RejectedToken {
  const parsed = claims.safeParse(payload);
  const isOurs = parsed.success && parsed.data.scope.split(' ').includes('decisions');
  return isOurs && [payload.aud].flat().includes(audience)
    ? parsed.data
    : { rejected: 'it is no token of a person for decisions' };
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
