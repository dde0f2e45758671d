/** One signatory's signature: a detached JWS in flattened JSON form (RFC 7515 section 7.2.2 and appendix F). */
import { FlattenedSign, type JWK } from 'jose';
import { z } from 'zod';
import { PlatformError } from '../../../platform/errors.ts';
import { parseJsonStrict } from '../../../platform/json.ts';
import { PolicyError } from '../../errors.ts';
import { capacities } from './capacity.ts';
import { hashOf } from './canonical.ts';
import { algorithmOf, type PublicKey, publicPart, thumbprint, verifiesWith } from './keys.ts';

/** What a signature is about. Each has a type of its own, so that one can never be passed off as another. */
export const types = {
  protocol: 'wayleave-protocol+jws',
  accession: 'wayleave-accession+jws',
  countersignature: 'wayleave-countersignature+jws',
  event: 'wayleave-event+jws',
  suspension: 'wayleave-suspension+jws',
  withdrawal: 'wayleave-withdrawal+jws',
  seal: 'wayleave-seal+jws',
} as const;
export type SignatureType = (typeof types)[keyof typeof types];

/**
 * The protected header, whole: strict, so that `jwk`, `jku`, `x5c`, `crit`, `b64` and whatever else could change what a
 * signature means are refused by not being here.
 */
export const Header = z.strictObject({
  typ: z.enum(Object.values(types)),
  alg: z.enum(['EdDSA', 'ES256']),
  kid: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  /** When it was signed, by the signer's clock, in epoch seconds. */
  iat: z.int().min(0),
  agency: z.string().max(32).optional(),
  officer: z.string().max(64).optional(),
  capacity: z.enum(capacities).optional(),
});
export type Header = z.infer<typeof Header>;

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);

/**
 * A WebAuthn assertion (Web Authentication Level 3, section 7.2), each part in base64url: an officer's own passkey over the
 * SHA-256 of the JWS signing input. It goes with signatures by keys that the service holds.
 */
export const Assertion = z.strictObject({
  authenticator_data: base64url.max(2_000),
  /** The client data as JSON, byte for byte as the browser wrote it. */
  client_data: base64url.max(4_000),
  signature: base64url.max(200),
});
export type Assertion = z.infer<typeof Assertion>;

/** A detached signature: no payload, and no unprotected header. */
export const Signature = z.strictObject({
  protected: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .max(2_000),
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
  assertion: Assertion.optional(),
});
export type Signature = z.infer<typeof Signature>;

/** A key in the hands of its holder. */
export type PrivateKey = JWK & { d: string };

/** Signs bytes; `alg` and `kid` come from the key. */
export async function signFlattened(
  bytes: Uint8Array,
  header: Omit<Header, 'alg' | 'kid'>,
  key: PrivateKey,
): Promise<Signature> {
  const shown = publicPart(key);
  const named = Header.parse({ ...header, alg: algorithmOf(shown), kid: thumbprint(shown) });
  const jws = await new FlattenedSign(bytes).setProtectedHeader(named).sign(key);
  return { protected: jws.protected ?? '', signature: jws.signature };
}

/** Reads the protected header without trusting it: the key is yet to be found, the signature yet to be verified. */
export function readHeader(signature: Signature): Header {
  try {
    return Header.parse(parseJsonStrict(Buffer.from(signature.protected, 'base64url').toString('utf8')));
  } catch (cause) {
    if (!(cause instanceof z.ZodError || cause instanceof PlatformError)) throw cause;
    throw notValid('its header is not one that is used here', cause);
  }
}

/** The header of a signature that has verified before: nothing about it needs checking again. */
export function headerOf(signature: Signature): Header {
  return JSON.parse(Buffer.from(signature.protected, 'base64url').toString('utf8')) as Header;
}

/** Verifies, or throws `signature-not-valid`; returns the header, which counts from here on. */
export async function verifyFlattened(
  signature: Signature,
  bytes: Uint8Array,
  key: PublicKey,
  type: SignatureType,
): Promise<Header> {
  const header = readHeader(signature);
  if (header.typ !== type) throw notValid(`it is of type ${header.typ}, where ${type} is needed`);
  if (header.alg !== algorithmOf(key)) throw notValid('its algorithm is not the one of the key');
  if (header.kid !== thumbprint(key)) throw notValid('it names another key');
  if (!(await verifies(signature, bytes, key))) throw notValid('it does not match the text and the key');
  return header;
}

/**
 * True only if the signature verifies over exactly these bytes with this key. Whoever calls has found `key` in the register
 * under the header's `kid`; nothing in the header chooses it.
 */
export function verifies(
  signature: Pick<Signature, 'protected' | 'signature'>,
  bytes: Uint8Array,
  key: PublicKey,
): Promise<boolean> {
  const value = Buffer.from(signature.signature, 'base64url');
  // JWS writes an ECDSA signature as its two numbers (RFC 7518 section 3.4); Ed25519 has one form only.
  return verifiesWith(key, signingInput(signature.protected, bytes), value, 'ieee-p1363');
}

/** The bytes that a detached JWS is made over (RFC 7515 section 5.1). */
export function signingInput(header: string, bytes: Uint8Array): Buffer {
  const payload = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
  return Buffer.from(`${header}.${payload}`, 'latin1');
}

/** What one signature covers, as one string: the same twice is the same signature given again. */
export function signedInput(signature: Signature, hash: string): string {
  return hashOf(Buffer.from(`${signature.protected}.${hash}`));
}

/** The refusal of a signature that does not verify. */
export function notValid(why: string, cause?: unknown): PolicyError {
  return new PolicyError('invalid', 'signature-not-valid', `The signature is not valid: ${why}.`, { cause });
}
