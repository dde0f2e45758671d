/** The state of the register from its chain: verified link by link, in order, and from nothing else. */
import { setImmediate as pause } from 'node:timers/promises';
import { compromiseIn, declaresCompromise } from '../events/key_revoked.ts';
import type { RegisterEvent } from '../events/table.ts';
import { applyLink } from './apply.ts';
import { broken, cut, fingerprint, type Head, type Link, type StoredLink } from '../chain/chain.ts';
import { beginDerivation, type Derivation, type Trust } from '../chain/derivation.ts';
import { type Before, readPage, type Source } from './read_page.ts';

export type DeriveOptions = {
  before?: Before | undefined;
  /** Told of each link that has taken its place. */
  seen?: (link: Link<RegisterEvent>) => void;
  /** A head seen before, here or elsewhere: the chain must contain it. */
  expected?: Head | undefined;
  /** Awaited after each page, so that other work gets its turn. */
  rest?: () => Promise<unknown>;
};

/** Verifies a chain from its first link on. Throws `register-broken`. */
export async function derive(source: Source, trust: Trust, options: DeriveOptions = {}): Promise<Derivation> {
  const derivation = beginDerivation(trust, await readCompromises(source, options.rest));
  const { expected } = options;
  let contained = expected === undefined || expected.sequence === 0;
  const seen = (link: Link<RegisterEvent>): void => {
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
  const { before, seen, rest = pause } = options;
  for (;;) {
    const page = await readPage(source, derivation, before);
    if (page === undefined) return;
    for (const [at, link] of page.links.entries()) {
      if (declaresCompromise(derivation, link.event)) throw new CompromiseDeclared();
      const counts = await applyLink(derivation, link, page.texts);
      if (counts) remember(derivation, page.stored[at]);
      seen?.(link);
    }
    await rest();
  }
}

/** A link declares a key compromised from an earlier position on. */
export class CompromiseDeclared extends Error {}

function remember(derivation: Derivation, link: StoredLink | undefined): void {
  if (link !== undefined) derivation.verified.set(link.sequence, fingerprint(link));
}

// A compromise reaches back in time, so it must be known before the first link is verified. Whether it was declared by
// somebody who could is verified in its turn; if not, the whole chain is refused.
async function readCompromises(source: Source, rest: () => Promise<unknown> = pause): Promise<Map<string, number>> {
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
    await rest();
  }
}

function peek(body: Uint8Array, sequence: number): unknown {
  try {
    return (JSON.parse(Buffer.from(body).toString('utf8')) as { event?: unknown }).event;
  } catch {
    throw broken(sequence, 'it is not an event of a known form');
  }
}
