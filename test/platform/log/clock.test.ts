import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDatabase } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { openKeyRing } from '../../../platform/keys/ring.ts';
import { checkLog } from '../../../platform/log/check.ts';
import { testDatabase, testMasterKey, type TestDatabase } from '../../support/platform/database.ts';
import { anEvent, byHand, openTestLog, recorded } from '../../support/platform/log.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  // A clock that can be set, found before PostgreSQL's own by every connection made from now on.
  await byHand(
    database,
    'create schema fake',
    'create table fake.offset (seconds integer); insert into fake.offset values (0)',
    `create function fake.clock_timestamp() returns timestamptz language sql volatile
       return pg_catalog.clock_timestamp() + (select seconds from fake.offset) * interval '1 second'`,
    'grant usage on schema fake to wayleave_app; grant select on fake.offset to wayleave_app',
    `alter role wayleave_app in database ${new URL(database.ownerUrl).pathname.slice(1)}
       set search_path = fake, pg_catalog, public`,
  );
});
afterAll(() => database.drop());

test('a clock that jumps never makes the log go back, and time that ran out stays run out', async () => {
  const db = openDatabase(database.url);
  const log = await openTestLog({ ...database, db });
  const setClock = (seconds: number) => byHand(database, `update fake.offset set seconds = ${seconds}`);
  const now = Date.now() / 1000;

  const before = recorded(await log.append(anEvent()));
  expect(Math.abs(before.time - now)).toBeLessThan(60);
  await setClock(3_600);
  const ahead = recorded(await log.append(anEvent()));
  expect(ahead.time - before.time).toBeGreaterThan(3_500);
  await setClock(-3_600);
  const back = recorded(await log.append(anEvent()));
  expect(back.time).toBe(ahead.time);

  // By this machine's clock both guards lie in the future; by the log's, the first has passed.
  const epoch = log.fence.epoch();
  expect(await log.append(anEvent(), { epoch, validUntil: now + 1_800 })).toEqual({ outcome: 'expired' });
  expect(await log.append(anEvent(), { epoch, validUntil: now + 7_200 })).toMatchObject({ outcome: 'recorded' });

  const rows = await db.query<{ time: number }>(
    sql`select (entry::json ->> 'time')::float8 as time from log_leaf order by position`,
  );
  expect(rows.map(({ time }) => time)).toEqual(rows.map(({ time }) => time).toSorted((a, b) => a - b));
  const check = await checkLog(db, await openKeyRing(db, testMasterKey).publicKeys('log'));
  expect(check.problems).toEqual([]);
  await log.close();
  await db.close();
});
