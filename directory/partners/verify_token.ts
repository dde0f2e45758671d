/** Verifies our own access tokens locally, and remembers those that verified until they expire. */
import { createHash } from 'node:crypto';
import { importJWK, type JWK, type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock.ts';
import type { KeyRing } from '../../platform/keys/ring.ts';

/** What a verified token says. `expiresAt` in epoch seconds; `kid` names the key it was signed with. */
type VerifiedToken = { clientId: string; scopes: string[]; audiences: string[]; expiresAt: number; kid: string };

/** Why a token does not count, in words for the developer of the partner system. */
type RejectedToken = { rejected: string };

type Options = {
  issuer: string;
  keys: Pick<KeyRing, 'publicKeys'>;
  clock: Clock;
  /** Most tokens remembered. */ max?: number;
};

/**
 * Makes the verifier: a JWT of ours (RFC 9068, ES256) that a partner system got for itself with its client credentials.
 * A remembered token is known by its SHA-256 only, counts until it expires, and no longer than its key is published.
 */
export function createTokenVerifier(options: Options): (token: string) => Promise<VerifiedToken | RejectedToken> {
  const { max = 5_000, clock } = options;
  const remembered = new LRUCache<string, VerifiedToken>({ max });
  return async (token) => {
    const name = createHash('sha256').update(token).digest('base64url');
    const known = remembered.get(name);
    const keys = await options.keys.publicKeys('oidc');
    if (known !== undefined) {
      if (known.expiresAt <= clock()) return forget(remembered, name, 'it has expired');
      if (!keys.some(({ kid }) => kid === known.kid)) return forget(remembered, name, 'its key is no longer in use');
      return known;
    }
    const verified = await verify(token, keys, options);
    if ('rejected' in verified) return verified;
    remembered.set(name, verified);
    return verified;
  };
}

function forget(remembered: LRUCache<string, VerifiedToken>, name: string, why: string): RejectedToken {
  remembered.delete(name);
  return { rejected: why };
}

async function verify(token: string, keys: JWK[], { issuer, clock }: Options): Promise<VerifiedToken | RejectedToken> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, ({ kid }) => findKey(keys, kid), {
      issuer,
      typ: 'at+jwt',
      // The algorithm is ours to say: a key of another kind never verifies an access token.
      algorithms: ['ES256'],
      requiredClaims: ['exp', 'aud', 'sub', 'client_id', 'jti'],
      currentDate: new Date(clock() * 1000),
    });
    return describe(payload, protectedHeader.kid!);
  } catch (error) {
    return { rejected: reasonOf(error) };
  }
}

// Only keys of our own ring count, by the id in the header; a token that names none is refused.
async function findKey(keys: JWK[], kid: string | undefined) {
  const jwk = keys.find((key) => key.kid === kid && kid !== undefined);
  if (jwk === undefined) throw new UnknownKey();
  return importJWK(jwk, 'ES256');
}

class UnknownKey extends Error {}

function describe(payload: JWTPayload, kid: string): VerifiedToken | RejectedToken {
  const { client_id: clientId, scope, aud = [], exp = 0, sub, cnf } = payload;
  if (typeof clientId !== 'string') return { rejected: 'it names no client' };
  // A person's token is for the system that they signed in to, never for speaking as that system.
  if (sub !== clientId) return { rejected: 'it belongs to a person; use a token from your client credentials' };
  // Taken as a bearer token it would lose the binding that its client asked for.
  if (cnf !== undefined) return { rejected: 'it is bound to a key, which this interface cannot check yet' };
  const scopes = typeof scope === 'string' ? scope.split(' ') : [];
  return { clientId, scopes, audiences: [aud].flat(), expiresAt: exp, kid };
}

const reasons: Record<string, string> = {
  ERR_JWT_EXPIRED: 'it has expired',
  ERR_JWT_CLAIM_VALIDATION_FAILED: 'it was not issued by this service for this use',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'its signature is wrong',
  ERR_JOSE_ALG_NOT_ALLOWED: 'it is signed in a way that is not taken here',
};

function reasonOf(error: unknown): string {
  if (error instanceof UnknownKey) return 'its key is not known';
  return reasons[(error as { code?: string }).code ?? ''] ?? 'it is not an access token of this service';
}
