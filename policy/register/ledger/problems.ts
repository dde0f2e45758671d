/** What is wrong with the register now: kept for the page, told once to the operator's log and to the log of record. */
import type { Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log/log.ts';
import type { Difference } from '../chain/difference.ts';
import type { RegisterProblem } from '../chain/state.ts';

export type ProblemLogger = {
  error(details: object, message: string): void;
  warn(details: object, message: string): void;
};

type ProblemList = {
  list(): readonly RegisterProblem[];
  /** Replaces what is wrong by what was found now. */
  update(found: readonly Difference[]): Promise<void>;
};

/** So many are told apart; somebody who edits a whole table is noticed all the same. */
const mostProblems = 100;

type ProblemOptions = {
  log: Pick<Log, 'append'>;
  logger: ProblemLogger;
  clock: Clock;
  /** Official codes of the agencies whose officers are told. */
  audience: () => string[];
};

/** Keeps the problems of one process. Each is reported once while it lasts, and again should it come back. */
export function openProblemList({ log, logger, clock, audience }: ProblemOptions): ProblemList {
  let problems = new Map<string, RegisterProblem>();
  const recorded = new Set<string>();

  const record = async (key: string, { where, what }: RegisterProblem): Promise<void> => {
    if (recorded.has(key)) return;
    try {
      await log.append({
        event: 'register.damage-noticed',
        actor: { service: 'register' },
        agencies: audience(),
        content: { where, what },
      });
      recorded.add(key);
    } catch (err) {
      logger.warn(
        { err },
        'What is wrong with the register could not be recorded yet; it is tried again at the next check',
      );
    }
  };

  return {
    list: () => [...problems.values()],
    update: async (found) => {
      const next = new Map<string, RegisterProblem>();
      for (const { where, what } of shorten(found)) {
        const key = `${where}: ${what}`;
        const known = problems.get(key);
        if (known === undefined)
          logger.error(
            { alarm: 'register-damaged', where, what },
            'The database says something that the signed register does not',
          );
        next.set(key, known ?? { where, what, noticedAt: clock() });
      }
      for (const [key, { where, what }] of problems) {
        if (!next.has(key)) logger.warn({ where, what }, 'What was wrong with the register has been put right');
      }
      problems = next;
      for (const key of recorded) if (!next.has(key)) recorded.delete(key);
      for (const [key, problem] of next) await record(key, problem);
    },
  };
}

function shorten(found: readonly Difference[]): Difference[] {
  if (found.length <= mostProblems) return [...found];
  return [
    ...found.slice(0, mostProblems),
    { where: 'index tables', what: 'more rows than can be listed differ from the signed chain' },
  ];
}
