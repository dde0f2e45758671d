/** Holding the register still: nothing is added to it, by this process or another, while somebody acts on what it says. */
import type { Scope } from '../../../platform/database/transaction.ts';
import { type Change, change } from '../../../platform/log/change.ts';
import type { Log } from '../../../platform/log/log.ts';
import type { Derivation } from '../chain/derivation.ts';
import type { OpenRegister } from './open.ts';
import { lockChain } from './store.ts';

/**
 * Runs `work` in one recorded transaction that begins with the register as it stands: `state()` is up to date, and still
 * holds when the rows are committed. Whoever holds the lock of a row that `work` changes must never wait for the register.
 */
export function holdRegister<T>(
  { log }: { log: Log },
  register: OpenRegister,
  scope: Scope,
  work: (tx: Change, derivation: Derivation) => Promise<T>,
): Promise<T> {
  return register.ledger.change((attempt) =>
    change(log, scope, async (tx) => {
      tx.afterCommit(attempt.committed);
      await lockChain(tx);
      return work(tx, await attempt.current(tx));
    }),
  );
}
