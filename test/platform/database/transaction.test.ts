import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Worker } from 'node:worker_threads';
import { type Database, openDatabase } from '../../../platform/database/database.ts';
import { together } from '../../../platform/database/reader.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read, type Scope, transaction } from '../../../platform/database/transaction.ts';
import { sentBy } from '../../support/platform/statements.ts';
import { type TestDatabase, testDatabase } from '../../support/platform/database.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await testDatabase();
  const owner = openDatabase(test.ownerUrl);
  await owner.query(sql`create table note (agency text not null, body text not null)`);
  await owner.query(sql`alter table note enable row level security`);
  await owner.query(sql`alter table note force row level security`);
  await owner.query(sql`create policy own on note using (agency = acting_agency())`);
  await owner.query(sql`create policy found on note for select using (reading('directory'))`);
  await owner.query(sql`grant select, insert on note to wayleave_app`);
  await owner.close();
  await write('E08000021', 'of Newcastle');
  await write('E06000047', 'of Durham');
});
afterAll(() => test.drop());

const write = (agency: string, body: string) =>
  transaction(test.db, { agency }, (tx) => tx.query(sql`insert into note (agency, body) values (${agency}, ${body})`));
const bodies = (scope: Scope) =>
  transaction(test.db, scope, async (tx) => {
    const rows = await tx.query<{ body: string }>(sql`select body from note order by body`);
    return rows.map(({ body }) => body);
  });

describe('a transaction', () => {
  it('shows no rows of agency tables when no scope is set', async () => {
    expect(await bodies({})).toEqual([]);
    expect(await test.db.query(sql`select body from note`)).toEqual([]);
  });

  it('shows the acting agency its own rows and nothing else', async () => {
    expect(await bodies({ agency: 'E08000021' })).toEqual(['of Newcastle']);
  });

  it('shows every row under a named read policy, and only under that name', async () => {
    expect(await bodies({ reading: 'directory' })).toEqual(['of Durham', 'of Newcastle']);
    expect(await bodies({ reading: 'audit' })).toEqual([]);
  });

  it('refuses to write a row of another agency', async () => {
    const forged = transaction(test.db, { agency: 'E08000021' }, (tx) =>
      tx.query(sql`insert into note (agency, body) values ('E06000047', 'forged')`),
    );
    await expect(forged).rejects.toThrow(/row-level security/);
  });

  it('leaves its scope behind: the next user of the same connection starts with none', async () => {
    const single = openDatabase(test.url, { size: 1 });
    await transaction(single, { agency: 'E08000021', reading: 'audit' }, async () => undefined);
    const [row] = await single.query<{ agency: string | null; audit: boolean }>(
      sql`select acting_agency() as agency, coalesce(reading('audit'), false) as audit`,
    );
    expect(row).toEqual({ agency: null, audit: false });
    await single.close();
  });

  it('rolls everything back when the work throws, and passes the error on', async () => {
    const failing = transaction(test.db, { agency: 'E08000021' }, async (tx) => {
      await tx.query(sql`insert into note (agency, body) values ('E08000021', 'half')`);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await bodies({ agency: 'E08000021' })).toEqual(['of Newcastle']);
  });

  it('does not take ROLLBACK for a commit when a failed statement was swallowed', async () => {
    const swallowed = transaction(test.db, { agency: 'E08000021' }, async (tx) => {
      await tx.query(sql`insert into note (agency, body) values ('E08000021', 'lost')`);
      await tx.query(sql`select 1 / 0`).catch(() => undefined);
    });
    await expect(swallowed).rejects.toMatchObject({ code: 'database-unavailable' });
    expect(await bodies({ agency: 'E08000021' })).toEqual(['of Newcastle']);
  });

  it('runs the last steps in order before the commit, and the after-steps only once it is certain', async () => {
    const seen: string[] = [];
    await transaction(test.db, {}, async (tx) => {
      tx.afterCommit(() => void seen.push('after'));
      tx.beforeCommit(async () => void seen.push('first'));
      tx.beforeCommit(async () => void seen.push('second'));
      seen.push('work');
    });
    expect(seen).toEqual(['work', 'first', 'second', 'after']);
    const failing = transaction(test.db, {}, async (tx) => {
      tx.afterCommit(() => void seen.push('never'));
      tx.beforeCommit(() => Promise.reject(new Error('no')));
    });
    await expect(failing).rejects.toThrow('no');
    expect(seen).not.toContain('never');
  });

  it('says that the database is unavailable when the connection is cut in the middle', async () => {
    const cut = transaction(test.db, {}, async (tx) => {
      const [row] = await tx.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      const owner = openDatabase(test.ownerUrl, { size: 1 });
      await owner.query(sql`select pg_terminate_backend(${row?.pid})`);
      await owner.close();
      await tx.query(sql`select 1`);
    });
    await expect(cut).rejects.toMatchObject({ code: 'database-unavailable', kind: 'unavailable' });
    expect(await test.db.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });

  it('says so too when the server takes no connection to it, or it is not there', async () => {
    const closed = await testDatabase();
    const name = new URL(closed.url).pathname.slice(1);
    const elsewhere = openDatabase(test.ownerUrl, { size: 1 });
    const admin = (statement: string): Promise<unknown> => elsewhere.pool.query(statement);
    await admin(`alter database "${name}" with allow_connections false`);
    await admin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
    const gone = { code: 'database-unavailable', kind: 'unavailable' };
    await expect(openDatabase(closed.url).query(sql`select 1`)).rejects.toMatchObject(gone);
    await expect(transaction(openDatabase(closed.url), {}, async () => 1)).rejects.toMatchObject(gone);
    const missing = Object.assign(new URL(closed.url), { pathname: '/no_such_database' }).href;
    await expect(openDatabase(missing).query(sql`select 1`)).rejects.toMatchObject(gone);
    await admin(`alter database "${name}" with allow_connections true`);
    await elsewhere.close();
    await closed.drop();
  });

  it('takes every metacharacter as a plain value', async () => {
    const nasty = `'; drop table note; -- $1 \\ " %s {{7*7}} \u{1F600}`;
    await write('E08000021', nasty);
    expect(await bodies({ agency: 'E08000021' })).toContain(nasty);
  });
});

it('a transaction begins under its scope in one round trip', async () => {
  const { statements, trips } = await sentBy(() =>
    transaction(test.db, { agency: 'E08000021' }, async () => undefined),
  );
  expect([statements.length, trips]).toEqual([3, 2]);
});

describe('a reading', () => {
  const notes = sql`select body from note order by body`;

  it('opens what its scope opens, and leaves the next user of the connection none', async () => {
    const single = openDatabase(test.url, { size: 1 });
    const bodiesOf = (scope: Scope) => read(single, scope, (reader) => reader.query<{ body: string }>(notes));
    expect(await bodiesOf({ agency: 'E06000047' })).toEqual([{ body: 'of Durham' }]);
    expect((await bodiesOf({ reading: 'directory' })).length).toBeGreaterThan(1);
    expect(await bodiesOf({})).toEqual([]);
    expect(await single.query(notes)).toEqual([]);
    await single.close();
  });

  it('leaves none either when a statement fails, and goes on with the next', async () => {
    const single = openDatabase(test.url, { size: 1 });
    await read(single, { agency: 'E06000047' }, async (reader) => {
      const [good, bad, behind] = await Promise.allSettled([
        reader.query(notes),
        reader.query(sql`select 1 / ${0}::int`),
        reader.query(notes),
      ]);
      expect([good.status, bad.status, behind.status]).toEqual(['rejected', 'rejected', 'rejected']);
      expect(await single.query(notes)).toEqual([]);
      expect(await reader.query(notes)).toEqual([{ body: 'of Durham' }]);
    });
    await single.close();
  });

  it('takes what is asked at once in one round trip, gives each asker its own rows, and binds every value', async () => {
    const values = ["'; drop table note; --", '$1 \\ "', 'E06000047'];
    const { statements, trips } = await sentBy(async () => {
      const rows = await read(test.db, { agency: values[0]! }, (reader) =>
        Promise.all([
          reader.query(sql`select acting_agency() as value`),
          ...values.map((value) => reader.query(sql`select ${value}::text as value`)),
          reader.query(sql`select 1 as value where false`),
        ]),
      );
      expect(rows).toEqual([[{ value: values[0] }], ...values.map((value) => [{ value }]), []]);
    });
    expect([statements.length, trips]).toEqual([6, 1]);
  });

  it('refuses a value that cannot be sent, without touching the connection', async () => {
    const single = openDatabase(test.url, { size: 1 });
    const unreadable = {
      toPostgres: () => {
        throw new Error('no such value');
      },
    };
    const asked = read(single, {}, (reader) => reader.query(sql`select ${unreadable}::text`));
    await expect(asked).rejects.toThrow('no such value');
    expect(await single.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
    await single.close();
  });

  it('says that the database is unavailable when its connection is cut', async () => {
    const cut = read(test.db, {}, (reader) =>
      reader.query(sql`select pg_terminate_backend(pg_backend_pid()), pg_sleep(5)`),
    );
    await expect(cut).rejects.toMatchObject({ code: 'database-unavailable', kind: 'unavailable' });
    expect(await test.db.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });
});

describe('a process that stood still in a transaction until the server ended it', () => {
  it('hears of it as an outage, though it asks before it has read what the server sent', async () => {
    const standing = transaction(test.db, {}, async (tx) => {
      const [me] = await tx.query<{ pid: number }>(sql`
        select pg_backend_pid() as pid, set_config('idle_in_transaction_session_timeout', '1', true)`);
      standStillUntilGone(test.ownerUrl, me!.pid);
      await tx.query(sql`select 1`);
    });
    await expect(standing).rejects.toMatchObject({ code: 'database-unavailable', kind: 'unavailable' });
    expect(await bodies({ agency: 'E06000047' })).toEqual(['of Durham']);
  });

  /** Nothing of this process goes on meanwhile; a thread of its own looks whether that connection is still there. */
  function standStillUntilGone(url: string, pid: number): void {
    const gone = new Int32Array(new SharedArrayBuffer(4));
    const source = `
      const { workerData: { gone, url, pid } } = require('node:worker_threads');
      const { Client } = require('pg');
      const client = new Client({ connectionString: url });
      const look = async () => {
        const { rowCount } = await client.query('select from pg_stat_activity where pid = $1', [pid]);
        if (rowCount > 0) return look();
        await client.end();
        Atomics.store(gone, 0, 1);
        Atomics.notify(gone, 0);
      };
      client.connect().then(look);`;
    new Worker(source, { eval: true, workerData: { gone, url, pid } }).unref();
    Atomics.wait(gone, 0, 0);
  }
});

describe('readings that begin together', () => {
  const bodiesIn = (db: Database, scope: Scope) =>
    read(db, scope, (reader) =>
      reader.query<{ body: string }>(sql`select body from note where body like 'of %' order by body`),
    );

  it('share a round trip under one scope, never their scopes', async () => {
    const db = together(test.db);
    const { statements, trips } = await sentBy(async () => {
      const [durham, again, all, none] = await Promise.all([
        bodiesIn(db, { agency: 'E06000047' }),
        bodiesIn(db, { agency: 'E06000047' }),
        bodiesIn(db, { reading: 'directory' }),
        bodiesIn(db, {}),
      ]);
      expect([durham, again, none]).toEqual([[{ body: 'of Durham' }], [{ body: 'of Durham' }], []]);
      expect(all).toHaveLength(2);
    });
    expect([statements.length, trips]).toEqual([7, 3]);
  });

  it('fail together, and the next is not touched by it', async () => {
    const db = together(test.db);
    const failing = read(db, {}, (reader) => reader.query(sql`select 1 / ${0}::int`));
    const beside = bodiesIn(db, {});
    await expect(failing).rejects.toThrow('division by zero');
    await expect(beside).rejects.toThrow('division by zero');
    expect(await bodiesIn(db, { agency: 'E06000047' })).toEqual([{ body: 'of Durham' }]);
  });
});
