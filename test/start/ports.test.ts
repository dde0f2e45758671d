/** Ports that another program holds. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:net';
import { locate } from '../../platform/database/embedded/location.ts';
import { findServer } from '../../platform/database/embedded/server.ts';
import { aDataDir } from '../support/platform/embedded.ts';
import { askExamples } from '../support/policy/examples.ts';
import { createBrowser, passSignIn } from '../support/idp/idp.ts';
import { endAllStarted, quick, type Started, startMain } from '../support/application/start.ts';

const cleaning: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await endAllStarted();
  for (const work of cleaning.splice(0).toReversed()) await work();
});

async function aFolder(): Promise<string> {
  const { dataDir, remove } = await aDataDir();
  cleaning.push(remove);
  return dataDir;
}

/** Another program on a port; undefined where something holds that one already, which serves as well. */
async function hold(port: number, host?: string): Promise<number> {
  const server: Server = createServer();
  const held = new Promise<number>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(port) : reject(error),
    );
    server.listen({ port, ...(host && { host }) }, () => resolve((server.address() as { port: number }).port));
  });
  cleaning.push(async () => new Promise((resolve) => server.close(resolve)));
  return held;
}

const server = async (dataDir: string) => findServer(`${(await locate(dataDir)).home}/data`);

describe('a port that was asked for and is held by another program', () => {
  it.each([
    ['PORT', 'Wayleave', undefined],
    ['PORT', 'Wayleave', '127.0.0.1'],
    ['CASEBOOK_PORT', 'Casebook', '127.0.0.1'],
  ])('%s: ends with code 1, a clear message and no PostgreSQL left running (%s, %s)', async (variable, name, host) => {
    const dataDir = await aFolder();
    const port = await hold(0, host);
    const started = startMain({ dataDir, environment: { ...quick, [variable]: String(port) } });
    expect(await started.ended).toEqual({ code: 1, signal: null });
    expect(started.said()).toContain(
      `${name} cannot listen on port ${port}: another program holds it. Stop that program, or set ${variable} to another port.`,
    );
    expect(started.said()).not.toMatch(/^ +at /m);
    expect(await server(dataDir)).toBeUndefined();
  });
});

describe('the usual ports, held by another program', () => {
  it('are left to it: the next free ones are taken, and everything follows them', async () => {
    for (const port of [4000, 4001]) await hold(port);
    const dataDir = await aFolder();
    const service = startMain({ dataDir, environment: {} });
    const address = await service.ready();
    const port = Number(new URL(address).port);
    expect(port).toBeGreaterThan(4001);
    expect(port).toBeLessThan(4020);
    await expectEverythingAt(address, service);
  });

  it('may be others at each start: Casebook and its people follow there too', async () => {
    const dataDir = await aFolder();
    const first = startMain({ dataDir });
    await expectEverythingAt(await first.ready(), first);
    await first.end();
    const second = startMain({ dataDir });
    await expectEverythingAt(await second.ready(), second, 'police-officer'); // a one-time code counts once
    const casebook = async ({ manifest }: Started) =>
      (await manifest()).partners.map(({ redirect_uris: uris }) => uris);
    await second.endWell();
    expect(first.said()).not.toContain(String((await casebook(second)).flat()[0]));
  });
});

/** Screen, `demo.json`, issuer and Casebook name one address, and a person who signs in there gets to the records. */
async function expectEverythingAt(address: string, service: Started, role = 'health-visitor'): Promise<void> {
  const manifest = await service.manifest();
  expect(manifest).toMatchObject({ base_url: address, issuer: `${address}/oidc` });
  const metadata = await (await fetch(`${manifest.issuer}/.well-known/openid-configuration`)).json();
  expect(metadata).toMatchObject({ issuer: manifest.issuer, token_endpoint: `${manifest.issuer}/token` });
  const [callback = ''] = manifest.partners.flatMap(({ redirect_uris: uris }) => uris);
  const casebookUrl = new URL(callback).origin;
  expect(service.said()).toContain(casebookUrl);
  expect((await askExamples(manifest)).wrong).toEqual([]);
  const person = manifest.people.find((one) => one.role === role)!;
  const [casebook, wayleave] = [createBrowser(casebookUrl), createBrowser(address)];
  const sentAway = await casebook.open('/cases/GC-1001');
  const signedIn = await passSignIn(wayleave, await wayleave.open(sentAway.location!), {
    id: '',
    email: person.email,
    password: person.password,
    totpSecret: person.totp_secret,
  });
  expect(signedIn.location).toMatch(`${callback}?`);
  const record = await casebook.open(signedIn.location!);
  expect(record.status).toBe(200);
  expect(record.text).toContain('GC-1001');
}
