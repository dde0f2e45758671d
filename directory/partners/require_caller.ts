/** The guard of every interface for partner systems: who calls, with which right, as of now. */
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config/config.ts';
import type { Database } from '../../platform/database/database.ts';
import { createTokenVerifier } from '../../platform/keys/access_token.ts';
import type { KeyRing } from '../../platform/keys/ring.ts';
import type { Log } from '../../platform/log/log.ts';
import type { ApiContext, ApiStep } from '../../platform/web/api.ts';
import { WebError } from '../../platform/web/web_error.ts';
import { findPartner } from './find_partner.ts';
import { type Caller, readCallerToken } from './caller.ts';

/** What the guard needs of the ground. */
export type CallerGround = {
  config: Pick<Config, 'issuer' | 'baseUrl'>;
  db: Database;
  keys: Pick<KeyRing, 'publicKeys'>;
  log: Pick<Log, 'fence'>;
  clock: Clock;
};

/**
 * Lets a partner system through that shows an access token of ours with this scope, for the audience that the scope belongs
 * to, and that is active at this moment; handlers have it from `callerOf`. Otherwise 401 with `WWW-Authenticate`, or 403.
 * Make it once for each interface: it holds the tokens that verified. Its view of partner systems is as fresh as the fence;
 * a route whose answers are not themselves guarded by the log's epoch puts `catchUp(log)` before it.
 */
export function requireCaller(ground: CallerGround, scope: string): ApiStep {
  const { config, db, log } = ground;
  const verify = createTokenVerifier(
    { issuer: config.issuer, keys: ground.keys, clock: ground.clock },
    readCallerToken,
  );
  const partners = log.fence.cache('partner', (clientId) => findPartner(db, clientId));
  const audience = scope === 'decisions' ? `${config.baseUrl}/access` : `${config.baseUrl}/api`;
  return async (ctx) => {
    const token = bearerToken(ctx);
    if (token === undefined) throw unauthenticated(scope);
    const verified = await verify(token);
    if ('rejected' in verified) throw unauthenticated(scope, verified.rejected);
    if (!verified.audiences.includes(audience)) throw unauthenticated(scope, `it is not for ${audience}`);
    if (!verified.scopes.includes(scope)) throw insufficientScope(scope);
    const partner = await partners.get(verified.clientId);
    if (partner === undefined) throw unauthenticated(scope, 'its client is not registered');
    if (partner.status !== 'active') throw suspended();
    if (!partner.scopes.includes(scope)) throw insufficientScope(scope);
    ctx.state.caller = { clientId: verified.clientId, scopes: verified.scopes, partner } satisfies Caller;
  };
}

/** Takes in what any replica has changed before the request is looked at. */
export function catchUp(log: Pick<Log, 'fence'>): ApiStep {
  return () => log.fence.catchUp();
}

/** The caller that `requireCaller` let through. */
export function callerOf(ctx: ApiContext): Caller {
  return ctx.state.caller as Caller;
}

function bearerToken(ctx: ApiContext): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(ctx.get('Authorization'))?.[1];
}

function unauthenticated(scope: string, why?: string): WebError {
  const detail =
    why === undefined
      ? `Send an access token with the scope ${scope} in the Authorization header, as “Bearer”.`
      : `The access token does not count: ${why}.`;
  const error = why === undefined ? '' : `, error="invalid_token", error_description="${ascii(why)}"`;
  return new WebError('unauthenticated', why === undefined ? 'token-missing' : 'token-not-valid', detail, {
    headers: { 'WWW-Authenticate': `Bearer realm="wayleave", scope="${scope}"${error}` },
  });
}

function insufficientScope(scope: string): WebError {
  return new WebError(
    'forbidden',
    'scope-missing',
    `This needs the scope ${scope}, which the access token or the partner system does not have.`,
    {
      headers: { 'WWW-Authenticate': `Bearer realm="wayleave", scope="${scope}", error="insufficient_scope"` },
    },
  );
}

function suspended(): WebError {
  return new WebError(
    'forbidden',
    'partner-suspended',
    'This partner system is suspended. Ask the agency that runs it.',
  );
}

// A quoted string of RFC 6750 holds no quotation marks and nothing beyond ASCII.
function ascii(text: string): string {
  return text.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '');
}
