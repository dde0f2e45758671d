/** Working something out under the fence: it is told only once its record stands, and on no earlier state than the record's. */
import { PlatformError } from '../../../platform/errors.ts';
import type { Appended } from '../../../platform/log/event.ts';
import type { PolicyContext } from './context.ts';

const attempts = 3;

/** What was worked out, and what became of its record. */
type Attempt<T> = { value: T; appended: Appended };

/** Waits for the record, and holds on to nothing but the value meanwhile. */
export async function recorded<T>(value: T, record: Promise<Appended>): Promise<Attempt<T>> {
  return { value, appended: await record };
}

/**
 * Runs `work` with the epoch that was read before its first fact, and again when its record was refused because something
 * was revoked meanwhile, or a fact ended; after three times it is `decision-unsettled` (503).
 */
export async function settle<T>(
  { log }: Pick<PolicyContext, 'log'>,
  work: (epoch: number) => Promise<Attempt<T>>,
): Promise<T> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    // Read before the first fact: whatever is revoked after this line makes the record stale.
    const { value, appended } = await work(log.fence.epoch());
    if (appended.outcome === 'recorded') return value;
    if (appended.outcome === 'stale') await log.fence.catchUp(appended.epoch);
  }
  throw new PlatformError(
    'unavailable',
    'decision-unsettled',
    'Too much changed while this was being decided. Ask again in a moment.',
  );
}
