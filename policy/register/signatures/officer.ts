/** An officer's signature: by a key in their agency's hands, or by one that the service holds with their passkey beside it. */
import { PolicyError } from '../../errors.ts';
import { type AssertingKey, verifyAssertion } from './assertion.ts';
import { type Header, notValid, type Signature, type SignatureType, verifyFlattened } from './flattened.ts';
import type { PublicKey } from './keys.ts';

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
