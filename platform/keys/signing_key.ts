/** A signing key of the service: how one is made, sealed for the database, and opened again. */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { PlatformError } from '../errors.ts';
import { seal, unseal } from './envelope.ts';

export type Purpose = 'oidc' | 'log' | 'register';
export type Alg = 'RS256' | 'ES256' | 'EdDSA';

export type SigningKey = {
  /** RFC 7638 thumbprint of the public key. */
  kid: string;
  purpose: Purpose;
  alg: Alg;
  /** New signatures are made with the current key of a purpose and algorithm; others only verify. */
  current: boolean;
  privateKey: KeyObject;
  publicKey: KeyObject;
  privateJwk: JWK;
  publicJwk: JWK;
};

/** A row of `signing_key`. The public half is not stored: it follows from the sealed half, so that a row added by hand never counts. */
export type SealedKey = { kid: string; purpose: Purpose; alg: Alg; current: boolean; sealed: Buffer };

const generate = promisify(generateKeyPair);

const makers: Record<Alg, () => Promise<{ privateKey: KeyObject }>> = {
  RS256: () => generate('rsa', { modulusLength: 2048 }),
  ES256: () => generate('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generate('ed25519'),
};

/** Makes a new key. It is current until another takes its place. */
export async function makeSigningKey(purpose: Purpose, alg: Alg): Promise<SigningKey> {
  const { privateKey } = await makers[alg]();
  const kid = await calculateJwkThumbprint(createPublicKey(privateKey).export({ format: 'jwk' }));
  return describe({ kid, purpose, alg, current: true }, privateKey);
}

/** Encrypts a key under the master key, bound to its id, purpose and algorithm. */
export function sealSigningKey(masterKey: Buffer, key: SigningKey): SealedKey {
  const sealed = seal(masterKey, label(key), key.privateKey.export({ format: 'der', type: 'pkcs8' }));
  return { kid: key.kid, purpose: key.purpose, alg: key.alg, current: key.current, sealed };
}

/** Opens a row, or throws `wrong-master-key` and says which key did not open. */
export function openSigningKey(masterKey: Buffer, row: SealedKey): SigningKey {
  return describe(row, createPrivateKey({ key: unsealRow(masterKey, row), format: 'der', type: 'pkcs8' }));
}

function unsealRow(masterKey: Buffer, row: SealedKey): Buffer {
  try {
    return unseal(masterKey, label(row), row.sealed);
  } catch (cause) {
    throw new PlatformError(
      'unavailable',
      'wrong-master-key',
      `The signing key ${row.kid} (${row.purpose}) does not open. The database was made with another key-encryption key, ` +
        'or this one row was changed by hand and does not count. If no key opens, set KEY_ENCRYPTION_KEY to the key that this database was first started with.',
      { cause },
    );
  }
}

function label(key: { kid: string; purpose: Purpose; alg: Alg }): string {
  return `signing-key/${key.purpose}/${key.alg}/${key.kid}`;
}

function describe(row: Omit<SealedKey, 'sealed'>, privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const names = { kid: row.kid, alg: row.alg, use: 'sig' };
  return {
    kid: row.kid,
    purpose: row.purpose,
    alg: row.alg,
    current: row.current,
    privateKey,
    publicKey,
    privateJwk: { ...(privateKey.export({ format: 'jwk' }) as JWK), ...names },
    publicJwk: { ...(publicKey.export({ format: 'jwk' }) as JWK), ...names },
  };
}
