/** Verifying everything again, in one pass or shared out over two, and keeping what each pass found. */
import { setImmediate as pause } from 'node:timers/promises';
import type { Database, Queryable } from '../../../platform/database/database.ts';
import type { Head } from '../chain/chain.ts';
import type { Derivation, Trust } from '../chain/derivation.ts';
import type { Difference } from '../chain/difference.ts';
import { openRounds, whole } from '../chain/turn.ts';
import { inspect, listDamaged } from './inspect.ts';
import { spread, startPace } from './pace.ts';
import { snapshot } from './store.ts';

type VerificationOptions = {
  /** Seconds over which a pass is spread; everything at once where it is not given. */
  spreadOver: number | undefined;
  /** A head seen before: the chain must contain it. */
  expected: Head | undefined;
  /** What this process verified before. */
  known: Derivation | undefined;
  /** Nothing is in force until it is done: then it takes no rests. */
  urgent: boolean;
};

type Verified = { derivation: Derivation; differences: Difference[] };

/** Each call of what it returns is one pass. It throws where the chain does not verify. */
export function openVerification(
  db: Database,
  loadTrust: (tx: Queryable) => Promise<Trust>,
): (options: VerificationOptions) => Promise<Verified> {
  const rounds = openRounds();
  let lastWorkSeconds = 0;
  /** What differed when each index table was last compared. */
  const byTable = new Map<number, Difference[]>();

  return async ({ spreadOver, expected, known, urgent }) => {
    const turn = spreadOver === undefined ? whole : rounds.next();
    const pace = startPace(spreadOver === undefined ? { ratio: 1, until: 5 } : spread(lastWorkSeconds, spreadOver));
    const before = known && { derivation: known, turn };
    const rest = urgent ? pause : pace.rest;
    const { derivation, differences } = await snapshot(db, async (tx) =>
      inspect(tx, await loadTrust(tx), { expected, before, rest }),
    );
    lastWorkSeconds = pace.worked();
    rounds.note(turn, lastWorkSeconds);
    for (const [table, found] of differences) byTable.set(table, found);
    return { derivation, differences: [...listDamaged(derivation), ...[...byTable.values()].flat()] };
  };
}
