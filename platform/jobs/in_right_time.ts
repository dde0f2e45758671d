/** Jobs wait while the database's clock is in doubt: what they send, end and delete goes by it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log/log.ts';
import type { Task } from './task.ts';

const lookAgainMs = 1_000;

/** The same tasks, each of which begins once the clock is believed; one that is told to stop before that fails with why. */
export function inRightTime(log: Pick<Log, 'fence' | 'followed'>, tasks: Record<string, Task>): Record<string, Task> {
  const waiting =
    (task: Task): Task =>
    async (payload, helpers) => {
      for (;;) {
        // Reads the database's clock, too.
        await log.fence.catchUp();
        const problem = log.followed.problem();
        if (problem === undefined) return task(payload, helpers);
        if (helpers.signal.aborted) throw problem;
        await delay(lookAgainMs, undefined, { signal: helpers.signal }).catch(() => undefined);
      }
    };
  return Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, waiting(task)]));
}
