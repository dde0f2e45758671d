/** Casebook as a relying party: one discovery, kept; the address to send people to and back from. */
import * as client from 'openid-client';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { CasebookError, outage } from './errors.ts';
import type { Settings } from './options.ts';
import type { Attempt } from './attempts.ts';
import type { SignedIn } from './sessions.ts';

export type Provider = {
  /** Where to send the browser, and what to keep for its return. `afresh`: people prove again who they are. */
  authorize(returnTo: string, afresh: boolean): Promise<{ url: URL; attempt: Attempt }>;
  /** Exchanges the code that came back with the browser. */
  complete(current: URL, attempt: Attempt): Promise<SignedIn>;
  /** Names Casebook and nobody: Wayleave knows by its own cookie who is signed in. */
  endSessionUrl(): Promise<URL>;
  /** What a logout token says ended; throws when the token is not one that counts. */
  readLogoutToken(token: string): Promise<{ providerSession?: string; subject?: string }>;
};

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

export function createProvider(settings: Settings): Provider {
  const configuration = discoverOnce(settings);
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
  return {
    async authorize(returnTo, afresh) {
      const config = await configuration();
      const attempt: Attempt = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        returnTo,
        startedAt: settings.clock(),
      };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: `${settings.url}/callback`,
        scope: 'openid profile email post decisions',
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
        // With an age the ID token says when they did.
        ...(afresh ? { prompt: 'login', max_age: '60' } : {}),
      });
      return { url, attempt };
    },
    async complete(current, attempt) {
      const config = await configuration();
      const tokens = await exchange(config, current, attempt);
      return toSession(tokens, settings.clock());
    },
    async endSessionUrl() {
      return client.buildEndSessionUrl(await configuration(), {
        post_logout_redirect_uri: `${settings.url}/signed-out`,
      });
    },
    async readLogoutToken(token) {
      const metadata = (await configuration()).serverMetadata();
      keys ??= createRemoteJWKSet(new URL(metadata.jwks_uri ?? ''));
      const { payload } = await jwtVerify(token, keys, {
        issuer: metadata.issuer,
        audience: settings.clientId,
        requiredClaims: ['iat', 'jti', 'events'],
        maxTokenAge: '5 minutes',
        // This machine's clock may be some minutes behind or ahead: a sign-out is not to be lost by that.
        clockTolerance: 300,
      });
      const events = payload.events as Record<string, unknown> | null;
      // A nonce marks an ID token: accepting one here would let any sign-in be replayed as a sign-out.
      if (typeof events !== 'object' || events?.[logoutEvent] === undefined || payload.nonce !== undefined) {
        throw new CasebookError('bad-request', 'Not a logout token', 'The token is not a logout token.');
      }
      const providerSession = typeof payload.sid === 'string' ? payload.sid : undefined;
      if (providerSession === undefined && payload.sub === undefined) {
        throw new CasebookError('bad-request', 'Not a logout token', 'The token names neither a session nor a person.');
      }
      return {
        ...(providerSession === undefined ? {} : { providerSession }),
        ...(payload.sub === undefined ? {} : { subject: payload.sub }),
      };
    },
  };
}

// Asked when first needed and again after a failure, so that Casebook may start before Wayleave.
function discoverOnce(settings: Settings): () => Promise<client.Configuration> {
  let known: Promise<client.Configuration> | undefined;
  const insecure = settings.issuer.startsWith('http:');
  return async () => {
    known ??= client.discovery(
      new URL(settings.issuer),
      settings.clientId,
      { client_secret: settings.clientSecret },
      client.ClientSecretBasic(settings.clientSecret),
      { execute: insecure ? [client.allowInsecureRequests] : [], timeout: settings.timeout / 1000 },
    );
    try {
      return await known;
    } catch (error) {
      known = undefined;
      throw outage(error);
    }
  };
}

async function exchange(config: client.Configuration, current: URL, attempt: Attempt) {
  try {
    return await client.authorizationCodeGrant(config, current, {
      expectedState: attempt.state,
      expectedNonce: attempt.nonce,
      pkceCodeVerifier: attempt.verifier,
      idTokenExpected: true,
    });
  } catch (error) {
    if (error instanceof client.AuthorizationResponseError && error.error === 'access_denied') {
      const said = 'You did not finish signing in, or you may not use Casebook. Nothing was opened.';
      throw new CasebookError('sign-in', 'You are not signed in', said, error);
    }
    const said = 'The answer from Wayleave could not be used: it may have been used already. Start again.';
    throw new CasebookError('sign-in', 'Signing in did not work', said, error);
  }
}

type Tokens = Awaited<ReturnType<typeof exchange>>;

function toSession(tokens: Tokens, now: number): SignedIn {
  const claims = tokens.claims()!;
  const agency = claims.agency as { name?: string } | undefined;
  const { sid, iat, auth_time: authenticatedAt = 0 } = claims;
  return {
    subject: claims.sub,
    name: text(claims.name) ?? 'Somebody',
    post: text(claims.role_name) ?? 'no post chosen',
    agency: text(agency?.name) ?? '',
    accessToken: tokens.access_token,
    accessExpiresAt: now + (tokens.expires_in ?? 300),
    // How long ago it was, told by one clock: this machine's may differ from the provider's.
    authenticatedAt: now - (iat - authenticatedAt),
    ...(typeof sid === 'string' ? { providerSession: sid } : {}),
    startedAt: now,
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
