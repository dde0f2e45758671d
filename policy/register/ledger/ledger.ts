/** The verified register in this process's memory: loaded, kept up with the chain, and verified again from the start. */
import type { Clock } from '../../../platform/clock.ts';
import type { Database, Queryable } from '../../../platform/database/database.ts';
import { isOutage } from '../../../platform/database/outage.ts';
import { ServiceError } from '../../../platform/errors.ts';
import type { Head } from '../chain/chain.ts';
import type { Derivation } from '../chain/derivation.ts';
import type { Difference } from '../chain/difference.ts';
import type { RegisterState } from '../chain/state.ts';
import { type Follower, type FollowerOptions, openFollower } from './follower.ts';
import { createMutex } from './mutex.ts';
import { openPublished, type Published } from './published.ts';
import { openVerification } from './verification.ts';

type LedgerOptions = FollowerOptions & { db: Database; clock: Clock };

export type Ledger = {
  /** The verified state, or undefined while the chain does not verify. The same object as long as it says the same. */
  state(): RegisterState | undefined;
  /** Takes up the links that were added since. Throws where they do not verify, and then there is no state. */
  catchUp(): Promise<void>;
  /**
   * Verifies everything again and lists what in the database differs; a chain that does not verify is one difference.
   * Where there is much and it is to be spread over so many seconds, then texts, their signatures and the index tables are
   * shared out over two passes.
   */
  verifyAll(options?: { spreadOver?: number }): Promise<Difference[]>;
  /** Runs a change of the chain, alone in this process until it is committed or `work` has ended, however it ends. */
  change<T>(work: (attempt: LedgerChange) => Promise<T>): Promise<T>;
};

type LedgerChange = {
  /** The derivation after every link that the transaction sees. The change applies its own links to it. */
  current(tx: Queryable): Promise<Derivation>;
  /** Says that the transaction is committed; until then nobody sees what was applied. Never throws. */
  committed(): void;
};

/** Opens the ledger. There is no state until the first `verifyAll` or `catchUp`. */
export function openLedger({ db, loadTrust, headFile, clock }: LedgerOptions): Ledger {
  const mutex = createMutex();
  const published = openPublished(clock);
  const follower = openFollower({ loadTrust, headFile });
  const copy: Copy = { follower, published };
  const verifyOnce = openVerification(db, loadTrust);
  const state = (): RegisterState | undefined => published.state(mutex.held() ? undefined : follower.current());

  return {
    state,
    catchUp: () => mutex.run(async () => void (await advance(copy, db))),
    verifyAll: async ({ spreadOver } = {}) => {
      try {
        const expected = await follower.lastSeen();
        const urgent = state() === undefined;
        const found = await verifyOnce({ spreadOver, expected, known: follower.current(), urgent });
        await mutex.run(() => adopt(copy, db, found.derivation));
        return found.differences;
      } catch (error) {
        // The database could not be asked: that says nothing about what stands in it.
        if (isOutage(error)) throw error;
        await mutex.run(() => Promise.resolve(startOver(copy)));
        return [describeFailure(error)];
      }
    },
    change: async (work) => {
      const free = await mutex.acquire();
      let start: Head | undefined;
      let open = true;
      const settle = (committed: boolean): void => {
        if (open) conclude(copy, start, committed);
        open = false;
        free();
      };
      const current = async (tx: Queryable): Promise<Derivation> => {
        const derivation = await advance(copy, tx);
        start = { ...derivation.head };
        return derivation;
      };
      try {
        return await work({ current, committed: () => settle(true) });
      } finally {
        settle(false); // says nothing after a commit
      }
    },
  };
}

/** This process's copy of the register. Whoever changes it holds the lock. */
type Copy = { follower: Follower; published: Published };

async function advance({ follower, published }: Copy, tx: Queryable): Promise<Derivation> {
  try {
    const derivation = await follower.advance(tx);
    published.show(derivation);
    return derivation;
  } catch (error) {
    if (!isOutage(error)) published.withhold();
    throw error;
  }
}

/** Takes over what was verified, and goes on from there. */
async function adopt(copy: Copy, db: Database, found: Derivation): Promise<void> {
  const { follower, published } = copy;
  const standing = follower.current();
  if (standing !== undefined && saysTheSame(standing, found)) {
    standing.verified = found.verified;
    return;
  }
  // Where an event was added while the chain was read, the two differ by it alone: what is published goes on.
  if (standing === undefined || damagedTexts(standing) !== damagedTexts(found)) published.withhold();
  follower.adopt(found);
  await advance(copy, db);
}

function startOver({ follower, published }: Copy): void {
  follower.forget();
  published.withhold();
}

/** Ends a change that began at `start`, if it looked at all. Never throws. */
function conclude(copy: Copy, start: Head | undefined, committed: boolean): void {
  const { follower, published } = copy;
  const standing = follower.current();
  const applied = start !== undefined && start.hash !== standing?.head.hash;
  if (!committed) return applied ? follower.forget() : undefined;
  // What a compromise reaches back to is derived before the change returns; until then nothing is in force.
  if (standing === undefined || standing.outdated) return startOver(copy);
  try {
    published.show(standing);
  } catch {
    startOver(copy); // whoever catches up next meets what is wrong, and says it
  }
}

function saysTheSame(one: Derivation, other: Derivation): boolean {
  return one.head.hash === other.head.hash && damagedTexts(one) === damagedTexts(other);
}

function damagedTexts({ protocols }: Derivation): string {
  return [...protocols.values()].flatMap(({ hash, document }) => (document === undefined ? [hash] : [])).join();
}

function describeFailure(error: unknown): Difference {
  const what = error instanceof ServiceError ? error.message : `It could not be verified (${(error as Error).name}).`;
  return { where: 'register', what, ...(error instanceof ServiceError ? {} : { cause: error }) };
}
