import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { appPassword, appRole, appUrl } from '../../../platform/app_role.ts';
import { openDatabase } from '../../../platform/database/database.ts';
import { listPendingMigrations, migrate } from '../../../platform/migrate.ts';
import { listMigrations, MIGRATIONS } from '../../../platform/database/migrations.ts';
import { sql } from '../../../platform/database/sql.ts';
import { emptyDatabase, testMasterKey } from '../../support/platform/database.ts';

const options = { appPassword: appPassword(testMasterKey) };
const drops: (() => Promise<void>)[] = [];
const folders: string[] = [];
const aDatabase = async (): Promise<string> => {
  const database = await emptyDatabase();
  drops.push(() => database.drop());
  return database.ownerUrl;
};
/** A copy of the real migrations with some more. */
const aFolder = async (files: Record<string, string>): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'wayleave-migrations-'));
  folders.push(folder);
  await cp(path.join(MIGRATIONS, '0001_ground.sql'), path.join(folder, '0001_ground.sql'));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  return folder;
};
afterEach(async () => {
  for (const drop of drops.splice(0)) await drop();
});
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

describe('migrating', () => {
  it('applies every file once, in order, and lets the application connect', async () => {
    const ownerUrl = await aDatabase();
    expect(await migrate(ownerUrl, options)).toEqual(await listMigrations());
    expect(await migrate(ownerUrl, options)).toEqual([]);
    const db = openDatabase(appUrl(ownerUrl, testMasterKey));
    expect(await listPendingMigrations(db)).toEqual([]);
    const [who] = await db.query<{ name: string }>(sql`select current_user::text as name`);
    expect(who?.name).toBe(appRole(ownerUrl));
    await db.close();
  });

  it('may be done by several processes that start at once', async () => {
    const ownerUrl = await aDatabase();
    const source = `
      import { migrate } from ${JSON.stringify(path.resolve('platform/migrate.ts'))};
      console.log((await migrate(process.argv[2], { appPassword: process.argv[3] })).length);`;
    const folder = await aFolder({ 'run.mts': source });
    const runs = Array.from({ length: 4 }, async () => {
      const child = fork(path.join(folder, 'run.mts'), [ownerUrl, options.appPassword], { stdio: 'pipe' });
      let said = '';
      child.stdout?.on('data', (text: Buffer) => (said += text.toString()));
      child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
      const [code] = (await once(child, 'close')) as [number];
      if (code !== 0) throw new Error(said);
      return Number(said);
    });
    const applied = await Promise.all(runs);
    const all = (await listMigrations()).length;
    expect(applied.toSorted((a, b) => a - b)).toEqual([0, 0, 0, all]);
  });

  it('changes nothing when a file is broken, and names the file and the line', async () => {
    const ownerUrl = await aDatabase();
    const folder = await aFolder({
      '0002_good.sql': 'create table good (id int);',
      '0003_broken.sql': '-- a comment\ncreate table half (id int);\ncreate tabel other (id int);\n',
    });
    await expect(migrate(ownerUrl, { ...options, folder })).rejects.toMatchObject({
      code: 'migration-failed',
      message: expect.stringMatching(
        /0003_broken\.sql line 3: syntax error at or near "tabel"\. Nothing was changed\./,
      ),
    });
    const client = new pg.Client({ connectionString: ownerUrl });
    await client.connect();
    const { rows } = await client.query("select to_regclass('good') as good, to_regclass('half') as half");
    await client.end();
    expect(rows).toEqual([{ good: null, half: null }]);
    await writeFile(path.join(folder, '0003_broken.sql'), 'create table other (id int);');
    expect(await migrate(ownerUrl, { ...options, folder })).toEqual(['0001_ground', '0002_good', '0003_broken']);
  });

  it('goes on from where an older version of the program stopped, and says what is pending until then', async () => {
    const ownerUrl = await aDatabase();
    const folder = await aFolder({ '0002_first.sql': 'create table first (id int);' });
    await migrate(ownerUrl, { ...options, folder });
    await writeFile(path.join(folder, '0003_second.sql'), 'create table second (id int);');
    const db = openDatabase(appUrl(ownerUrl, testMasterKey));
    expect(await listPendingMigrations(db, folder)).toEqual(['0003_second']);
    await db.close();
    expect(await migrate(ownerUrl, { ...options, folder })).toEqual(['0003_second']);
  });

  it('refuses a file that would have to run before one that ran already', async () => {
    const ownerUrl = await aDatabase();
    const folder = await aFolder({ '0003_second.sql': 'create table second (id int);' });
    await migrate(ownerUrl, { ...options, folder });
    await writeFile(path.join(folder, '0002_late.sql'), 'create table late (id int);');
    await expect(migrate(ownerUrl, { ...options, folder })).rejects.toThrow(
      /0002_late is preceding already run migration 0003_second/,
    );
  });

  it.each([
    ['a number used twice', { '0001_other.sql': '' }, /0001_other\.sql has the same number as 0001_ground\.sql/],
    ['a name without a number', { 'later.sql': '' }, /later\.sql is not named like 0001_ground\.sql/],
  ])('refuses %s', async (_, files, message) => {
    const ownerUrl = await aDatabase();
    await expect(migrate(ownerUrl, { ...options, folder: await aFolder(files) })).rejects.toThrow(message);
  });

  it('changes the password when the master key changes, and only the new one opens', async () => {
    const ownerUrl = await aDatabase();
    for (const password of ['first-password', 'second-password']) {
      await migrate(ownerUrl, { appPassword: password });
      const url = new URL(ownerUrl);
      url.username = appRole(ownerUrl);
      url.password = password;
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      await client.end();
      url.password = 'wrong';
      await expect(new pg.Client({ connectionString: url.href }).connect()).rejects.toThrow(
        /password authentication failed/,
      );
    }
  });
});
