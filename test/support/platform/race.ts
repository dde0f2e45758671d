/** Two callers at once, and what each of them is told. */
import { setTimeout as delay } from 'node:timers/promises';
import { type FailureKind, ServiceError } from '../../../platform/errors.ts';

const refusals: readonly FailureKind[] = ['conflict', 'forbidden', 'invalid', 'not-found'];

/**
 * Both at once, in even rounds this one first and in odd ones the other, up to so many milliseconds apart. True for whoever
 * was told "done", false for whoever was refused; anything else is thrown.
 */
export async function race(
  round: number,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
  apart = 16,
): Promise<[boolean, boolean]> {
  const late = (round >> 1) % apart;
  const [first, second] = round % 2 === 0 ? [0, late] : [late, 0];
  return Promise.all([told(one, first), told(other, second)]);
}

async function told(work: () => Promise<unknown>, after: number): Promise<boolean> {
  if (after > 0) await delay(after);
  return work().then(
    () => true,
    (error: unknown) => {
      if (error instanceof ServiceError && refusals.includes(error.kind)) return false;
      throw error;
    },
  );
}

/** What `race` gave, so often: fails where one of the two was never first. */
export async function races(rounds: number, once: (round: number) => Promise<[boolean, boolean]>): Promise<void> {
  const won = [0, 0];
  for (let round = 0; round < rounds; round += 1) {
    const told = await once(round);
    told.forEach((done, at) => (won[at] = won[at]! + Number(done)));
  }
  if (won.includes(0)) throw new Error(`one of the two was never first: ${won.join(' and ')}`);
}
