/** `main.ts` with a PostgreSQL of one's own. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startEmbedded } from '../../platform/database/embedded/start.ts';
import { ask } from '../support/platform/embedded.ts';
import { findFaults } from '../support/policy/examples.ts';
import { aServerOfOnesOwn } from '../support/platform/own_server.ts';
import { actAsPartners } from '../support/directory/partners.ts';
import { startRelay } from '../support/platform/relay.ts';
import { endAllStarted, quick, startMain } from '../support/application/start.ts';

const own = aServerOfOnesOwn();
beforeAll(own.start);
afterEach(endAllStarted);
afterAll(own.remove);

describe('a PostgreSQL of one’s own', () => {
  it('may take turns with another one in the same data folder', async () => {
    const dataDir = await own.folder();
    const urls = [await own.database('here'), await own.database('there')];
    for (const DATABASE_URL of [...urls, urls[0]!]) {
      const service = startMain({ dataDir, environment: { ...quick, DATABASE_URL, DEMO: 'yes' } });
      expect((await fetch(`${await service.ready()}/readyz`)).status).toBe(200);
      await service.endWell();
    }
  });

  it('gets no demo region unless asked, and is left running', async () => {
    const url = await own.database('own');
    const dataDir = await own.folder();
    const service = startMain({ dataDir, environment: { ...quick, DATABASE_URL: url } });
    const address = await service.ready();
    expect(service.said()).not.toMatch(/Demo region|Casebook|embedded/);
    expect(service.said()).toMatch(/Nothing is permitted.*\n.*Set FEDERATION_ROOT_KEY to its public key\./);
    expect((await fetch(`${address}/`)).status).toBe(200);
    expect(await ask(url, 'select count(*)::int as agencies from agency')).toEqual([{ agencies: 0 }]);
    expect((await fetch(`${address}/demo/codes`)).status).toBe(404);
    await service.endWell();
    expect(existsSync(path.join(dataDir, 'demo.json'))).toBe(false);
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('is not touched by a process with another key, which would lock out the one that runs', async () => {
    const environment = { ...quick, DATABASE_URL: await own.database('keyed'), DEMO: 'yes' };
    const dataDir = await own.folder();
    const service = startMain({ dataDir, environment });
    const address = await service.ready();
    const stranger = startMain({ dataDir: await own.folder(), environment });
    expect(await stranger.ended).toEqual({ code: 1, signal: null });
    expect(stranger.said()).toContain('The database was made with another key-encryption key');
    const second = startMain({ dataDir, environment: { ...environment, WORKER: 'only' } });
    await second.ready();
    expect(await findFaults(await service.manifest(), address)).toEqual([]);
    for (const one of [second, service]) await one.endWell();
  });

  it('that only lets itself be read is named when the service starts', async () => {
    const environment = { ...quick, DATABASE_URL: await own.database('readable') };
    const dataDir = await own.folder();
    const first = startMain({ dataDir, environment });
    await first.ready();
    await first.endWell();
    await ask(own.url(), 'alter database readable set default_transaction_read_only = on');
    const refused = startMain({ dataDir, environment });
    expect(await refused.ended).toEqual({ code: 1, signal: null });
    expect(refused.said()).toMatch(/read-only transaction|only lets itself be read/);
    expect(refused.said()).not.toContain('nobody foresaw');
  });

  it('may stop and come back: the service says so meanwhile, and goes on', async () => {
    const dataDir = await own.folder();
    const first = await startEmbedded(dataDir);
    const relay = await startRelay(Number(new URL(first.url).port));
    const url = new URL(first.url);
    url.port = String(relay.port);
    const environment = { ...quick, DATABASE_URL: url.href, DEMO: 'yes', LOG_LEVEL: 'silent' };
    const service = startMain({ dataDir: await own.folder(), environment });
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
    expect(await findFaults(await service.manifest(), address)).toEqual([]);
    await service.endWell();
    await relay.close();
    await second.stop();
  });
});
