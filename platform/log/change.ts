/** Changing something and recording it, in one transaction: neither happens without the other. */
import { type Transaction, transaction, type Scope } from '../database/transaction.ts';
import { PlatformError } from '../errors.ts';
import { type Prepared, prepareEvent } from './entry.ts';
import type { Affected, LogEvent, Topic } from './event.ts';
import { explainFailure } from './group.ts';
import type { Log } from './log.ts';
import type { Written } from './write.ts';

export type Change = Transaction & {
  /** Records an event with this change; returns its id. It is written as the last thing before the commit. */
  record(event: LogEvent): string;
  /** Says that facts which decisions or sign-in read may differ now, given or taken away: raises the epoch. */
  affects(topic: Topic, key: string): void;
};

/**
 * Runs `work` in one transaction and records its events. When this has returned, no decision computed before it can be
 * recorded any more, in any process. Keep `work` short if it calls `affects()`: recording waits while it commits.
 */
export async function change<T>(log: Log, scope: Scope, work: (tx: Change) => Promise<T>): Promise<T> {
  const events: Prepared[] = [];
  const affected: Affected[] = [];
  let written: Written | undefined;
  const value = await transaction(log.db, scope, async (tx) => {
    const result = await work({
      ...tx,
      record: (event) => {
        const prepared = prepareEvent(event, log.clock());
        events.push(prepared);
        return prepared.id;
      },
      affects: (topic, key) => void affected.push({ topic, key }),
    });
    if (events.length === 0 && affected.length > 0) throw unrecorded();
    if (events.length > 0) tx.beforeCommit(async () => void (written = await append(log, tx, events, affected)));
    return result;
  });
  if (written !== undefined) {
    log.writer.remember(written);
    // So that this process itself reads what it changed. The change stands even if this fails: the feed is read again.
    if (affected.length > 0) await log.fence.catchUp(written.row.epoch).catch(() => undefined);
  }
  return value;
}

async function append(log: Log, tx: Transaction, events: Prepared[], affected: Affected[]): Promise<Written> {
  try {
    return await log.writer.write(tx, await log.writer.lock(tx), events, affected);
  } catch (error) {
    throw explainFailure(error, log.writer.log);
  }
}

function unrecorded(): PlatformError {
  return new PlatformError(
    'unavailable',
    'change-not-recorded',
    'A change that affects decisions must record an event.',
  );
}
