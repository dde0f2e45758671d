import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { locate } from '../../../../platform/database/embedded/location.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { findServer } from '../../../../platform/database/embedded/server.ts';
import { startEmbedded } from '../../../../platform/database/embedded/start.ts';
import { aDataDir, aProcessThatStarts, ask, copyOfCheckout, isRoot } from '../../../support/platform/embedded.ts';

const cleaning: (() => Promise<unknown>)[] = [];
const later = (work: () => Promise<unknown>): void => void cleaning.push(work);
afterEach(async () => {
  for (const work of cleaning.splice(0).toReversed()) await work();
});
const dataDirOfThisTest = async (): Promise<string> => {
  const { dataDir, remove } = await aDataDir();
  later(remove);
  return dataDir;
};
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const ifRoot = isRoot ? it : it.skip;

describe('the embedded PostgreSQL', () => {
  it('works in a folder whose name has blanks and quotes in it', async () => {
    const dataDir = path.join(await dataDirOfThisTest(), `it's a "folder"`);
    const { url, stop } = await startEmbedded(dataDir);
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    const { home } = await locate(dataDir);
    later(() => rm(home, { recursive: true, force: true }));
    await stop();
    expect(await findServer(path.join(home, 'data'))).toBeUndefined();
  });

  it('keeps its data from one start to the next, with every durability setting on', async () => {
    const dataDir = await dataDirOfThisTest();
    const said: string[] = [];
    const first = await startEmbedded(dataDir, (line) => said.push(line));
    expect(said).toContain('making the database (once)');
    await ask(first.url, 'create table kept (id int)', 'insert into kept values (42)');
    await first.stop();
    await expect(ask(first.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);

    const second = await startEmbedded(dataDir);
    expect(second.adopted).toBe(false);
    expect(await ask(second.url, 'select id from kept')).toEqual([{ id: 42 }]);
    const settings = `select name, setting from pg_settings
                      where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses') order by name`;
    expect(await ask(second.url, settings)).toEqual([
      { name: 'fsync', setting: 'on' },
      { name: 'full_page_writes', setting: 'on' },
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'synchronous_commit', setting: 'on' },
    ]);
    await second.stop();
  });

  it('asks everybody for the password, and keeps that to the user who started it', async () => {
    const dataDir = await dataDirOfThisTest();
    const { url, location, stop } = await startEmbedded(dataDir);
    const guess = new URL(url);
    guess.password = 'wayleave';
    await expect(ask(guess.href, 'select 1')).rejects.toThrow(/password authentication failed/);
    expect((await stat(path.join(location, '../password'))).mode & 0o777).toBe(0o600);
    await stop();
  });

  it('serves two who start at once, and stops with the last of them', async () => {
    const dataDir = await dataDirOfThisTest();
    const [one, two] = await Promise.all([startEmbedded(dataDir), startEmbedded(dataDir)]);
    expect(two.url).toBe(one.url);
    expect(one.adopted).not.toBe(two.adopted);
    await one.stop();
    expect(await ask(two.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await two.stop();
    await expect(ask(two.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('takes over the server that a killed process left behind, with all that was committed', async () => {
    const dataDir = await dataDirOfThisTest();
    const { child, url } = await aProcessThatStarts(dataDir);
    await ask(url, 'create table kept (id int)', 'insert into kept values (1)');
    child.kill('SIGKILL');
    await once(child, 'close');
    const next = await startEmbedded(dataDir);
    expect(next).toMatchObject({ adopted: true, url });
    expect(await ask(next.url, 'select id from kept')).toEqual([{ id: 1 }]);
    await next.stop();
    await expect(ask(url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('starts again after the server itself was killed, and loses nothing that was committed', async () => {
    const dataDir = await dataDirOfThisTest();
    const first = await startEmbedded(dataDir);
    await ask(first.url, 'create table kept (id int)', 'insert into kept select generate_series(1, 1000)');
    process.kill((await findServer(first.location))!.pid, 'SIGKILL');
    const second = await startEmbedded(dataDir);
    expect(second.adopted).toBe(false);
    expect(await ask(second.url, 'select count(*)::int as rows from kept')).toEqual([{ rows: 1000 }]);
    await second.stop();
    await first.stop();
  });

  it('is not misled by a postmaster.pid whose number belongs to another program by now', async () => {
    const dataDir = await dataDirOfThisTest();
    const first = await startEmbedded(dataDir);
    const file = path.join(first.location, 'postmaster.pid');
    const lines = (await readFile(file, 'utf8')).split('\n');
    await first.stop();
    await writeFile(file, [String(process.pid), ...lines.slice(1)].join('\n'));
    const second = await startEmbedded(dataDir);
    expect(second.adopted).toBe(false);
    await second.stop();
  });

  it('leaves no server running that does not let us in', async () => {
    const dataDir = await dataDirOfThisTest();
    const { child, url, location } = await aProcessThatStarts(dataDir);
    await ask(url, 'alter database postgres allow_connections false');
    child.kill('SIGKILL');
    await once(child, 'close');
    await expect(startEmbedded(dataDir)).rejects.toThrow(/not currently accepting connections/);
    expect(await findServer(location)).toBeUndefined();
    await expect(ask(url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  ifRoot('works from a checkout that other users cannot read', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'wayleave-private-'));
    later(() => rm(folder, { recursive: true }));
    const { node } = await copyOfCheckout(folder);
    await chmod(folder, 0o700);
    const { child, url, location } = await aProcessThatStarts(path.join(folder, '.data'), { checkout: folder, node });
    later(() => rm(path.dirname(location), { recursive: true }));
    expect(location).toMatch(/^\/var\/lib\/wayleave\//);
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  ifRoot('works in place for an ordinary user, in a folder that is private to them', async () => {
    const nobody = { uid: 65534, gid: 65534 };
    const folder = await mkdtemp(path.join(tmpdir(), 'wayleave-ordinary-'));
    later(() => rm(folder, { recursive: true }));
    const { node } = await copyOfCheckout(folder, nobody);
    const { child, url, location } = await aProcessThatStarts(path.join(folder, '.data'), {
      checkout: folder,
      node,
      ...nobody,
    });
    expect(location).toBe(path.join(folder, '.data/postgres/data'));
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  ifRoot('sets a database aside when the data folder with its keys was removed', async () => {
    const dataDir = await dataDirOfThisTest();
    const first = await startEmbedded(dataDir);
    await ask(first.url, 'create table kept (id int)');
    await first.stop();
    await rm(dataDir, { recursive: true });
    const said: string[] = [];
    const second = await startEmbedded(dataDir, (line) => said.push(line));
    const aside = /kept in (\S+)/.exec(said.join('\n'))?.[1];
    expect((await stat(path.join(aside ?? '', 'data'))).isDirectory()).toBe(true);
    expect(await ask(second.url, "select to_regclass('kept') as kept")).toEqual([{ kept: null }]);
    await second.stop();
  });

  it('leaves no process behind that belongs to a stopped server', async () => {
    const dataDir = await dataDirOfThisTest();
    const { location, stop } = await startEmbedded(dataDir);
    const { pid } = (await findServer(location))!;
    await stop();
    // Its last act is to remove postmaster.pid, which is what stopping waits for.
    for (let waited = 0; isAlive(pid) && waited < 100; waited += 1) await pause(20);
    expect(isAlive(pid)).toBe(false);
  });
});
