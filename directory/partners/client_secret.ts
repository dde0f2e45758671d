/** Secrets of partner systems: long random strings that we make, so that a plain fast hash keeps them as well as a slow one. */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new secret of 256 bits, in letters that need no encoding anywhere. */
export function makeClientSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored: SHA-256 of the secret, base64url. */
export function hashClientSecret(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** Compares in constant time; a hash in another form matches nothing. */
export function clientSecretMatches(storedHash: string, secret: string): boolean {
  const [expected, actual] = [Buffer.from(storedHash), Buffer.from(hashClientSecret(secret))];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
