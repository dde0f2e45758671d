/** New signing keys for officers, agencies and a federation. */
import { generateKeyPairSync } from 'node:crypto';
import type { PrivateKey } from './flattened.ts';
import type { Algorithm } from './keys.ts';

/** Makes a key pair; the private JWK holds both halves. */
export function generateKey(algorithm: Algorithm = 'EdDSA'): PrivateKey {
  const { privateKey } =
    algorithm === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ format: 'jwk' }) as PrivateKey;
}
