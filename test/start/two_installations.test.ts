/** Two installations of `main.ts`, each with a master key of its own, on one PostgreSQL server. */
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { ask } from '../support/platform/embedded.ts';
import { aServerOfOnesOwn } from '../support/platform/own_server.ts';
import { endAllStarted, quick, type Started, startMain } from '../support/application/start.ts';
import { findFaults } from '../support/policy/examples.ts';

const own = aServerOfOnesOwn();
beforeAll(own.start);
afterEach(endAllStarted);
afterAll(own.remove);

const expectWell = async (service: Started): Promise<void> => {
  const address = await service.ready();
  expect((await fetch(`${address}/readyz`)).status).toBe(200);
  expect(await findFaults(await service.manifest(), address)).toEqual([]);
};

it('leave each other alone, whichever is started first or again', async () => {
  const environments = await Promise.all(
    ['one', 'two'].map(async (name) => ({
      dataDir: await own.folder(),
      environment: { ...quick, DATABASE_URL: await own.database(name), DEMO: 'yes' },
    })),
  );
  const [first, second] = environments;
  const one = startMain(first!);
  await expectWell(one);
  const two = startMain(second!);
  await expectWell(two);
  // It has to come in again.
  await ask(own.url(), "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'one'");
  await expectWell(one);
  await one.endWell();
  const again = startMain(first!);
  for (const service of [again, two]) await expectWell(service);
  for (const service of [again, two]) await service.endWell();
});

it('of another owner is refused in words, before anything is touched', async () => {
  const environment = { ...quick, DATABASE_URL: await own.database('owned') };
  const first = startMain({ dataDir: await own.folder(), environment });
  await first.ready();
  await ask(own.url(), "create role tenant login password 'tenant'", 'create database tenants owner tenant');
  const url = Object.assign(new URL(own.url()), { username: 'tenant', password: 'tenant', pathname: '/tenants' });
  const second = startMain({ dataDir: await own.folder(), environment: { ...quick, DATABASE_URL: url.href } });
  expect(await second.ended).toEqual({ code: 1, signal: null });
  expect(second.said()).toContain('A superuser of the server has to run this once:');
  expect(second.said()).not.toMatch(/permission denied|nobody foresaw/);
  expect(await ask(url.href, `select from pg_class where relnamespace = 'public'::regnamespace`)).toEqual([]);
  const { checks } = (await (await fetch(`${await first.ready()}/readyz`)).json()) as { checks: object[] };
  expect(checks).toContainEqual({ name: 'log', ready: true });
  await first.endWell();
});
