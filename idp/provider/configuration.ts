/** The OpenID provider's configuration: OpenID Connect code flow with PKCE, client credentials, and nothing interactive of its own. */
import type { Configuration, JWK } from 'oidc-provider';
import { systemClock } from '../../platform/clock.ts';
import { deriveSecret } from '../../platform/keys/derive.ts';
import { isSecure } from '../../platform/web/pipeline.ts';
import type { IdentityContext } from '../context.ts';
import { lifetimes } from '../lifetimes.ts';
import { continueSession } from '../sessions/continue_session.ts';
import { findAccount } from './account.ts';
import { claimsByScope } from './claims.ts';
import { acrOf, reachable } from './levels.ts';
import { loadGrant } from './load_grant.ts';
import { createFetch } from './outgoing.ts';
import { renderError, renderSignedOut, renderSignOut } from './pages.ts';
import { createPrompts } from './prompts.ts';
import { audienceOfScopes, type Audiences, audiencesOf, defaultResource, describeResource } from './resources.ts';
import { scopes } from './scopes.ts';
import { createAdapter } from './store/adapter.ts';
import { extraTokenClaims } from './token_claims.ts';

const asymmetric = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

/** The whole configuration, for one set of signing keys. `registeredUrls`: where partner systems take logout notices. */
export function createConfiguration(
  context: IdentityContext,
  keys: JWK[],
  registeredUrls: ReadonlySet<string>,
): Configuration {
  const audiences = audiencesOf(context.config.baseUrl);
  return {
    adapter: createAdapter(context),
    jwks: { keys },
    cookies: createCookies(context),
    ...clientPolicy(),
    claims: claimsByScope,
    scopes: [...scopes.all],
    acrValues: reachable.map(acrOf),
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    pkce: { required: () => true },
    // Seconds by which a partner's clock may be ahead: FAPI 2.0 lets it be no more.
    clockTolerance: 60,
    allowOmittingSingleRegisteredRedirectUri: false,
    ttl: createLifetimes(context),
    findAccount: (ctx, sub, token) => findAccount(context, ctx, sub, token),
    loadExistingGrant: (ctx) => loadGrant(context, ctx),
    extraTokenClaims: (ctx, token) => extraTokenClaims(context.db, ctx, token),
    formats: {
      customizers: {
        jwt: (_ctx, token, jwt) => {
          spreadAudience(audiences, token, jwt);
          setRight(context, jwt);
        },
      },
    },
    // Refresh tokens are for staying signed in while the session lasts; none outlives it.
    expiresWithSession: async () => true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: async (ctx) => {
      // A partner system that renews its tokens is in use, and so is the session behind it.
      await continueSession(context, ctx.oidc.entities.RefreshToken?.sessionUid ?? '');
      return true;
    },
    interactions: { policy: createPrompts(), url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    renderError,
    fetch: createFetch((url) => registeredUrls.has(url)),
    features: createFeatures(context, audiences),
  };
}

/** How partner systems prove themselves, and with which algorithms. No shared-secret signatures: we keep only hashes. */
function clientPolicy(): Partial<Configuration> {
  return {
    clientAuthMethods: ['client_secret_basic', 'private_key_jwt'],
    clientBasedCORS: () => false,
    enabledJWA: {
      idTokenSigningAlgValues: ['RS256', 'ES256'],
      requestObjectSigningAlgValues: [...asymmetric],
      clientAuthSigningAlgValues: [...asymmetric],
      dPoPSigningAlgValues: [...asymmetric],
    },
  };
}

function createCookies(context: IdentityContext): NonNullable<Configuration['cookies']> {
  const { baseUrl, masterKey } = context.config;
  const secure = isSecure(baseUrl);
  const kept = { httpOnly: true, sameSite: 'lax' as const, signed: true };
  return {
    keys: [deriveSecret(masterKey, 'oidc-cookies').toString('base64url')],
    // `__Host-` demands the path "/", which the two short-lived ones cannot have.
    names: {
      session: `${secure ? '__Host-' : ''}wayleave-session`,
      interaction: `${secure ? '__Secure-' : ''}wayleave-sign-in`,
      resume: `${secure ? '__Secure-' : ''}wayleave-resume`,
    },
    long: kept,
    short: kept,
  };
}

function createLifetimes(context: IdentityContext): NonNullable<Configuration['ttl']> {
  return {
    AccessToken: lifetimes.accessToken,
    ClientCredentials: lifetimes.accessToken,
    AuthorizationCode: lifetimes.authorizationCode,
    IdToken: lifetimes.idToken,
    Interaction: lifetimes.interaction,
    RefreshToken: lifetimes.sessionAbsolute,
    Grant: lifetimes.grant,
    Session: (_ctx, session) => {
      if (session.loginTs === undefined) return lifetimes.sessionIdle;
      const left = Math.floor(session.loginTs + lifetimes.sessionAbsolute - context.clock());
      return Math.max(1, Math.min(lifetimes.sessionIdle, left));
    },
  };
}

function createFeatures(context: IdentityContext, audiences: Audiences): NonNullable<Configuration['features']> {
  const own = async (_ctx: unknown, client: { clientId: string }, token: { clientId?: string | undefined }) =>
    token.clientId === client.clientId;
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    requestObjects: { enabled: true },
    dPoP: { enabled: true, nonceSecret: deriveSecret(context.config.masterKey, 'dpop-nonce') },
    introspection: { enabled: true, allowedPolicy: own },
    revocation: { enabled: true, allowedPolicy: own },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource: renderSignOut, postLogoutSuccessSource: renderSignedOut },
    resourceIndicators: {
      enabled: true,
      defaultResource: async (ctx, _client, oneOf) => defaultResource(audiences, ctx, oneOf),
      useGrantedResource: async () => true,
      getResourceServerInfo: async (ctx, resource) => describeResource(audiences, ctx, resource),
    },
  };
}

/** The library knows one audience a token; a system that named none gets those of its scopes. */
function spreadAudience(
  audiences: Audiences,
  token: { aud?: string | string[] | undefined; scope?: string | undefined },
  jwt: { payload: Record<string, unknown> },
): void {
  if (token.aud === audiences.any) jwt.payload.aud = audienceOfScopes(audiences, token.scope);
}

/** The library knows this machine's clock, and an access token counts by the service's. */
function setRight({ clock }: IdentityContext, { payload }: { payload: { iat?: number; exp?: number } }): void {
  const off = Math.round(clock() - systemClock());
  if (payload.iat !== undefined) payload.iat += off;
  if (payload.exp !== undefined) payload.exp += off;
}
