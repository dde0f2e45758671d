/** The verified register in this process's memory: loaded, kept up with the chain, and verified again from the start. */
import { setImmediate as pause } from 'node:timers/promises';
import type { Clock } from '../../../platform/clock.ts';
import type { Database, Queryable } from '../../../platform/database/database.ts';
import { ServiceError } from '../../../platform/errors.ts';
import { publicPart } from '../signatures/keys.ts';
import type { Head } from '../chain/chain.ts';
import type { Derivation, Trust } from '../chain/derivation.ts';
import { CompromiseDeclared, derive, extend } from './derive.ts';
import type { Difference } from '../chain/difference.ts';
import type { HeadFile } from './head_file.ts';
import { inspect, type Inspected, listDamaged } from './inspect.ts';
import { createMutex } from './mutex.ts';
import { type PaceOptions, spread, startPace } from './pace.ts';
import { stateAt } from '../chain/state_at.ts';
import type { RegisterState } from '../chain/state.ts';
import { confirmHead, snapshot, storedChain } from './store.ts';
import { openRounds, type Turn, whole } from '../chain/turn.ts';

export type LedgerOptions = {
  db: Database;
  /** Read anew each time, over the connection at hand: another process may have rotated the seal's key. */
  loadTrust: (tx: Queryable) => Promise<Trust>;
  headFile: HeadFile;
  clock: Clock;
};

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
  /** Begins a change of the chain, alone in this process. Whoever begins it settles it. */
  beginChange(): Promise<LedgerChange>;
};

export type LedgerChange = {
  /** The derivation after every link that the transaction sees. The change applies its own links to it. */
  current(tx: Queryable): Promise<Derivation>;
  /** Says how the transaction ended; until then nobody sees what was applied. */
  settle(committed: boolean): void;
};

/** Opens the ledger. There is no state until the first `verifyAll` or `catchUp`. */
export function openLedger({ db, loadTrust, headFile, clock }: LedgerOptions): Ledger {
  const mutex = createMutex();
  let busy = false;
  /** Touched only by whoever holds the lock; undefined where it must be derived from the first link. */
  let working: Derivation | undefined;
  let published: RegisterState | undefined;
  let seen: Head | undefined;
  const rounds = openRounds();
  /** Seconds. */
  let lastWork = 0;
  /** What differed when each index table was last compared. */
  const byTable = new Map<number, Difference[]>();

  const exclusively = async <T>(work: () => Promise<T>): Promise<T> => {
    const free = await mutex.acquire();
    busy = true;
    try {
      return await work();
    } finally {
      busy = false;
      free();
    }
  };

  const lastSeen = async (): Promise<Head | undefined> => (seen ??= await headFile.read());

  const take = async (derivation: Derivation): Promise<Derivation> => {
    working = derivation;
    if (published?.head.hash !== derivation.head.hash) published = stateAt(derivation, clock());
    if ((seen?.sequence ?? 0) < derivation.head.sequence) {
      seen = { ...derivation.head };
      await headFile.write(seen);
    }
    return derivation;
  };

  // Continues where this process stands; from the first link where it stands nowhere, or where a link reaches back in time.
  const advance = async (tx: Queryable): Promise<Derivation> => {
    const before = working;
    working = undefined;
    try {
      const chain = storedChain(tx);
      if (before === undefined) {
        return await take(await derive(chain, await loadTrust(tx), { expected: await lastSeen() }));
      }
      before.sealKeys = (await loadTrust(tx)).sealKeys.map(publicPart);
      await confirmHead(tx, before.head);
      try {
        await extend(before, chain);
        return await take(before);
      } catch (error) {
        if (!(error instanceof CompromiseDeclared)) throw error;
        return await take(await derive(chain, await loadTrust(tx), { expected: await lastSeen() }));
      }
    } catch (error) {
      if (!isOutage(error)) published = undefined;
      throw error;
    }
  };

  const inspectOnce = async (turn: Turn, options: PaceOptions): Promise<Inspected> => {
    const expected = await lastSeen();
    const before = working && { derivation: working, turn };
    const pace = startPace(options);
    const rest = published === undefined ? pause : pace.rest;
    const found = await snapshot(db, async (tx) => inspect(tx, await loadTrust(tx), { expected, before, rest }));
    rounds.note(turn, pace.worked());
    lastWork = pace.worked();
    return found;
  };

  const verifyAll = async ({ spreadOver }: { spreadOver?: number } = {}): Promise<Difference[]> => {
    try {
      const found = await (spreadOver === undefined
        ? inspectOnce(whole, { ratio: 1, until: 5 })
        : inspectOnce(rounds.next(), spread(lastWork, spreadOver)));
      for (const [table, differences] of found.differences) byTable.set(table, differences);
      await exclusively(async () => {
        if (working !== undefined && saysTheSame(working, found.derivation)) {
          working.verified = found.derivation.verified;
          return;
        }
        // Where an event was added while the chain was read, the two differ by it alone: what is published goes on.
        const reread = working === undefined || damagedTexts(working) !== damagedTexts(found.derivation);
        working = found.derivation;
        if (reread) published = undefined;
        await advance(db);
      });
      return [...listDamaged(found.derivation), ...[...byTable.values()].flat()];
    } catch (error) {
      if (isOutage(error)) throw error;
      await exclusively(() => Promise.resolve(void (working = published = undefined)));
      return [describeFailure(error)];
    }
  };

  return {
    state: () => {
      const due = published !== undefined && clock() >= (published.nextBoundary ?? Infinity);
      if (due && !busy && working !== undefined) published = stateAt(working, clock());
      return published;
    },
    catchUp: () => exclusively(async () => void (await advance(db))),
    verifyAll,
    beginChange: async () => {
      const free = await mutex.acquire();
      busy = true;
      let start: Head | undefined;
      let settled = false;
      return {
        current: async (tx) => {
          const derivation = await advance(tx);
          start = { ...derivation.head };
          return derivation;
        },
        settle: (committed) => {
          if (settled) return;
          settled = true;
          const changed = start?.hash !== working?.head.hash;
          if (committed && working?.outdated === false) published = stateAt(working, clock());
          else if (changed) working = undefined;
          // What a compromise reaches back to is derived before the change returns; until then nothing is in force.
          if (committed && working === undefined) published = undefined;
          busy = false;
          free();
        },
      };
    },
  };
}

function saysTheSame(one: Derivation, other: Derivation): boolean {
  return one.head.hash === other.head.hash && damagedTexts(one) === damagedTexts(other);
}

function damagedTexts({ protocols }: Derivation): string {
  return [...protocols.values()].flatMap(({ hash, document }) => (document === undefined ? [hash] : [])).join();
}

/** The database could not be asked: that says nothing about what stands in it. */
function isOutage(error: unknown): boolean {
  return error instanceof ServiceError && error.code === 'database-unavailable';
}

function describeFailure(error: unknown): Difference {
  const what = error instanceof ServiceError ? error.message : `It could not be verified (${(error as Error).name}).`;
  return { where: 'register', what, ...(error instanceof ServiceError ? {} : { cause: error }) };
}
