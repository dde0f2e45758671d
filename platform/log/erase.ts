/** Erasing what entries say, and saying so: the proofs still hold, the content is gone. */
import type { Queryable } from '../database/database.ts';
import { transaction } from '../database/transaction.ts';
import { sql } from '../database/sql.ts';
import { PlatformError } from '../errors.ts';
import { type Prepared, prepareEvent } from './entry.ts';
import type { LogEvent, Recorded } from './event.ts';
import { explainFailure } from './group.ts';
import type { Log } from './log.ts';
import type { Written } from './write.ts';

type Erasure = {
  actor: LogEvent['actor'];
  agencies: string[];
  /** Positions of the entries whose content goes. */
  positions: readonly number[];
  /** Why, in words that identify nobody. */
  reason: string;
};

/**
 * Records a `content-erased` event and erases the content of the entries it names, in one transaction. An erasure itself
 * cannot be erased, and what is erased already stays as it is.
 */
export async function eraseContent(log: Log, { actor, agencies, positions, reason }: Erasure): Promise<Recorded> {
  if (positions.length === 0) throw new PlatformError('invalid', 'nothing-to-erase', 'Name the entries to erase.');
  const event = prepareEvent(
    { event: 'content-erased', actor, agencies, content: { positions: [...positions], reason } },
    log.clock(),
  );
  try {
    const written = await transaction(log.db, { reading: 'audit' }, (tx) => recordAndErase(tx, log, event, positions));
    log.writer.remember(written);
    return written.recorded[0]!;
  } catch (error) {
    throw explainFailure(error, log.name);
  }
}

async function recordAndErase(
  tx: Queryable,
  log: Log,
  event: Prepared,
  positions: readonly number[],
): Promise<Written> {
  const written = await log.writer.write(tx, await log.writer.lock(tx), [event], []);
  const erasure = written.recorded[0]!.position;
  for (const position of positions) {
    await tx.query(sql`select erase_log_content(${log.name}, ${position}, ${erasure})`);
  }
  return written;
}
