/** Verifies our own access tokens without asking anybody, and remembers those that verified until they expire. */
import { hash } from 'node:crypto';
import { importJWK, type JWK, type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import type { KeyRing } from './ring.ts';

/** Why a token does not count, in words for the developer of the partner system. */
export type RejectedToken = { rejected: string };

type Options = {
  issuer: string;
  keys: Pick<KeyRing, 'publicKeys'>;
  clock: Clock;
  /** Most tokens remembered. */ max?: number;
};

type Remembered<Said> = { said: Said; kid: string; expiresAt: number };

/**
 * Makes the verifier of JWTs of ours (RFC 9068, ES256); `read` takes what the asker needs of the claims, or says why they do
 * not do. A remembered token is known by its SHA-256 only, counts until it expires, and no longer than its key is published.
 */
export function createTokenVerifier<Said extends object>(
  options: Options,
  read: (claims: JWTPayload) => Said | RejectedToken,
): (token: string) => Promise<Said | RejectedToken> {
  const { max = 10_000, clock } = options;
  const remembered = new LRUCache<string, Remembered<Said>>({ max });
  return async (token) => {
    const name = hash('sha256', token, 'base64url');
    const keys = await options.keys.publicKeys('oidc');
    const known = remembered.get(name);
    if (known !== undefined) {
      const lapsed = lapseOf(known, keys, clock);
      if (lapsed === undefined) return known.said;
      remembered.delete(name);
      return { rejected: lapsed };
    }
    const verified = await verify(token, keys, options);
    if ('rejected' in verified) return verified;
    const said = read(verified.claims);
    if (!('rejected' in said)) remembered.set(name, { said, kid: verified.kid, expiresAt: verified.expiresAt });
    return said;
  };
}

/** Why a remembered token counts no longer, if it does not. */
function lapseOf({ expiresAt, kid }: Omit<Remembered<object>, 'said'>, keys: JWK[], clock: Clock): string | undefined {
  if (expiresAt <= clock()) return 'it has expired';
  return keys.some((key) => key.kid === kid) ? undefined : 'its key is no longer in use';
}

type Verified = { claims: JWTPayload; kid: string; expiresAt: number };

async function verify(token: string, keys: JWK[], { issuer, clock }: Options): Promise<Verified | RejectedToken> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, ({ kid }) => findKey(keys, kid), {
      issuer,
      typ: 'at+jwt',
      // The algorithm is ours to say: a key of another kind never verifies an access token.
      algorithms: ['ES256'],
      requiredClaims: ['exp', 'aud', 'sub', 'client_id', 'jti'],
      currentDate: new Date(clock() * 1000),
    });
    return { claims: payload, kid: protectedHeader.kid!, expiresAt: payload.exp! };
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
