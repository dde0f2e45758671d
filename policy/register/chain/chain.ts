/** The chain: each link names the one before by hash, and the service's own key seals its place. */
import { z } from 'zod';
import { ServiceError } from '../../../platform/errors.ts';
import { canonicalBytes, canonicalText, type JsonObject, parseJsonStrict } from '../../../platform/json.ts';
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

/** One row of the chain as it is stored: the canonical bytes of `{event, signatures}`, and the seal over its hash. */
export type StoredLink = { sequence: number; body: Uint8Array; hash: string; seal: string };

/** What every event says of its place in the chain. */
export const envelope = {
  federation: z.string().min(1).max(128),
  /** 1 for the first event; each event is the next. */
  sequence: z.int().min(1),
  /** Hash of the link before; of nothing, `origin`. */
  previous: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'a SHA-256 hash in base64url'),
  /** Epoch seconds by the clock of whoever made the event. */
  time: z.int().min(0),
};

/** An event as the chain knows it: what it says beside its place is for its own kind. */
export type ChainEvent = {
  federation: string;
  sequence: number;
  previous: string;
  time: number;
  type: string;
  data: JsonObject;
};

type Body<Event> = { event: Event; signatures: Signature[] };

export type Link<Event extends ChainEvent = ChainEvent> = Body<Event> & {
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
export function linkBody(event: ChainEvent, signatures: Signature[]): { body: Uint8Array; hash: string } {
  const body = canonicalBytes({ event, signatures });
  return { body, hash: hashOf(body) };
}

/** Seals a link's place in the chain, so that nobody without the service's key can shorten, reorder or rewrite it. */
export async function sealLink(event: ChainEvent, hash: string, key: PrivateKey, now: number): Promise<string> {
  const seal = await signFlattened(sealBytes(event, hash), { typ: types.seal, iat: Math.floor(now) }, key);
  return canonicalText(seal);
}

/**
 * Reads a stored link, an event of `schema`; throws where it is not the one that comes after `head` or its seal is not the
 * service's. `again` is given for bytes and a seal that this process has verified before, and says whether to verify the
 * seal once more.
 */
export async function openLink<Event extends ChainEvent>(
  schema: z.ZodType<Event>,
  stored: StoredLink,
  head: Head,
  sealKeys: readonly PublicKey[],
  again?: { seal: boolean },
): Promise<Link<Event>> {
  const hash = hashOf(stored.body);
  if (hash !== stored.hash) throw broken(stored.sequence, 'its bytes do not match its hash');
  const { event, signatures } = again === undefined ? readBody(schema, stored) : readKnown<Event>(stored);
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
function readKnown<Event>({ body }: StoredLink): Body<Event> {
  return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')) as Body<Event>;
}

function readBody<Event>(schema: z.ZodType<Event>, { body, sequence }: StoredLink): Body<Event> {
  try {
    const { event, signatures } = Outer.parse(readCanonical(body));
    return { event: schema.parse(event), signatures };
  } catch (error) {
    if (!(error instanceof ServiceError || error instanceof z.ZodError)) throw error;
    throw broken(sequence, 'it is not an event of a known form');
  }
}

const Outer = z.strictObject({ event: z.unknown(), signatures: z.array(Signature).max(1) });

async function sealed(event: ChainEvent, hash: string, text: string, keys: readonly PublicKey[]): Promise<boolean> {
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

function sealBytes(event: ChainEvent, hash: string): Uint8Array {
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
