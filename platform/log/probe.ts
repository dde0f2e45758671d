/** Whether the log could take a decision now: found out by doing all that recording one does, and taking the entry back. */
import { randomBytes } from 'node:crypto';
import { sql } from '../database/sql.ts';
import { commit } from '../database/transaction.ts';
import { uuidv7 } from '../uuid.ts';
import type { OwnConnection } from './connection.ts';
import type { Fence } from './fence.ts';
import { explainFailure } from './group.ts';
import type { Writer } from './writer.ts';

/** Characters that no page in use has room for: where the disk is full, they are refused. Taken back, they are room again. */
const weight = 8_000;

/** Whoever asks again within so many milliseconds gets the same answer. */
const holdsMs = 1_000;

type Probe = {
  /** Returns where a decision could be recorded at this moment; throws what `append` would throw. One asks at a time. */
  ask(): Promise<void>;
  /** A decision was recorded: that answers the question too. */
  recorded(): void;
  /** Something could not be recorded: the next one who asks gets an answer of its own. */
  failed(): void;
};

/** Asks nothing yet. A log that records decisions all the time is never probed. */
export function openProbe(writer: Writer, connection: OwnConnection, fence: Fence): Probe {
  let [answeredAt, answer] = [-Infinity, Promise.resolve()];
  let asking: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    // Under another epoch than the head's, every decision would be stale.
    answer = tryToRecord(writer, connection).then((epoch) => (fence.epoch() === epoch ? undefined : fence.catchUp()));
    asking = answer.finally(() => {
      answeredAt = performance.now();
      asking = undefined;
    });
    return asking;
  };
  return {
    ask: () => asking ?? (performance.now() - answeredAt < holdsMs ? answer : begin()),
    recorded: () => void ([answeredAt, answer] = [performance.now(), Promise.resolve()]),
    failed: () => void (answeredAt = -Infinity),
  };
}

/**
 * Locks and verifies the head, writes an entry and takes it back, and commits the head as it was. Nothing is signed: a
 * checkpoint over an entry that is not to be would look like a second history. Returns the head's epoch.
 */
async function tryToRecord({ log, lock }: Writer, connection: OwnConnection): Promise<number> {
  try {
    return await connection.use(async (client, on) => {
      const [, head] = await Promise.all([client.query('begin'), lock(on)]);
      const { size } = head.frontier;
      await Promise.all([
        client.query('savepoint probe'),
        on.query(sql`
          with leaf as (
            insert into log_leaf (log, position, id, entry, hash)
            values (${log}, ${size}, ${uuidv7()}, 'probe', ${randomBytes(32)})),
          reader as (
            insert into log_reader (log, agency, first, positions) values (${log}, 'probe', ${size}, ${[size]}::bigint[]))
          insert into log_content (log, position, event, time, agencies, committed)
          values (${log}, ${size}, 'probe', ${head.time}, '{}', ${randomBytes(weight / 2).toString('hex')})`),
        client.query('rollback to savepoint probe'),
        on.query(sql`update log_head set clock = clock where log = ${log}`),
        commit(client),
      ]);
      return head.epoch;
    });
  } catch (error) {
    throw explainFailure(error, log);
  }
}
