import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { type Scope, transaction } from '../../../platform/database/transaction.ts';
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
