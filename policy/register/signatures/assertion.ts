/** Passkey assertions: an officer's own "yes" to what a key held by the service signs (WebAuthn Level 3, section 7.2). */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { PlatformError } from '../../../platform/errors.ts';
import { parseJsonStrict } from '../../../platform/json.ts';
import { type Assertion, notValid, type Signature } from './flattened.ts';
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

/**
 * Verifies the assertion that goes with a signature over these bytes, or throws `signature-not-valid`. Needs no network.
 *
 * Node's own verification rather than @simplewebauthn's: that takes keys as COSE and expects to be told each origin, and
 * goes through Web Crypto, which costs the main thread six times as much (see verify.ts); the register verifies thousands.
 */
export async function verifyAssertion(
  { protected: header, assertion }: Signature,
  bytes: Uint8Array,
  key: AssertingKey,
): Promise<void> {
  if (assertion === undefined) throw notValid('the officer’s passkey did not answer for it');
  const clientData = readClientData(assertion);
  if (clientData.type !== 'webauthn.get') throw notValid('the passkey was asked for something else');
  if (clientData.challenge !== challengeOf(header, bytes)) throw notValid('the passkey answered for another text');
  if (clientData.crossOrigin === true || !isOrigin(clientData.origin, key.rp_id)) {
    throw notValid(`the passkey answered on another site than ${key.rp_id}`);
  }
  checkAuthenticator(assertion, key.rp_id);
  const signed = Buffer.concat([decode(assertion.authenticator_data), sha256(decode(assertion.client_data))]);
  // An authenticator writes an ECDSA signature in DER (WebAuthn section 6.5.5).
  if (!(await verifiesWith(key.jwk, signed, decode(assertion.signature), 'der'))) {
    throw notValid('the assertion does not match the officer’s passkey');
  }
}

// Browsers may add members of their own; what is not read here is covered by the signature all the same.
const ClientData = z.object({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().optional(),
});

function readClientData({ client_data }: Assertion): z.infer<typeof ClientData> {
  try {
    return ClientData.parse(parseJsonStrict(decode(client_data).toString('utf8')));
  } catch (cause) {
    if (!(cause instanceof z.ZodError || cause instanceof PlatformError)) throw cause;
    throw notValid('what the passkey answered cannot be read', cause);
  }
}

/** The site itself or one below it, over TLS; plain HTTP only on the machine itself, as browsers have it. */
function isOrigin(text: string, domain: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.origin !== text) return false;
  const { protocol, hostname } = url;
  if (hostname !== domain && !hostname.endsWith(`.${domain}`)) return false;
  return protocol === 'https:' || (protocol === 'http:' && (domain === 'localhost' || domain.endsWith('.localhost')));
}

/** Bits of the flags, WebAuthn section 6.1. */
const userPresent = 0x01;
const userVerified = 0x04;
const shortestBytes = 37;

function checkAuthenticator({ authenticator_data }: Assertion, domain: string): void {
  const data = decode(authenticator_data);
  if (data.length < shortestBytes) throw notValid('the authenticator’s data is cut short');
  if (!data.subarray(0, 32).equals(sha256(Buffer.from(domain)))) {
    throw notValid(`the passkey answered for another site than ${domain}`);
  }
  const flags = data[32] ?? 0;
  if ((flags & userPresent) === 0) throw notValid('nobody was present when the passkey answered');
  if ((flags & userVerified) === 0) throw notValid('the passkey did not verify who was using it');
}

function decode(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
