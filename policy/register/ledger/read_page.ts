/** One page of the chain and the texts that its signatures are over: read, hashed, and opened. */
import { ServiceError } from '../../../platform/errors.ts';
import type { Protocol } from '../protocols/document.ts';
import { readProtocol, type Text, type Texts } from '../protocols/read.ts';
import { hashOf } from '../signatures/canonical.ts';
import { fingerprint, type Head, type Link, openLink, type StoredLink } from '../chain/chain.ts';
import type { Derivation } from '../chain/derivation.ts';
import { kindOf, RegisterEvent } from '../events/table.ts';
import { isDue, type Turn } from '../chain/turn.ts';

/** Where the chain is read from. */
export type Source = {
  /** Links after a position, in order, at most `limit`. */
  links(after: number, limit: number): Promise<StoredLink[]>;
  /** The bytes stored under these hashes; whether they match is checked here. */
  texts(hashes: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
};

/**
 * What this process verified before. Links are read and hashed again each time, and need not be parsed again where their
 * bytes are the same; texts are read and hashed, and the signatures over them verified, in turns.
 */
export type Before = { derivation: Derivation; turn: Turn };

type Page = { stored: readonly StoredLink[]; links: Link<RegisterEvent>[]; texts: Texts };

/** Small enough that the event loop is free again within milliseconds. */
const pageSize = 50;

/** The page after the derivation's head, or undefined at the end. Throws `register-broken` for its first bad link. */
export async function readPage(source: Source, derivation: Derivation, before?: Before): Promise<Page | undefined> {
  const stored = await source.links(derivation.head.sequence, pageSize);
  if (stored.length === 0) return undefined;
  const links = await openLinks(stored, derivation, before);
  return { stored, links, texts: await readTexts(source, links, [derivation, before?.derivation]) };
}

// Each link is checked against the stored hash of the one before, which is checked against that one's bytes: so a page
// can be verified at once. What is reported is the first link that does not verify.
async function openLinks(
  stored: readonly StoredLink[],
  derivation: Derivation,
  before?: Before,
): Promise<Link<RegisterEvent>[]> {
  const { head, sealKeys } = derivation;
  // A compromise that was not known then may put an earlier passkey in the place of the one that answered.
  const turn = before && sameCompromises(before.derivation, derivation) ? before.turn : undefined;
  const opened = await Promise.allSettled(
    stored.map(async (one, at) => {
      const known = before?.derivation.verified.get(one.sequence) === fingerprint(one);
      // The seal of the last link covers every link before it, since each names the hash of the one before.
      const again = known ? { seal: at === stored.length - 1 } : undefined;
      const link = await openLink(RegisterEvent, one, at === 0 ? head : headOf(stored[at - 1]), sealKeys, again);
      const text = kindOf(link.event).signedText?.(link.event);
      return { ...link, proved: known && turn !== undefined && text !== undefined && !isDue(turn, text) };
    }),
  );
  return opened.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

function sameCompromises({ compromises: one }: Derivation, { compromises: other }: Derivation): boolean {
  return one.size === other.size && [...one].every(([kid, from]) => other.get(kid) === from);
}

function headOf(link: StoredLink | undefined): Head {
  if (link === undefined) throw new RangeError('no link');
  return { sequence: link.sequence, hash: link.hash };
}

async function readTexts(
  source: Source,
  links: readonly Link<RegisterEvent>[],
  readBefore: readonly (Derivation | undefined)[],
): Promise<Texts> {
  const known = (hash: string): Protocol | undefined =>
    readBefore.map((one) => one?.protocols.get(hash)?.document).find((document) => document !== undefined);
  const wanted = new Set<string>();
  const texts = new Map<string, Text>();
  for (const { event, proved } of links) {
    const kind = kindOf(event);
    const hash = kind.needsText && kind.signedText?.(event);
    if (hash === undefined) continue;
    const document = proved ? known(hash) : undefined;
    if (document === undefined) wanted.add(hash);
    else texts.set(hash, { hash, document, bytes: undefined });
  }
  if (wanted.size === 0) return texts;
  const stored = await source.texts([...wanted]);
  for (const hash of wanted) texts.delete(hash);
  for (const [hash, bytes] of stored) {
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
