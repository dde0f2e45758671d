/** Keeping up with the chain: a derivation that takes up the links added since, or begins again from the first one. */
import type { Queryable } from '../../../platform/database/database.ts';
import type { Head } from '../chain/chain.ts';
import type { Derivation, Trust } from '../chain/derivation.ts';
import { publicPart } from '../signatures/keys.ts';
import { CompromiseDeclared, derive, extend } from './derive.ts';
import type { HeadFile } from './head_file.ts';
import { confirmHead, storedChain } from './store.ts';

export type Follower = {
  /** Where this process stands, or undefined where it must begin with the first link. */
  current(): Derivation | undefined;
  /** Takes up every link that `tx` sees. Throws where they do not verify, and then stands nowhere. */
  advance(tx: Queryable): Promise<Derivation>;
  /** Stands at what was derived elsewhere. */
  adopt(derivation: Derivation): void;
  /** Stands nowhere. */
  forget(): void;
  /** The last head seen, by this process or one before it with the same disk: the chain must still contain it. */
  lastSeen(): Promise<Head | undefined>;
};

export type FollowerOptions = {
  /** Read anew each time, over the connection at hand: another process may have rotated the seal's key. */
  loadTrust: (tx: Queryable) => Promise<Trust>;
  headFile: HeadFile;
};

/** Stands nowhere yet. One at a time may use it. */
export function openFollower({ loadTrust, headFile }: FollowerOptions): Follower {
  let standing: Derivation | undefined;
  let seen: Head | undefined;
  const lastSeen = async (): Promise<Head | undefined> => (seen ??= await headFile.read());

  const remember = async ({ head }: Derivation): Promise<void> => {
    if ((seen?.sequence ?? 0) >= head.sequence) return;
    seen = { ...head };
    await headFile.write(seen);
  };
  const begin = async (tx: Queryable): Promise<Derivation> =>
    derive(storedChain(tx), await loadTrust(tx), { expected: await lastSeen() });
  const goOn = async (tx: Queryable, from: Derivation): Promise<Derivation> => {
    from.sealKeys = (await loadTrust(tx)).sealKeys.map(publicPart);
    await confirmHead(tx, from.head);
    try {
      await extend(from, storedChain(tx));
      return from;
    } catch (error) {
      // A link reaches back in time.
      if (error instanceof CompromiseDeclared) return begin(tx);
      throw error;
    }
  };

  return {
    current: () => standing,
    advance: async (tx) => {
      const from = standing;
      standing = undefined;
      const derivation = await (from === undefined ? begin(tx) : goOn(tx, from));
      standing = derivation;
      await remember(derivation);
      return derivation;
    },
    adopt: (derivation) => void (standing = derivation),
    forget: () => void (standing = undefined),
    lastSeen,
  };
}
