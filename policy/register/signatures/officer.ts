/** An officer's signature: by a key in their agency's hands, or by one that the service holds with their passkey beside it. */
import { createHash } from 'node:crypto';
import { findFlaw } from '../../../platform/webauthn/assertion.ts';
import { PolicyError } from '../../errors.ts';
import {
  type Header,
  notValid,
  type Signature,
  signingInput,
  type SignatureType,
  verifyFlattened,
} from './flattened.ts';
import { type Passkey, type PublicKey, verifiesWith } from './keys.ts';

/** What is needed of a passkey to verify what it asserts. */
type AssertingKey = Pick<Passkey, 'jwk' | 'rp_id'>;

/** What the register says of the key, and of the officer whose signature it is. */
type OfficerKey = { jwk: PublicKey; held?: 'service' | undefined; passkey?: AssertingKey | undefined };

/** What an officer answered with. */
type AnsweredWith = 'agency-key' | 'passkey';

/**
 * Verifies an officer's signature over bytes with the keys given, in full, or throws `signature-not-valid` or
 * `sealed-by-service`. Needs neither database nor network; who the officer is and what they may sign is for the register.
 */
export async function verifyOfficerSignature(
  signature: Signature,
  bytes: Uint8Array,
  key: OfficerKey,
  type: SignatureType,
): Promise<{ header: Header; with: AnsweredWith }> {
  const answered = answeredWith(signature, key);
  const header = await verifyFlattened(signature, bytes, key.jwk, type);
  if (answered === 'passkey' && key.passkey !== undefined) await verifyAssertion(signature, bytes, key.passkey);
  return { header, with: answered };
}

/** What must be verified of the signature; throws where it is only the service that signed. */
export function answeredWith({ assertion }: Signature, { held, passkey }: OfficerKey): AnsweredWith {
  if (held === undefined) {
    if (assertion !== undefined) throw notValid('it carries an assertion, which goes with keys that the service holds');
    return 'agency-key';
  }
  if (passkey === undefined || assertion === undefined) throw sealedByService(passkey === undefined);
  return 'passkey';
}

/**
 * The challenge that an officer's passkey answers, in base64url: SHA-256 of the JWS signing input. It names the text, the
 * officer, the capacity and the time, so an assertion never serves for another signature. `header` is `protected`.
 */
export function challengeOf(header: string, bytes: Uint8Array): string {
  return createHash('sha256').update(signingInput(header, bytes)).digest('base64url');
}

/** Verifies the assertion that goes with a signature over these bytes, or throws `signature-not-valid`. */
async function verifyAssertion(
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

function sealedByService(nameless: boolean): PolicyError {
  const lacking = nameless
    ? 'the register names no passkey of the officer'
    : 'the officer’s passkey did not answer for it';
  return new PolicyError(
    'forbidden',
    'sealed-by-service',
    `The signature was only sealed by the service: ${lacking}. It does not count.`,
  );
}
