/** `main.ts` and PostgreSQL with clocks that are set while they run: of the one, of the other, and of both. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import path from 'node:path';
import { decodeJwt } from 'jose';
import { namedPerson } from '../../demo/region/people.ts';
import type { RunningApplication } from '../support/application/application.ts';
import { aQuestion, casebook, userToken } from '../support/policy/override.ts';
import { actAsPartners } from '../support/directory/partners.ts';
import { aDataDir, ask } from '../support/platform/embedded.ts';
import { aClockToSet, faketime, type SetClock, startServerWith } from '../support/platform/set_clock.ts';
import { waitFor } from '../support/platform/web.ts';
import { endAllStarted, quick, type Started, startMain } from '../support/application/start.ts';

const root = path.resolve(import.meta.dirname, '../..');
type Answer = {
  status: number;
  body: {
    decision?: boolean;
    type?: string;
    detail?: string;
    context?: { valid_until: number; reason: { code: string } };
  };
  headers: Headers;
};
type Ready = { status: number; clock: { ready: boolean; problem?: string; note?: string } };

(faketime === undefined ? describe.skip : describe)('clocks that are set', () => {
  let [ofDatabase, ofProcess]: SetClock[] = [];
  let server: Awaited<ReturnType<typeof startServerWith>>;
  let folder: Awaited<ReturnType<typeof aDataDir>>;
  let service: Started;
  let address = '';

  beforeAll(async () => {
    [ofDatabase, ofProcess] = [await aClockToSet(), await aClockToSet()];
    folder = await aDataDir();
    server = await startServerWith(ofDatabase, folder.dataDir);
    await start();
  });
  afterEach(() => set('+0', '+0'));
  afterAll(async () => {
    await endAllStarted();
    await server.stop();
    for (const one of [folder, ofDatabase!, ofProcess!]) await one.remove();
  });

  const environment = () => ({ ...quick, DATABASE_URL: server.url, DEMO: 'yes', ...ofProcess!.environment });
  async function start(more: Record<string, string> = {}): Promise<void> {
    service = startMain({ dataDir: folder.dataDir, environment: { ...environment(), ...more } });
    address = await service.ready();
  }
  const set = async (database: string, machine: string): Promise<void> => {
    await ofDatabase!.set(database);
    await ofProcess!.set(machine);
  };

  /** What the first of the demo's examples that is permitted is answered. */
  async function decide(): Promise<Answer> {
    const manifest = { ...(await service.manifest()), base_url: address, issuer: `${address}/oidc` };
    const example = manifest.examples.find(({ expect: { decision } }) => decision)!;
    const response = await actAsPartners({ config: { baseUrl: address, issuer: manifest.issuer }, manifest }).ask(
      example,
    );
    return { status: response.status, body: (await response.json()) as Answer['body'], headers: response.headers };
  }
  async function ready(): Promise<Ready> {
    const response = await fetch(`${address}/readyz`);
    const { checks } = (await response.json()) as { checks: (Ready['clock'] & { name: string })[] };
    return { status: response.status, clock: checks.find(({ name }) => name === 'clock')! };
  }
  const size = async (): Promise<number> =>
    (await ask<{ size: number }>(server.url, 'select size::int from log_head'))[0]!.size;
  /** Ahead of this machine's clock, which nobody sets. */
  const ahead = (seconds: number): number => seconds - Date.now() / 1000;
  async function expectPermit(): Promise<void> {
    const answer = await decide();
    expect(answer).toMatchObject({ status: 200, body: { decision: true } });
    expect(ahead(answer.body.context!.valid_until)).toBeLessThanOrEqual(61);
    expect(ahead(answer.body.context!.valid_until)).toBeGreaterThan(0);
    expect(Math.abs(ahead(Date.parse(answer.headers.get('date')!) / 1000))).toBeLessThan(30);
  }

  it.each<[string, string, RegExp]>([
    ['an hour ahead', '+3600', /has jumped 1 hour ahead/],
    ['an hour back', '-3600', /has jumped 1 hour back/],
    ['ten years ahead', '+10y', /has jumped 10 years ahead/],
    ['six times as fast as time', '+0 x6', /has jumped .* ahead/],
  ])(
    'of the database, %s: not believed, named, nothing written, and on it goes once it is right',
    async (_, to, words) => {
      await expectPermit();
      for (const machine of ['+0', to]) {
        await set(to, machine);
        await waitFor(async () => (await ready()).status === 503);
        expect((await ready()).clock.problem).toMatch(words);
        const before = await size();
        const refused = await decide();
        expect(refused.status).toBe(503);
        expect(refused.body).toMatchObject({
          type: 'urn:wayleave:problem:clock-not-believed',
          detail: expect.stringMatching(words),
        });
        expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
        expect(await size()).toBe(before);
        await set('+0', '+0');
        await waitFor(async () => (await ready()).status === 200);
        await expectPermit();
      }
    },
  );

  it.each<[string, string, RegExp]>([
    ['an hour ahead', '+3600', /1 hour ahead of the database/],
    ['an hour back', '-3600', /1 hour behind the database/],
    ['ten years ahead', '+10y', /10 years ahead of the database/],
    ['twice as fast as time', '+0 x2', /ahead of the database/],
  ])('of the process, %s: it promises nothing beyond a minute, and names its clock', async (_, to, words) => {
    await set('+0', to);
    await expectPermit();
    await waitFor(async () => (await ready()).clock.note !== undefined);
    expect(await ready()).toMatchObject({ status: 200, clock: { ready: true, note: expect.stringMatching(words) } });
    // Cookies end by the clock of the machine: nobody can sign in where it is far behind.
    if (to.startsWith('-')) return;
    // A person signs in there, and their token holds for its five minutes and no longer.
    const manifest = await service.manifest();
    const there = { manifest, config: { issuer: `${address}/oidc` }, database: { ownerUrl: server.url } };
    const token = await userToken(there as unknown as RunningApplication, 'social-worker');
    const { exp = 0, iat = 0, auth_time: authenticated } = decodeJwt<{ auth_time: number }>(token);
    for (const moment of [iat, authenticated, exp - 300]) expect(Math.abs(ahead(moment))).toBeLessThan(30);
    const question = aQuestion(token, undefined, { person: namedPerson('social-worker').id });
    const partners = actAsPartners({ config: { baseUrl: address, issuer: there.config.issuer }, manifest });
    const answer = (await (await partners.call(casebook, '/access/v1/evaluation', question)).json()) as Answer['body'];
    expect(answer.context?.reason.code).toBe('permitted');
  });

  it('that were wrong together when the service was started leave a log that an operator puts right', async () => {
    await service.endWell();
    await set('+3600', '+3600');
    await start();
    expect((await decide()).status).toBe(200);
    await service.endWell();
    await set('+0', '+0');
    // The demo region writes at each start, and cannot.
    await start({ DEMO: 'no' });
    expect(await ready()).toMatchObject({
      status: 503,
      clock: { problem: expect.stringMatching(/\d+ minutes|1 hour/) },
    });
    expect((await decide()).body).toMatchObject({
      type: 'urn:wayleave:problem:log-ahead',
      detail: expect.stringContaining('npm run log-clock'),
    });
    expect(await logClock()).toMatchObject({
      code: 0,
      said: expect.stringContaining('is 1 hour ahead of the database'),
    });
    expect(await logClock('--put-back', 'too short')).toMatchObject({ code: 2 });
    const reason = 'Both clocks were an hour fast this morning.';
    expect(await logClock('--put-back', reason)).toMatchObject({
      code: 0,
      said: expect.stringMatching(/Entry \d+ of the log says so/),
    });
    await waitFor(async () => (await ready()).status === 200);
    await expectPermit();
    expect(await logClock('--put-back', reason)).toMatchObject({
      code: 1,
      said: expect.stringContaining('nothing to do'),
    });
  });

  async function logClock(...typed: string[]): Promise<{ code: number | null; said: string }> {
    const child = spawn(process.execPath, [path.join(root, 'log_clock.ts'), ...typed], {
      env: { PATH: process.env.PATH, DATA_DIR: folder.dataDir, ...environment() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve) => void child.once('close', resolve));
    const said = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await ended, said: said.join('\n') };
  }
});
