/** A passkey's answer to a challenge (Web Authentication Level 3, section 7.2): asking for it, and looking for a flaw in it. */
import { createHash } from 'node:crypto';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { z } from 'zod';
import { PlatformError } from '../errors.ts';
import { parseJsonStrict } from '../json.ts';

/** The site that passkeys belong to, as WebAuthn names it. */
export type Site = {
  /** The relying party's id: passkeys belong to this domain. */
  domain: string;
  /** The one origin on which they are asked. */
  origin: string;
};

/** The site at this address. */
export function siteOf(baseUrl: string): Site {
  const { hostname, origin } = new URL(baseUrl);
  return { domain: hostname, origin };
}

/** Each part in base64url; `client_data` is JSON, byte for byte as the browser wrote it. */
type AssertionParts = { authenticator_data: string; client_data: string; signature: string };

/** What `navigator.credentials.get` takes, for one passkey. */
export function requestOptions(
  { domain }: Site,
  challenge: string,
  credential: string,
): PublicKeyCredentialRequestOptionsJSON {
  return {
    challenge,
    rpId: domain,
    userVerification: 'required',
    allowCredentials: [{ id: credential, type: 'public-key' }],
    timeout: 300_000,
  };
}

/** What a passkey was asked, and how its signature is held against its key (an ECDSA one is in DER, section 6.5.5). */
type Expected = {
  challenge: string;
  domain: string;
  verifies: (input: Uint8Array, signature: Uint8Array) => Promise<boolean>;
};

/**
 * Why the answer does not count, in words; undefined where it does. Needs no network.
 *
 * Own verification rather than @simplewebauthn's: that takes keys as COSE, expects to be told each origin, and goes through
 * Web Crypto, which costs the main thread six times as much; the register verifies thousands.
 */
export async function findFlaw(assertion: AssertionParts, expected: Expected): Promise<string | undefined> {
  const client = readClientData(assertion);
  if (client === undefined) return 'what the passkey answered cannot be read';
  if (client.type !== 'webauthn.get') return 'the passkey was asked for something else';
  if (client.challenge !== expected.challenge) return 'the passkey answered for another text';
  if (client.crossOrigin === true || !isOrigin(client.origin, expected.domain)) {
    return `the passkey answered on another site than ${expected.domain}`;
  }
  const flaw = findAuthenticatorFlaw(assertion, expected.domain);
  if (flaw !== undefined) return flaw;
  const signed = Buffer.concat([decode(assertion.authenticator_data), sha256(decode(assertion.client_data))]);
  if (await expected.verifies(signed, decode(assertion.signature))) return undefined;
  return 'the assertion does not match the officer’s passkey';
}

/** The origin that the browser names, or undefined where it cannot be read. */
export function originOf(assertion: Pick<AssertionParts, 'client_data'>): string | undefined {
  return readClientData(assertion)?.origin;
}

// Browsers may add members of their own; what is not read here is covered by the signature all the same.
const ClientData = z.object({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().optional(),
});

function readClientData({ client_data }: Pick<AssertionParts, 'client_data'>): z.infer<typeof ClientData> | undefined {
  try {
    return ClientData.parse(parseJsonStrict(decode(client_data).toString('utf8')));
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof PlatformError) return undefined;
    throw error;
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

/** Bits of the flags, section 6.1. */
const userPresent = 0x01;
const userVerified = 0x04;
const shortestBytes = 37;

function findAuthenticatorFlaw({ authenticator_data }: AssertionParts, domain: string): string | undefined {
  const data = decode(authenticator_data);
  if (data.length < shortestBytes) return 'the authenticator’s data is cut short';
  if (!data.subarray(0, 32).equals(sha256(Buffer.from(domain)))) {
    return `the passkey answered for another site than ${domain}`;
  }
  const flags = data[32] ?? 0;
  if ((flags & userPresent) === 0) return 'nobody was present when the passkey answered';
  if ((flags & userVerified) === 0) return 'the passkey did not verify who was using it';
  return undefined;
}

function decode(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
