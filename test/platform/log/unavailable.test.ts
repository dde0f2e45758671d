import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase } from '../../../platform/database/database.ts';
import { transaction } from '../../../platform/database/transaction.ts';
import { sql } from '../../../platform/database/sql.ts';
import { openKeyRing } from '../../../platform/keys/ring.ts';
import { checkLog } from '../../../platform/log/check.ts';
import { lockHead } from '../../../platform/log/head.ts';
import { change } from '../../../platform/log/change.ts';
import type { Log } from '../../../platform/log/log.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import { type TestDatabase, testDatabase, testMasterKey } from '../../support/platform/database.ts';
import { anEvent, openTestLog, recorded } from '../../support/platform/log.ts';
import { layWire, type Wire } from './support/wire.ts';

let database: TestDatabase;
let wire: Wire;
let log: Log;

beforeEach(async () => {
  database = await testDatabase();
  wire = await layWire(database.url);
  log = await openTestLog({ db: openDatabase(wire.url), url: wire.url });
});
afterEach(async () => {
  wire.mend();
  await log.close();
  await log.db.close();
  await wire.close();
  await database.drop();
});

const unavailable = { code: 'database-unavailable', kind: 'unavailable' };
const problems = async () =>
  (await checkLog(database.db, await openKeyRing(database.db, testMasterKey).publicKeys('log'))).problems;
const ids = () => database.db.query<{ id: string }>(sql`select id from log_leaf`);

describe('while the database is away', () => {
  it('every event that waits is answered "unavailable", and afterwards the log goes on', async () => {
    await log.append(anEvent());
    const batch = Array.from({ length: 500 }, () => log.append(anEvent()));
    setTimeout(() => wire.cut(), 3);
    const outcomes = await Promise.allSettled(batch);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(unavailable);
    }
    await expect(log.append(anEvent())).rejects.toMatchObject(unavailable);
    wire.mend();
    expect(await log.append(anEvent())).toMatchObject({ outcome: 'recorded' });
    const present = new Set((await ids()).map(({ id }) => id));
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') expect(present).toContain(recorded(outcome.value).id);
    }
    expect(await problems()).toEqual([]);
  });

  it('a change is not made', async () => {
    wire.cut();
    await expect(change(log, {}, async (tx) => tx.record(anEvent()))).rejects.toMatchObject(unavailable);
  });
});

describe('when the answer to a commit is lost', () => {
  it('every waiting caller is told "unavailable", though the entries are there, and the writer reads the head anew', async () => {
    await log.append(anEvent());
    const swallowed = wire.swallowAnswerTo('commit\u0000');
    const mine = Array.from({ length: 20 }, () => uuidv7());
    const outcomes = await Promise.allSettled(mine.map((id) => log.append(anEvent({ id }))));
    await swallowed;
    expect(outcomes.map(({ status }) => status)).toEqual(mine.map(() => 'rejected'));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: unavailable });

    const present = new Set((await ids()).map(({ id }) => id));
    expect(mine.some((id) => present.has(id))).toBe(true);
    const next = recorded(await log.append(anEvent()));
    expect(next.position).toBe(present.size);
    // Who tries again with the same id learns that it had been recorded.
    const again = mine.find((id) => present.has(id))!;
    await expect(log.append(anEvent({ id: again }))).rejects.toMatchObject({ code: 'already-recorded' });
    expect(await problems()).toEqual([]);
  });

  it('a change says "unavailable", and its effect on the fence is seen all the same', async () => {
    await log.append(anEvent());
    const { epoch } = log.fence;
    const swallowed = wire.swallowAnswerTo('commit\u0000');
    const changing = change(log, {}, async (tx) => {
      tx.record(anEvent());
      tx.affects('practitioner', 'p-1');
    });
    await expect(changing).rejects.toMatchObject(unavailable);
    await swallowed;
    expect(await log.append(anEvent(), { epoch: 0, validUntil: Date.now() / 1000 + 60 })).toMatchObject({
      outcome: 'stale',
    });
    await log.fence.catchUp();
    expect(epoch()).toBeGreaterThan(0);
  });
});

describe('a writer that freezes while it holds the head', () => {
  it('is ended by the server, and the others go on', async () => {
    await log.append(anEvent());
    const client = await database.db.pool.connect();
    client.on('error', () => undefined);
    await client.query('begin');
    await client.query(
      `select set_config('idle_in_transaction_session_timeout', '300', true) from log_head for update`,
    );
    const start = performance.now();
    expect(await log.append(anEvent())).toMatchObject({ outcome: 'recorded' });
    expect(performance.now() - start).toBeGreaterThan(200);
    client.release(true);
  });

  it('takes the lock only with that patience set', async () => {
    const [row] = await transaction(database.db, {}, async (tx) => {
      await lockHead(tx, 'main');
      return tx.query<{ patience: string }>(
        sql`select current_setting('idle_in_transaction_session_timeout') as patience`,
      );
    });
    expect(row!.patience).toBe('5s');
  });
});
