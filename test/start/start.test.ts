/** The whole life of one installation with its embedded database: `main.ts` started, ended and killed again and again. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { locate } from '../../platform/database/embedded/location.ts';
import { findServer } from '../../platform/database/embedded/server.ts';
import { aDataDir } from '../support/platform/embedded.ts';
import { type Answered, askExamples, listMissing } from '../support/policy/examples.ts';
import { endAllStarted, freePort, type Started, startMain } from '../support/application/start.ts';

let dataDir: string;
let remove: () => Promise<void>;
let service: Started;
/** Every decision answered in all the lives of this installation. */
const answered: Answered[] = [];

beforeAll(async () => {
  ({ dataDir, remove } = await aDataDir());
});
afterAll(async () => {
  await endAllStarted();
  await remove();
});

const server = async () => findServer(`${(await locate(dataDir)).home}/data`);

/** Every example is answered as `demo.json` says, and everything ever answered is in the log. */
async function expectAllRight(): Promise<void> {
  const manifest = await service.manifest();
  const { wrong, answered: now } = await askExamples(manifest);
  expect(wrong).toEqual([]);
  answered.push(...now);
  expect(await listMissing(manifest, answered)).toEqual([]);
}

describe('the service on its embedded database', () => {
  it('tells of each long step of the first start, and ends with a screen that says where to go and as whom', async () => {
    service = startMain({ dataDir, environment: { PORT: '0', CASEBOOK_PORT: '0' } });
    const address = await service.ready();
    const manifest = await service.manifest();
    expect(manifest).toMatchObject({ base_url: address, issuer: `${address}/oidc` });
    const [progress = '', screen = ''] = service.said().split(/(?=\nWayleave is ready)/);
    for (const step of ['making the database', 'starting PostgreSQL', 'people', 'passwords', 'signed protocols']) {
      expect(progress).toContain(step);
    }
    const [first] = manifest.people;
    for (const needed of [
      address,
      first!.email,
      first!.password,
      `${address}/demo/codes`,
      manifest.partners[0]!.redirect_uris[0]!.replace('/callback', ''),
    ]) {
      expect(screen).toContain(needed);
    }
    expect(screen.split('\n').length).toBeLessThanOrEqual(24);
    expect(Math.max(...screen.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(await (await fetch(`${address}/`)).text()).toContain('Wayleave');
  });

  it('answers every example as demo.json says', expectAllRight);

  it('has an answer for machines that ask how it is', async () => {
    const { base_url: address } = await service.manifest();
    expect(await (await fetch(`${address}/healthz`)).json()).toEqual({ status: 'alive' });
    const ready = await fetch(`${address}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: 'ready' });
    const metrics = await (await fetch(`${address}/metrics`)).text();
    expect(metrics).toMatch(
      /wayleave_http_request_seconds_count\{method="POST",route="\/access\/v1\/evaluation",status="200"\} \d+/,
    );
  });

  it('ends on Ctrl-C within five seconds, with code 0, and PostgreSQL with it', async () => {
    const { milliseconds } = await service.endWell('SIGINT');
    expect(milliseconds).toBeLessThan(5_000);
    expect(await server()).toBeUndefined();
    expect(service.said()).not.toMatch(/error|gave up|did not close/i);
  });

  it('starts again with all that was there, without making anything anew', async () => {
    service = startMain({ dataDir });
    await service.ready();
    expect(service.said()).not.toMatch(/making the database|Demo region:/);
    await expectAllRight();
  });

  it('after kill -9 takes over the PostgreSQL left behind and goes on', async () => {
    await service.end('SIGKILL');
    expect(await server()).toMatchObject({ ready: true });
    service = startMain({ dataDir });
    await service.ready();
    expect(service.said()).toContain('taking over the PostgreSQL that runs on this data already');
    await expectAllRight();
  });

  it('loses nothing when process and PostgreSQL are killed together, as in a power cut', async () => {
    const { pid } = (await server())!;
    const ended = service.end('SIGKILL');
    process.kill(pid, 'SIGKILL');
    await ended;
    service = startMain({ dataDir });
    await service.ready();
    await expectAllRight();
  });

  it('says that it is starting to whoever asks too early', async () => {
    await service.end();
    const port = await freePort();
    service = startMain({ dataDir, environment: { PORT: String(port), CASEBOOK_PORT: '0' } });
    const early: { status: number; text: string }[] = [];
    for (let status = 0; status !== 200 && service.child.exitCode === null; await pause(5)) {
      const response = await fetch(`http://localhost:${port}/healthz`).catch(() => undefined);
      status = response?.status ?? 0;
      if (response !== undefined && status !== 200) early.push({ status, text: await response.text() });
    }
    expect(early.length).toBeGreaterThan(0);
    for (const one of early)
      expect(one).toEqual({ status: 503, text: 'Wayleave is starting. Try again in a few seconds.\n' });
    await service.ready();
  });

  it('keeps what opens doors to the user who started it', async () => {
    for (const file of ['demo.json', 'key-encryption-key', 'demo-keys/federation-root.json']) {
      expect({ file, open: (await stat(`${dataDir}/${file}`)).mode & 0o077 }).toEqual({ file, open: 0 });
    }
    await service.endWell('SIGTERM');
  });
});
