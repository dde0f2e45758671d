/** `main.ts` as root from a checkout that nobody else can read, and as an ordinary user. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { copyOfProgram, giveTo, isRoot } from '../support/platform/embedded.ts';
import { askExamples } from '../support/policy/examples.ts';
import { endAllStarted, startMain } from '../support/application/start.ts';

const nobody = { uid: 65534, gid: 65534 };
const ifRoot = isRoot ? describe : describe.skip;

ifRoot('the whole program in a folder that is private to its owner', () => {
  let checkout: string;
  let node: string;
  const homes: string[] = [];
  beforeAll(async () => {
    checkout = await mkdtemp(path.join(tmpdir(), 'wayleave-program-')); // mode 0700
    node = await copyOfProgram(checkout);
  });
  afterEach(endAllStarted);
  afterAll(async () => {
    for (const folder of [checkout, ...homes]) await rm(folder, { recursive: true, force: true });
  });

  it('starts for root, with PostgreSQL as nobody', async () => {
    expect((await stat(checkout)).mode & 0o077).toBe(0);
    const dataDir = path.join(checkout, 'of-root');
    const service = startMain({ dataDir, checkout, node });
    await service.ready();
    const location = /Data:\n +(\S+)/.exec(service.said())?.[1] ?? '';
    expect(location).toMatch(/^\/var\/lib\/wayleave\//);
    homes.push(path.dirname(location));
    expect((await stat(location)).uid).toBe(nobody.uid);
    expect((await askExamples(await service.manifest())).wrong).toEqual([]);
    await service.endWell();
  });

  it('starts for an ordinary user, with everything in place', async () => {
    await giveTo(checkout, nobody);
    const dataDir = path.join(checkout, '.data');
    const service = startMain({ dataDir, checkout, node, as: nobody });
    await service.ready();
    expect(service.said()).toContain('.data/postgres/data');
    expect((await stat(path.join(dataDir, 'postgres/data'))).uid).toBe(nobody.uid);
    expect((await askExamples(await service.manifest())).wrong).toEqual([]);
    await service.endWell();
  });
});
