/** Passkey assertions: an officer's own "yes" to what a key held by the service signs. */
import { createHash } from 'node:crypto';
import { findFlaw } from '../../../platform/webauthn/assertion.ts';
import { notValid, type Signature } from './flattened.ts';
import type { Passkey } from './keys.ts';
import { signingInput, verifiesWith } from './verify.ts';

/** What is needed of a passkey to verify what it asserts. */
export type AssertingKey = Pick<Passkey, 'jwk' | 'rp_id'>;

/**
 * The challenge that an officer's passkey answers, in base64url: SHA-256 of the JWS signing input. It names the text, the
 * officer, the capacity and the time, so an assertion never serves for another signature. `header` is `protected`.
 */
export function challengeOf(header: string, bytes: Uint8Array): string {
  return createHash('sha256').update(signingInput(header, bytes)).digest('base64url');
}

/** Verifies the assertion that goes with a signature over these bytes, or throws `signature-not-valid`. */
export async function verifyAssertion(
  { protected: header, assertion }: Signature,
  bytes: Uint8Array,
  { jwk, rp_id: domain }: AssertingKey,
): Promise<void> {
  if (assertion === undefined) throw notValid('the officer’s passkey did not answer for it');
  const flaw = await findFlaw(assertion, {
    challenge: challengeOf(header, bytes),
    domain,
    verifies: (input, signature) => verifiesWith(jwk, input, signature, 'der'),
  });
  if (flaw !== undefined) throw notValid(flaw);
}
