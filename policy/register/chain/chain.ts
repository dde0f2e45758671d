/** The chain: each link names the one before by hash, and the service's own key seals its place. */
import { z } from 'zod';
import { ServiceError } from '../../../platform/errors.ts';
import { canonicalBytes, canonicalText, parseJsonStrict } from '../../../platform/json.ts';
import { PolicyError } from '../../errors.ts';
import { hashOf, hashOfJson, readCanonical } from '../signatures/canonical.ts';
import {
  type PrivateKey,
  Signature,
  signFlattened,
  types,
  verifyFlattened,
  readHeader,
} from '../signatures/flattened.ts';
import { type PublicKey, thumbprint } from '../signatures/keys.ts';
import { RegisterEvent } from './event.ts';

/** One row of the chain as it is stored: the canonical bytes of `{event, signatures}`, and the seal over its hash. */
export type StoredLink = { sequence: number; body: Uint8Array; hash: string; seal: string };

const Body = z.strictObject({ event: RegisterEvent, signatures: z.array(Signature).max(1) });
export type Link = z.infer<typeof Body> & {
  hash: string;
  /** True where the signature in it verified before, by this process, over the same bytes. */
  proved: boolean;
};

export type Head = { sequence: number; hash: string };

/** What stands before the first event: a hash that no event has, different for each federation. */
export function origin(federation: string): Head {
  return { sequence: 0, hash: hashOfJson({ type: 'wayleave-register', federation }) };
}

/** The bytes of a link and their hash. */
export function linkBody(event: RegisterEvent, signatures: Signature[]): { body: Uint8Array; hash: string } {
  const body = canonicalBytes({ event, signatures });
  return { body, hash: hashOf(body) };
}

/** Seals a link's place in the chain, so that nobody without the service's key can shorten, reorder or rewrite it. */
export async function sealLink(event: RegisterEvent, hash: string, key: PrivateKey, now: number): Promise<string> {
  const seal = await signFlattened(sealBytes(event, hash), { typ: types.seal, iat: Math.floor(now) }, key);
  return canonicalText(seal);
}

/**
 * Reads a stored link; throws where it is not the one that comes after `head` or its seal is not the service's. `again`
 * is given for bytes and a seal that this process has verified before, and says whether to verify the seal once more.
 */
export async function openLink(
  stored: StoredLink,
  head: Head,
  sealKeys: readonly PublicKey[],
  again?: { seal: boolean },
): Promise<Link> {
  const hash = hashOf(stored.body);
  if (hash !== stored.hash) throw broken(stored.sequence, 'its bytes do not match its hash');
  const { event, signatures } = again === undefined ? readBody(stored) : readKnown(stored);
  if (stored.sequence !== head.sequence + 1 || event.sequence !== stored.sequence) {
    throw broken(stored.sequence, `it does not stand after event ${head.sequence}`);
  }
  if (event.previous !== head.hash) throw broken(stored.sequence, 'it does not name the event before it');
  if (again?.seal !== false && !(await sealed(event, hash, stored.seal, sealKeys))) {
    throw broken(stored.sequence, 'its seal is not this service’s');
  }
  return { event, signatures, hash, proved: false };
}

/** What a stored link is known by once it has verified: its bytes and its seal. */
export function fingerprint({ body, seal }: StoredLink): string {
  return `${hashOf(body)}${hashOf(Buffer.from(seal))}`;
}

// Bytes of this hash were found to be canonical and an event before.
function readKnown({ body }: StoredLink): z.infer<typeof Body> {
  return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')) as z.infer<
    typeof Body
  >;
}

function readBody({ body, sequence }: StoredLink): z.infer<typeof Body> {
  try {
    return Body.parse(readCanonical(body));
  } catch (error) {
    if (!(error instanceof ServiceError || error instanceof z.ZodError)) throw error;
    throw broken(sequence, 'it is not an event of a known form');
  }
}

async function sealed(event: RegisterEvent, hash: string, text: string, keys: readonly PublicKey[]): Promise<boolean> {
  try {
    const seal = Signature.parse(parseJsonStrict(text));
    const { kid } = readHeader(seal);
    const key = keys.find((one) => thumbprint(one) === kid);
    if (key === undefined) return false;
    await verifyFlattened(seal, sealBytes(event, hash), key, types.seal);
    return true;
  } catch (error) {
    if (error instanceof ServiceError || error instanceof z.ZodError) return false;
    throw error;
  }
}

function sealBytes(event: RegisterEvent, hash: string): Uint8Array {
  const { federation, sequence, previous } = event;
  return canonicalBytes({ federation, sequence, previous, hash });
}

/** The chain in the database is not what was written: nothing in it counts. */
export function broken(sequence: number, why: string): PolicyError {
  return new PolicyError(
    'unavailable',
    'register-broken',
    `The register does not verify at event ${sequence}: ${why.replace(/\.$/, '')}.`,
  );
}

/** The chain no longer contains an event that was there: it was cut short or replaced. */
export function cut(sequence: number): PolicyError {
  return new PolicyError(
    'unavailable',
    'register-cut',
    `The register no longer contains event ${sequence} as this service last saw it: it was cut short or replaced. ` +
      'Bring the database back; if it was meant to be emptied, remove register-head.json from the data folder.',
  );
}
