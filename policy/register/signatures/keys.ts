/** Public keys as the register knows them: two kinds, each with one algorithm, named by their thumbprint; and passkeys. */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { JWK } from 'jose';
import { z } from 'zod';
import { hashOfJson } from './canonical.ts';

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/, '32 bytes in base64url');

/** A public signing key and nothing else: strict, so that a private part can never be published by mistake. */
export const PublicKey = z.discriminatedUnion('kty', [
  z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: coordinate }),
  z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate }),
]);
export type PublicKey = z.infer<typeof PublicKey>;

/** The passkey with which an officer answers for what a key held by the service signs. */
export const Passkey = z.strictObject({
  credential_id: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .max(1_400),
  jwk: PublicKey,
  /** The domain that it belongs to (WebAuthn relying party id). */
  rp_id: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'use a domain name in small letters')
    .max(253),
});
export type Passkey = z.infer<typeof Passkey>;

export type Algorithm = 'EdDSA' | 'ES256';

/** The algorithm follows from the key, never from what a signature's header says. */
export function algorithmOf(key: PublicKey): Algorithm {
  return key.kty === 'OKP' ? 'EdDSA' : 'ES256';
}

/** RFC 7638: the key's own name. Nobody can give one key the name of another. */
export function thumbprint(key: PublicKey): string {
  return hashOfJson(key);
}

/** The public part of a key, checked; throws ZodError where it is not one of the two kinds. */
export function publicPart(key: JWK): PublicKey {
  const { kty, crv, x, y } = key;
  return PublicKey.parse(kty === 'EC' ? { kty, crv, x, y } : { kty, crv, x });
}

/**
 * The one place where a signature is held against a key: true only if `value` is a signature over exactly `input`, with this
 * key and the algorithm that belongs to it. `dsaEncoding` is how an ECDSA signature is written down. Give the same object for
 * the same key: the imported key is kept beside it.
 *
 * Node's own verification rather than jose's: jose goes through Web Crypto, which in Node 24 verifies Ed25519 on the main
 * thread (190 microseconds each, against 30 here and the rest on another thread), and the register verifies thousands.
 */
export function verifiesWith(
  key: PublicKey,
  input: Uint8Array,
  value: Uint8Array,
  dsaEncoding: 'ieee-p1363' | 'der',
): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      // An error means that key or signature cannot be read: it does not verify.
      verify(digests[algorithmOf(key)], input, { key: imported(key), dsaEncoding }, value, (error, valid) =>
        resolve(error === null && valid),
      );
    } catch {
      resolve(false);
    }
  });
}

// Ed25519 brings its own digest.
const digests = { EdDSA: null, ES256: 'sha256' } as const;

const importedKeys = new WeakMap<PublicKey, KeyObject>();

function imported(key: PublicKey): KeyObject {
  const known = importedKeys.get(key);
  if (known !== undefined) return known;
  const made = createPublicKey({ key: { ...key }, format: 'jwk' });
  importedKeys.set(key, made);
  return made;
}
