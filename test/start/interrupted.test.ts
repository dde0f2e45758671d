/** A first start that is cut short, wherever that may be: the next one goes on from there. */
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { locate } from '../../platform/database/embedded/location.ts';
import { findServer } from '../../platform/database/embedded/server.ts';
import { emptyDatabase, testMasterKey } from '../support/platform/database.ts';
import { aDataDir } from '../support/platform/embedded.ts';
import { askExamples, listMissing } from '../support/policy/examples.ts';
import { endAllStarted, quick, type Started, startMain } from '../support/application/start.ts';

const cleaning: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await endAllStarted();
  for (const work of cleaning.splice(0).toReversed()) await work();
});
afterAll(endAllStarted);

async function aFolder(): Promise<string> {
  const { dataDir, remove } = await aDataDir();
  cleaning.push(remove);
  return dataDir;
}

/** Lets a start say something, waits so many milliseconds, and kills it. */
async function killAt(started: Started, line: string, milliseconds: number): Promise<void> {
  await started.says(line);
  await pause(milliseconds);
  await started.end('SIGKILL');
}

async function expectAllRight(service: Started): Promise<void> {
  await service.ready();
  const manifest = await service.manifest();
  const { wrong, answered } = await askExamples(manifest);
  expect(wrong).toEqual([]);
  expect(answered.length).toBeGreaterThanOrEqual(15);
  expect(await listMissing(manifest, answered)).toEqual([]);
}

describe('a start that is killed', () => {
  it('while it makes and starts the database leaves nothing that the next one stumbles over', async () => {
    const dataDir = await aFolder();
    await killAt(startMain({ dataDir }), 'making the database', 0);
    await killAt(startMain({ dataDir }), 'making the database', 300);
    await killAt(startMain({ dataDir }), 'starting PostgreSQL', 0);
    await killAt(startMain({ dataDir }), 'is ready; its data', 150);
    await expectAllRight(startMain({ dataDir }));
    const { home } = await locate(dataDir);
    expect((await readdir(home)).toSorted()).toEqual(['data', 'password', 'server.log']);
  });

  it('at any moment of loading the demo region goes on there at the next start', async () => {
    const dataDir = await aFolder();
    const { ownerUrl, drop } = await emptyDatabase();
    cleaning.push(drop);
    const environment = {
      DATABASE_URL: ownerUrl,
      KEY_ENCRYPTION_KEY: testMasterKey.toString('base64'),
      DEMO: 'yes',
      ...quick,
    };
    const steps = ['agencies, teams and people', 'passwords for', 'keys, officers and signed protocols'];
    // Each kill finds the database as the one before left it.
    for (const [step, milliseconds] of steps.flatMap((one) => [5, 120, 300].map((after) => [one, after] as const))) {
      const started = startMain({ dataDir, environment });
      // Where the step was done at an earlier start, this one is killed once it is ready.
      await Promise.any([killAt(started, step, milliseconds), started.ready()]);
      await started.end('SIGKILL');
    }
    await expectAllRight(startMain({ dataDir, environment }));
  });
});

describe('a start that is interrupted by Ctrl-C', () => {
  it.each(['making the database', 'starting PostgreSQL', 'agencies, teams and people'])(
    'at "%s" ends in time, with code 0 and no complaint, and leaves no PostgreSQL running',
    async (line) => {
      const dataDir = await aFolder();
      const started = startMain({ dataDir });
      await started.says(line);
      const { code, milliseconds } = await started.end('SIGINT');
      expect({ code, said: started.said() }).toEqual({ code: 0, said: expect.stringMatching(/Stopping …\n$/) });
      expect(milliseconds).toBeLessThan(5_000);
      expect(await findServer(`${(await locate(dataDir)).home}/data`)).toBeUndefined();
    },
  );
});
