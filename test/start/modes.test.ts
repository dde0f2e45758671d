/** `main.ts` with a PostgreSQL of one's own, and in its other modes: several processes, jobs apart, no demo, production. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Manifest } from '../../demo/manifest.ts';
import { type Embedded, startEmbedded } from '../../platform/database/embedded/start.ts';
import { aDataDir, ask } from '../support/embedded.ts';
import { askExamples, listMissing } from '../support/examples.ts';
import { actAsPartners } from '../support/partners.ts';
import { startRelay } from '../support/relay.ts';
import { endAllStarted, freePort, quick, type Started, startMain } from '../support/start.ts';
import { databaseUrl } from '../support/template.ts';

let server: Embedded;
const folders: (() => Promise<void>)[] = [];

/** A PostgreSQL that is not the process's own: whoever starts `main.ts` knows only its address. */
beforeAll(async () => {
  server = await startEmbedded(await aFolder());
});
afterEach(endAllStarted);
afterAll(async () => {
  await server?.stop();
  for (const remove of folders.toReversed()) await remove();
});

async function aFolder(): Promise<string> {
  const { dataDir, remove } = await aDataDir();
  folders.push(remove);
  return dataDir;
}

async function aDatabase(name: string): Promise<string> {
  await ask(server.url, `create database ${name}`);
  return databaseUrl(server.url, name);
}

describe('a start that cannot be', () => {
  const cases: [string, Record<string, string>, string | RegExp][] = [
    [
      'production without its variables',
      { NODE_ENV: 'production' },
      /cannot be used in production:\n(  [A-Z_]+ is missing\n){7}/,
    ],
    [
      'a server that does not answer',
      { DATABASE_URL: 'postgres://a:hidden@127.0.0.1:1/wayleave' },
      'The database wayleave at 127.0.0.1:1 (DATABASE_URL) cannot be used: nothing answers there.',
    ],
    [
      'a host that does not exist',
      { DATABASE_URL: 'postgres://a:hidden@nowhere.invalid/wayleave' },
      'cannot be used: there is no such host.',
    ],
    ['a variable of the wrong form', { PORT: 'four thousand' }, 'PORT must be a port number'],
  ];

  it.each(cases)('ends with code 1 and says why: %s', async (_, environment, words) => {
    const started = startMain({ dataDir: await aFolder(), environment });
    expect(await started.ended).toEqual({ code: 1, signal: null });
    expect(started.said()).toMatch(words);
    expect(started.said()).not.toMatch(/^ +at |hidden/m);
  });

  it.each([
    ['password', /the server refuses the user or the password/],
    ['pathname', /the server has no database of that name/],
  ] as const)('names what is wrong with an address whose %s is wrong', async (part, words) => {
    const url = new URL(server.url);
    url[part] = '/nonsense';
    const started = startMain({ dataDir: await aFolder(), environment: { ...quick, DATABASE_URL: url.href } });
    expect(await started.ended).toEqual({ code: 1, signal: null });
    expect(started.said()).toMatch(words);
  });
});

describe('two processes', () => {
  it('that start at once on one database load the demo region once, and both answer', async () => {
    const dataDir = await aFolder();
    const environment = { ...quick, DATABASE_URL: await aDatabase('shared'), DEMO: 'yes' };
    const both = [startMain({ dataDir, environment }), startMain({ dataDir, environment })] as const;
    const addresses = await Promise.all(both.map((one) => one.ready()));
    const loads = both.filter((one) => one.said().includes('agencies, teams and people'));
    expect(loads).toHaveLength(1);
    const [shows] = loads;
    expect((await shows!.manifest()).base_url).toBe(await shows!.ready());
    // The screens of both name the Casebook that runs.
    const casebooks = new Set(both.map((one) => /Casebook: +(\S+)/.exec(one.said())?.[1]));
    expect(casebooks.size).toBe(1);
    expect((await fetch([...casebooks][0]!)).status).toBe(200);
    for (const address of addresses) await expectAllRightAt(address, shows!);
    for (const one of both) expect((await one.end()).code).toBe(0);
  }, 60_000);

  it('that share an embedded database stop it with the last of them', async () => {
    const dataDir = await aFolder();
    const one = startMain({ dataDir, environment: { ...quick, DEMO: 'no' } });
    const other = startMain({ dataDir, environment: { ...quick, DEMO: 'no' } });
    const [, address] = await Promise.all([one.ready(), other.ready()]);
    expect((await one.end()).code).toBe(0);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    const ready = (await (await fetch(`${address}/readyz`)).json()) as { checks: object[] };
    expect(ready.checks).toContainEqual({ name: 'durability', ready: true });
    expect((await other.end()).code).toBe(0);
  }, 60_000);
});

describe('a PostgreSQL of one’s own', () => {
  it('may take turns with another one in the same data folder', async () => {
    const dataDir = await aFolder();
    const urls = [await aDatabase('here'), await aDatabase('there')];
    for (const DATABASE_URL of [...urls, urls[0]!]) {
      const service = startMain({ dataDir, environment: { ...quick, DATABASE_URL, DEMO: 'yes' } });
      await expectAllRightAt(await service.ready(), service);
      expect((await service.end()).code).toBe(0);
    }
  }, 60_000);

  it('gets no demo region unless asked, and is left running', async () => {
    const url = await aDatabase('own');
    const dataDir = await aFolder();
    const service = startMain({ dataDir, environment: { ...quick, DATABASE_URL: url } });
    const address = await service.ready();
    expect(service.said()).not.toMatch(/Demo region|Casebook|embedded/);
    expect(service.said()).toMatch(/Nothing is permitted.*\n.*Set FEDERATION_ROOT_KEY to its public key\./);
    expect((await fetch(`${address}/`)).status).toBe(200);
    expect(await ask(url, 'select count(*)::int as agencies from agency')).toEqual([{ agencies: 0 }]);
    expect((await fetch(`${address}/demo/codes`)).status).toBe(404);
    expect((await service.end()).code).toBe(0);
    expect(existsSync(path.join(dataDir, 'demo.json'))).toBe(false);
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  }, 60_000);

  it('is not touched by a process with another key, which would lock out the one that runs', async () => {
    const environment = { ...quick, DATABASE_URL: await aDatabase('keyed'), DEMO: 'yes' };
    const dataDir = await aFolder();
    const service = startMain({ dataDir, environment });
    const address = await service.ready();
    const stranger = startMain({ dataDir: await aFolder(), environment });
    expect(await stranger.ended).toEqual({ code: 1, signal: null });
    expect(stranger.said()).toContain('The database was made with another key-encryption key');
    const second = startMain({ dataDir, environment: { ...environment, WORKER: 'only' } });
    await second.ready();
    await expectAllRightAt(address, service);
    for (const one of [second, service]) expect((await one.end()).code).toBe(0);
  }, 60_000);

  it('may stop and come back: the service says so meanwhile, and goes on', async () => {
    const dataDir = await aFolder();
    const first = await startEmbedded(dataDir);
    const relay = await startRelay(Number(new URL(first.url).port));
    const url = new URL(first.url);
    url.port = String(relay.port);
    const environment = { ...quick, DATABASE_URL: url.href, DEMO: 'yes', LOG_LEVEL: 'silent' };
    const service = startMain({ dataDir: await aFolder(), environment });
    const address = await service.ready();
    const manifest = await service.manifest();
    const partners = actAsPartners({ config: { baseUrl: address, issuer: manifest.issuer }, manifest });
    const example = manifest.examples[0]!;
    expect((await partners.ask(example)).status).toBe(200);
    await first.stop();
    const down = await fetch(`${address}/readyz`);
    expect(down.status).toBe(503);
    expect(await down.text()).toContain('The database cannot be reached.');
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    const refused = await partners.ask(example);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ type: 'urn:wayleave:problem:database-unavailable', status: 503 });
    const second = await startEmbedded(dataDir);
    relay.to(Number(new URL(second.url).port));
    while ((await fetch(`${address}/readyz`)).status !== 200) await pause(50);
    await expectAllRightAt(address, service);
    expect((await service.end()).code).toBe(0);
    await relay.close();
    await second.stop();
  }, 60_000);
});

describe('background jobs', () => {
  it('are worked off by a process of their own, which serves nobody and may be named a port for machines', async () => {
    const dataDir = await aFolder();
    const DATABASE_URL = await aDatabase('jobs');
    const web = startMain({ dataDir, environment: { ...quick, DATABASE_URL, DEMO: 'yes', WORKER: 'separate' } });
    const address = await web.ready();
    const enqueue = () => ask(DATABASE_URL, "select graphile_worker.add_job('clean-web')");
    const left = async () =>
      (await ask<{ jobs: number }>(DATABASE_URL, 'select count(*)::int as jobs from graphile_worker.jobs'))[0]!.jobs;
    await enqueue();
    await pause(1_000);
    expect(await left()).toBe(1);
    const port = await freePort();
    const jobs = startMain({ dataDir, environment: { PORT: String(port), DATABASE_URL, WORKER: 'only' } });
    await jobs.ready();
    expect(jobs.said()).toContain('Wayleave works off background jobs');
    while ((await left()) > 0) await pause(20);
    expect((await fetch(`http://localhost:${port}/readyz`)).status).toBe(200);
    expect((await fetch(`http://localhost:${port}/`)).status).toBe(503);
    const other = startMain({ dataDir, environment: { DATABASE_URL, WORKER: 'only' } });
    await other.ready();
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    for (const one of [other, jobs, web]) expect((await one.end()).code).toBe(0);
  }, 60_000);
});

async function expectAllRightAt(address: string, service: Started): Promise<void> {
  const manifest: Manifest = { ...(await service.manifest()), base_url: address, issuer: `${address}/oidc` };
  const { wrong, answered } = await askExamples(manifest);
  expect(wrong).toEqual([]);
  expect(await listMissing(manifest, answered)).toEqual([]);
}
