/** A database's clock that jumps: what is recorded meanwhile, and what after. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { appRole } from '../../../platform/app_role.ts';
import { openDatabase } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { openKeyRing } from '../../../platform/keys/ring.ts';
import { transaction } from '../../../platform/database/transaction.ts';
import { change } from '../../../platform/log/change.ts';
import { prepareEvent } from '../../../platform/log/entry.ts';
import { checkLog } from '../../../platform/log/check.ts';
import { type FollowedClock, followClock } from '../../../platform/log/follow_clock.ts';
import type { Log } from '../../../platform/log/log.ts';
import { putClockBack, readClocks } from '../../../platform/log/put_clock_back.ts';
import { listEntries } from '../../../platform/log/read.ts';
import { testDatabase, testMasterKey, type TestDatabase } from '../../support/platform/database.ts';
import { anEvent, byHand, openTestLog, quietLogger, recorded } from '../../support/platform/log.ts';

const hour = 3_600;
let database: TestDatabase;
const open: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  database = await testDatabase();
  // A clock that can be set, found before PostgreSQL's own by every connection made from now on.
  await byHand(
    database,
    'create schema fake',
    'create table fake.offset (seconds integer); insert into fake.offset values (0)',
    ...['clock_timestamp', 'now'].map(
      (name) => `create function fake.${name}() returns timestamptz language sql volatile
        return pg_catalog.${name}() + (select seconds from fake.offset) * interval '1 second'`,
    ),
    'grant usage on schema fake to wayleave_app; grant select on fake.offset to wayleave_app',
    `alter role ${appRole(database.ownerUrl)} in database ${new URL(database.ownerUrl).pathname.slice(1)}
       set search_path = fake, pg_catalog, public`,
  );
});
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
  await database.drop();
});

const setClock = (seconds: number) => byHand(database, `update fake.offset set seconds = ${seconds}`);
/** One process more. */
async function aProcess(followed?: FollowedClock): Promise<Log> {
  const db = openDatabase(database.url);
  const log = await openTestLog({ ...database, db }, followed && { followed });
  open.push(db, log);
  return log;
}
/** As an earlier build was: it believes whatever the database says. */
const credulous = (): FollowedClock => ({ ...followClock(quietLogger()), take: () => undefined });
const timesOf = async ({ db }: Log): Promise<number[]> =>
  (
    await db.query<{ time: number }>(
      sql`select (entry::json ->> 'time')::float8 as time from log_leaf order by position`,
    )
  ).map(({ time }) => time);
const problemsOf = async ({ db }: Log) =>
  (await checkLog(db, await openKeyRing(db, testMasterKey).publicKeys('log'))).problems;
const seconds = (): number => Date.now() / 1000;
const steady = (): number => performance.now() / 1000;
const anHourBehind = { clock: () => seconds() - hour, steady, uptime: steady };

describe('a jump that is too far', () => {
  test.each<[string, number, RegExp]>([
    ['an hour ahead', hour, /has jumped 1 hour ahead/],
    ['an hour back', -hour, /has jumped 1 hour back/],
    ['ten years ahead', 315_576_000, /has jumped 10 years ahead/],
    ['a minute ahead', 60, /has jumped 1 minute ahead/],
  ])(
    '%s is not believed: nothing is written, it is said, and the log goes on once it is over',
    async (_, jump, words) => {
      const log = await aProcess();
      const before = recorded(await log.append(anEvent()));
      await setClock(jump);
      const refused = { code: 'clock-not-believed', kind: 'unavailable', message: expect.stringMatching(words) };
      await expect(log.append(anEvent())).rejects.toMatchObject(refused);
      const changing = change(log, {}, async (tx) => {
        await tx.query(sql`insert into change_feed values ('other', 1, 'topic', 'key')`);
        tx.record(anEvent());
      });
      await expect(changing).rejects.toMatchObject(refused);
      expect(log.followed.problem()).toMatchObject(refused);
      // It goes by its own time meanwhile.
      expect(Math.abs(log.clock() - seconds())).toBeLessThan(5);
      expect(await timesOf(log)).toHaveLength(before.position + 1);
      expect(await log.db.query(sql`select from change_feed where log = 'other'`)).toEqual([]);
      await setClock(0);
      const after = recorded(await log.append(anEvent()));
      expect(after.time - before.time).toBeGreaterThan(0);
      expect(Math.abs(after.time - seconds())).toBeLessThan(30);
      expect(log.followed.problem()).toBeUndefined();
      expect(await problemsOf(log)).toEqual([]);
    },
  );

  test('is noticed where nothing is asked, by the look that every process takes each second', async () => {
    const log = await aProcess();
    await setClock(hour);
    await log.fence.catchUp();
    expect(log.followed.problem()).toMatchObject({ code: 'clock-not-believed' });
    await setClock(0);
    await log.fence.catchUp();
    expect(log.followed.problem()).toBeUndefined();
  });

  test('is not believed by a process that starts in it either, and is by none of several', async () => {
    const [one, other] = [await aProcess(), await aProcess()];
    recorded(await one.append(anEvent()));
    await setClock(hour);
    const late = await aProcess();
    for (const log of [one, other, late]) {
      await expect(log.append(anEvent())).rejects.toMatchObject({ code: 'clock-not-believed' });
    }
    expect(late.followed.problem()?.message).toContain('1 hour ahead of this machine’s');
    await setClock(0);
    for (const log of [one, other, late]) recorded(await log.append(anEvent()));
    expect(await problemsOf(one)).toEqual([]);
  });

  test('is believed by a process that stood still itself, once others have recorded at that time', async () => {
    // An hour goes by for the database and the others, in which this process's machine was not there.
    await setClock(-hour);
    const paused = await aProcess(followClock(quietLogger(), anHourBehind));
    recorded(await paused.append(anEvent()));
    await setClock(0);
    await expect(paused.append(anEvent())).rejects.toMatchObject({ code: 'clock-not-believed' });
    recorded(await (await aProcess()).append(anEvent()));
    recorded(await paused.append(anEvent()));
    expect(Math.abs(paused.clock() - seconds())).toBeLessThan(5);
  });
});

test('a step within the bounds never makes the log go back, and time that ran out stays run out', async () => {
  const log = await aProcess();
  const now = seconds();
  const before = recorded(await log.append(anEvent()));
  expect(Math.abs(before.time - now)).toBeLessThan(20);
  await setClock(20);
  const ahead = recorded(await log.append(anEvent()));
  expect(ahead.time - before.time).toBeGreaterThan(19);
  await setClock(0);
  const back = recorded(await log.append(anEvent()));
  expect(back.time).toBe(ahead.time);

  // By this machine's clock both guards lie in the future; by the log's, the first has passed.
  const epoch = log.fence.epoch();
  expect(await log.append(anEvent(), { epoch, validUntil: ahead.time - 1 })).toEqual({ outcome: 'expired' });
  expect(await log.append(anEvent(), { epoch, validUntil: now + 7_200 })).toMatchObject({ outcome: 'recorded' });
  const times = await timesOf(log);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(await problemsOf(log)).toEqual([]);
});

describe('a log that was written at a time that has not come', () => {
  const agency = 'E08000021';
  const putBack = { agencies: [agency], reason: 'The clock of the database was an hour fast from nine to ten.' };
  let early: Log;
  const writeAhead = async (): Promise<void> => {
    early = await aProcess(credulous());
    recorded(await early.append(anEvent()));
    await setClock(hour);
    recorded(await early.append(anEvent()));
    await setClock(0);
  };

  test('is gone on with after an operator has put its clock back, which a signed entry says for ever', async () => {
    await writeAhead();
    const [log, other] = [await aProcess(), await aProcess()];
    for (const one of [log, other]) {
      await expect(one.append(anEvent())).rejects.toMatchObject({
        code: 'log-ahead',
        message: expect.stringMatching(/1 hour ahead of the database’s clock.*npm run log-clock/),
      });
      expect(one.followed.problem()).toMatchObject({ code: 'log-ahead' });
    }
    const { log: from } = await readClocks(log);
    const entry = await putClockBack(log, putBack);
    expect(Math.abs(entry.time - seconds())).toBeLessThan(30);
    const after: number[] = [];
    for (const one of [log, other, early]) after.push(recorded(await one.append(anEvent())).position);
    expect(log.followed.problem()).toBeUndefined();
    const { entries } = await listEntries(log.db, { agency }, { event: 'log.clock-put-back' });
    expect(entries).toMatchObject([
      {
        position: entry.position,
        intact: true,
        actor: { service: 'operator' },
        content: { from, to: entry.time, reason: putBack.reason },
      },
    ]);
    expect(await problemsOf(log)).toEqual([]);
    // Looked for by time, what was written before it was put back lies before it.
    const find = async (bounds: object) =>
      (await listEntries(log.db, { agency }, bounds)).entries.map(({ position }) => position);
    expect(await find({ from: entry.time })).toEqual([...after.toReversed(), entry.position]);
    expect(await find({ to: entry.time })).toEqual([2, 1]);
    await expect(putClockBack(log, putBack)).rejects.toMatchObject({ code: 'log-not-ahead' });
  });

  test('is gone on with once that time has come', async () => {
    await setClock(-hour);
    early = await aProcess(credulous());
    recorded(await early.append(anEvent()));
    await setClock(0);
    recorded(await early.append(anEvent()));
    await setClock(-hour);
    const log = await aProcess(followClock(quietLogger(), anHourBehind));
    await expect(log.append(anEvent())).rejects.toMatchObject({ code: 'log-ahead' });
    await setClock(0);
    recorded(await log.append(anEvent()));
  });

  test('is not put back to a time that the machine’s clock denies', async () => {
    await writeAhead();
    await setClock(-hour);
    await expect(putClockBack(await aProcess(), putBack)).rejects.toMatchObject({ code: 'clocks-disagree' });
  });

  test('is damaged where its clock goes back and no entry says why', async () => {
    await writeAhead();
    const log = await aProcess();
    await transaction(log.db, {}, async (tx) => {
      const head = await log.writer.lock(tx, { putBack: true });
      await log.writer.write(tx, head, [prepareEvent(anEvent())], []);
    });
    expect(await problemsOf(log)).toEqual(['the clock or epoch goes back at entry 3']);
  });
});
