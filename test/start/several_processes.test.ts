/** Several processes of `main.ts` on one database, and background jobs in one of their own. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { ask } from '../support/platform/embedded.ts';
import { findFaults } from '../support/policy/examples.ts';
import { aServerOfOnesOwn } from '../support/platform/own_server.ts';
import { endAllStarted, freePort, quick, startMain } from '../support/application/start.ts';

const own = aServerOfOnesOwn();
beforeAll(own.start);
afterEach(endAllStarted);
afterAll(own.remove);

describe('two processes', () => {
  it('that start at once on one database load the demo region once, and both answer', async () => {
    const dataDir = await own.folder();
    const environment = { ...quick, DATABASE_URL: await own.database('shared'), DEMO: 'yes' };
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
    for (const address of addresses) expect(await findFaults(await shows!.manifest(), address)).toEqual([]);
    for (const one of both) await one.endWell();
  });

  it('that share an embedded database stop it with the last of them', async () => {
    const dataDir = await own.folder();
    const one = startMain({ dataDir, environment: { ...quick, DEMO: 'no' } });
    const other = startMain({ dataDir, environment: { ...quick, DEMO: 'no' } });
    const [, address] = await Promise.all([one.ready(), other.ready()]);
    await one.endWell();
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    const ready = (await (await fetch(`${address}/readyz`)).json()) as { checks: object[] };
    expect(ready.checks).toContainEqual({ name: 'durability', ready: true });
    await other.endWell();
  });
});

describe('background jobs', () => {
  it('are worked off by a process of their own, which serves nobody and may be named a port for machines', async () => {
    const dataDir = await own.folder();
    const DATABASE_URL = await own.database('jobs');
    const web = startMain({ dataDir, environment: { ...quick, DATABASE_URL, DEMO: 'yes', WORKER: 'separate' } });
    const address = await web.ready();
    const enqueue = () => ask(DATABASE_URL, "select graphile_worker.add_job('clean-web')");
    const left = async () =>
      (await ask<{ jobs: number }>(DATABASE_URL, 'select count(*)::int as jobs from graphile_worker.jobs'))[0]!.jobs;
    // The demo region has written to people: those letters wait too.
    const before = await left();
    await enqueue();
    await pause(1_000);
    expect(await left()).toBe(before + 1);
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
    for (const one of [other, jobs, web]) await one.endWell();
  });
});
