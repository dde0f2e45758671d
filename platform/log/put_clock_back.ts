/** The way out where the log was written at a time that has not come yet: its clock is put back, and an entry says so. */
import { transaction } from '../database/transaction.ts';
import { systemClock } from '../clock.ts';
import { PlatformError } from '../errors.ts';
import { prepareEvent } from './entry.ts';
import { clockPutBack, type Recorded } from './event.ts';
import { believedSeconds } from './follow_clock.ts';
import { explainFailure } from './group.ts';
import { findHead } from './head.ts';
import { inWords } from './length_in_words.ts';
import type { Log } from './log.ts';

/** Epoch seconds. */
type Clocks = { log: number; database: number; machine: number };

/** `agencies`: whose officers may read why, and who said so. Neither names anybody whom it is not about. */
type PuttingBack = { agencies: string[]; reason: string };

/** What the three clocks say: the log's last entry, the database, this machine. */
export async function readClocks(log: Pick<Log, 'db' | 'name'>): Promise<Clocks> {
  const head = await findHead(log.db, log.name);
  if (head === undefined) throw new PlatformError('unavailable', 'log-missing', `There is no log "${log.name}".`);
  return { log: head.clock, database: head.now, machine: systemClock() };
}

/**
 * Puts the log's clock back to the database's, as an entry like every other: signed, and read by every agency. Only where
 * database and machine agree, and the log is ahead of them: `clocks-disagree`, `log-not-ahead`.
 */
export async function putClockBack(log: Log, { agencies, reason }: PuttingBack): Promise<Recorded> {
  const clocks = await readClocks(log);
  requireAgreement(clocks);
  try {
    const written = await transaction(log.db, {}, async (tx) => {
      const head = await log.writer.lock(tx, { putBack: true });
      if (head.clock <= head.time) throw notAhead();
      const content = { from: head.clock, to: head.time, reason };
      const event = prepareEvent({ event: clockPutBack, actor: { service: 'operator' }, agencies, content }, head.time);
      return log.writer.write(tx, head, [event], []);
    });
    log.writer.remember(written);
    return written.recorded[0]!;
  } catch (error) {
    throw explainFailure(error, log.name);
  }
}

function requireAgreement({ log, database, machine }: Clocks): void {
  if (log <= database) throw notAhead();
  if (Math.abs(database - machine) <= believedSeconds) return;
  throw new PlatformError(
    'conflict',
    'clocks-disagree',
    `The database’s clock and this machine’s are ${inWords(database - machine)} apart. Set both right first: what is ` +
      'written at a wrong time stays in the log.',
  );
}

function notAhead(): PlatformError {
  return new PlatformError('conflict', 'log-not-ahead', 'The log is not ahead of the database’s clock: nothing to do.');
}
