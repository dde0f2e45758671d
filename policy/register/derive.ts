/** The state of the register from its chain: verified link by link, in order, and from nothing else. */
import { setImmediate as pause } from 'node:timers/promises';
import { ServiceError } from '../../platform/errors.ts';
import type { Protocol } from '../protocols/document.ts';
import { readProtocol } from '../protocols/read.ts';
import { hashOf } from '../signatures/canonical.ts';
import { applyLink, declaresCompromise, type Texts } from './apply.ts';
import { broken, cut, type Head, type Link, openLink, type StoredLink } from './chain.ts';
import { beginDerivation, type Derivation, type Trust } from './derivation.ts';
import { stateAt } from './state-at.ts';
import type { RegisterState } from './state.ts';
import type { Text } from './steps/protocol-signed.ts';

/** Where the chain is read from. */
export type Source = {
  /** Links after a position, in order, at most `limit`. */
  links(after: number, limit: number): Promise<StoredLink[]>;
  /** The bytes stored under these hashes; whether they match is checked here. */
  texts(hashes: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
};

/** Small enough that the event loop is free again within milliseconds. */
const page = 50;

/** Documents that were read before, by hash: bytes that hash to the same need no second reading. */
export type KnownDocuments = (hash: string) => Protocol | undefined;

export type DeriveOptions = {
  known?: KnownDocuments;
  /** Told of each link that has taken its place. */
  seen?: (link: Link) => void;
  /** A head seen before, here or elsewhere: the chain must contain it. */
  expected?: Head | undefined;
};

/** Verifies a chain as a whole and says what it amounts to at `now` (epoch seconds). Throws `register-broken`. */
export async function deriveState(source: Source, trust: Trust, now: number): Promise<RegisterState> {
  return stateAt(await derive(source, trust), now);
}

/** Verifies a chain from its first link on. Throws `register-broken`. */
export async function derive(source: Source, trust: Trust, options: DeriveOptions = {}): Promise<Derivation> {
  const derivation = beginDerivation(trust, await findCompromises(source));
  const { expected } = options;
  let contained = expected === undefined || expected.sequence === 0;
  const seen = (link: Link): void => {
    if (link.event.sequence === expected?.sequence) contained = link.hash === expected.hash;
    options.seen?.(link);
  };
  await extend(derivation, source, { ...options, seen });
  if (!contained) throw cut(expected?.sequence ?? 0);
  return derivation;
}

/**
 * Takes up the links that follow. Throws `CompromiseDeclared` where one of them reaches back in time, so that everything
 * must be derived again; the derivation is of no use afterwards.
 */
export async function extend(derivation: Derivation, source: Source, options: DeriveOptions = {}): Promise<void> {
  const { known, seen } = options;
  for (;;) {
    const stored = await source.links(derivation.head.sequence, page);
    if (stored.length === 0) return;
    const links = await openPage(stored, derivation);
    const texts = await readTexts(source, links, (hash) => derivation.protocols.get(hash)?.document ?? known?.(hash));
    for (const link of links) {
      if (declaresCompromise(derivation, link.event)) throw new CompromiseDeclared();
      await applyLink(derivation, link, texts);
      seen?.(link);
    }
    await pause();
  }
}

/** A link declares a key compromised from an earlier position on. */
export class CompromiseDeclared extends Error {}

// Each link is checked against the stored hash of the one before, which is checked against that one's bytes: so a page
// can be verified at once. What is reported is the first link that does not verify.
async function openPage(stored: readonly StoredLink[], { head, sealKeys }: Derivation): Promise<Link[]> {
  const opened = await Promise.allSettled(
    stored.map((link, at) => openLink(link, at === 0 ? head : headOf(stored[at - 1]), sealKeys)),
  );
  return opened.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

function headOf(link: StoredLink | undefined): Head {
  if (link === undefined) throw new RangeError('no link');
  return { sequence: link.sequence, hash: link.hash };
}

async function readTexts(source: Source, links: readonly Link[], known: KnownDocuments): Promise<Texts> {
  const hashes = new Set<string>();
  for (const { event } of links) if (event.type === 'protocol-signed') hashes.add(event.data.protocol);
  const texts = new Map<string, Text>();
  if (hashes.size === 0) return texts;
  for (const [hash, bytes] of await source.texts([...hashes])) {
    const document = hashOf(bytes) === hash ? (known(hash) ?? tryRead(bytes)) : undefined;
    if (document !== undefined) texts.set(hash, { hash, bytes, document });
  }
  return texts;
}

function tryRead(bytes: Uint8Array): Protocol | undefined {
  try {
    return readProtocol(bytes).document;
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}

// A compromise reaches back in time, so it must be known before the first link is verified. Whether it was declared by
// somebody who could is verified in its turn; if not, the whole chain is refused.
async function findCompromises(source: Source): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (let after = 0; ;) {
    const stored = await source.links(after, 500);
    for (const { body, sequence } of stored) {
      if (!Buffer.from(body.buffer, body.byteOffset, body.byteLength).includes('"compromised_from"')) continue;
      const declared = compromiseIn(peek(body, sequence));
      if (declared !== undefined) found.set(declared.kid, Math.min(declared.from, found.get(declared.kid) ?? Infinity));
    }
    const last = stored.at(-1);
    if (last === undefined) return found;
    after = last.sequence;
    await pause();
  }
}

function peek(body: Uint8Array, sequence: number): unknown {
  try {
    return (JSON.parse(Buffer.from(body).toString('utf8')) as { event?: unknown }).event;
  } catch {
    throw broken(sequence, 'it is not an event of a known form');
  }
}

function compromiseIn(event: unknown): { kid: string; from: number } | undefined {
  const { type, data } = (event ?? {}) as { type?: string; data?: { kid?: string; compromised_from?: number } };
  if (type !== 'key-revoked' || data?.compromised_from === undefined || data.kid === undefined) return undefined;
  return { kid: data.kid, from: data.compromised_from };
}
