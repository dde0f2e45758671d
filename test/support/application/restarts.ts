/** The whole service under load, with jobs running, while its PostgreSQL ends and comes back in every way that a server ends. */
import { setTimeout as pause } from 'node:timers/promises';
import { appUrl } from '../../../platform/app_role.ts';
import { openDatabase } from '../../../platform/database/database.ts';
import { findServer } from '../../../platform/database/embedded/server.ts';
import { type Embedded, startEmbedded } from '../../../platform/database/embedded/start.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import { testMasterKey } from '../platform/server.ts';
import { aDataDir, ask } from '../platform/embedded.ts';
import { createCaller } from '../platform/processes.ts';
import { startRelay } from '../platform/relay.ts';
import { databaseUrl } from '../platform/template.ts';
import { type Answered, listUnrecorded, startLoad } from './load.ts';
import { quick, startMain } from './start.ts';

/** Fast and immediate shutdown, and the end that nobody announces. */
const ways = { fast: 'SIGINT', immediate: 'SIGQUIT', 'kill -9': 'SIGKILL' } as const;

/** Decisions answered before the next end, so that it comes under load. */
const loaded = 200;

export type Restart = {
  way: keyof typeof ways;
  /** Jobs that were running when the server ended. */
  jobs: number;
  /** Decisions answered since the restart before. */
  answers: number;
  unrecorded: number;
  /** Milliseconds from the moment at which the database took connections to the first decision answered. */
  back: number;
};

type Outcome = { restarts: Restart[]; /** Undefined: it ran to the end. */ ended?: string; said: string };

/** Runs `main.ts` on a server of its own, and restarts that so many times, in the three ways in turns. `say` hears of each. */
export async function restartUnderLoad(count: number, say: (restart: Restart) => void): Promise<Outcome> {
  const [own, data] = [await aDataDir(), await aDataDir()];
  let server = await startEmbedded(own.dataDir);
  await ask(server.url, 'create database restarts');
  const relay = await startRelay(portOf(server));
  const DATABASE_URL = databaseUrl(Object.assign(new URL(server.url), { port: relay.port }).href, 'restarts');
  const KEY_ENCRYPTION_KEY = testMasterKey.toString('base64');
  const environment = { ...quick, DATABASE_URL, KEY_ENCRYPTION_KEY, DEMO: 'yes', LOG_LEVEL: 'warn' };
  const service = startMain({ dataDir: data.dataDir, environment });
  const close = async (): Promise<void> => {
    await service.end('SIGKILL');
    await relay.close();
    await server.stop();
    for (const { remove } of [data, own]) await remove();
  };
  try {
    const address = await service.ready();
    const db = openDatabase(appUrl(DATABASE_URL, testMasterKey));
    const caller = createCaller(await service.manifest());
    const answers: Answered[] = [];
    let heard = (): void => undefined;
    const onAnswer = (answered: Answered): void => {
      answers.push(answered);
      heard();
    };
    const answered = (): Promise<void> => new Promise((resolve) => (heard = resolve));
    const load = startLoad({
      caller,
      manifest: await service.manifest(),
      address,
      lanes: 24,
      onAnswer,
      mayRefuse: [503],
    });
    const work = keepJobsRunning(DATABASE_URL);
    const restarts: Restart[] = [];
    for (let number = 0; number < count && service.child.exitCode === null; number += 1) {
      const way = (Object.keys(ways) as Restart['way'][])[number % 3]!;
      while (answers.length < loaded && service.child.exitCode === null)
        await Promise.race([answered(), load.failed, service.ended]);
      const jobs = await runningJobs(DATABASE_URL);
      await end(server, way);
      relay.cut();
      server = await startEmbedded(own.dataDir);
      const [began, back] = [performance.now(), answered()];
      relay.to(portOf(server));
      await Promise.race([back, load.failed, service.ended, pause(30_000, undefined, { ref: false })]);
      const took = performance.now() - began;
      const given = answers.splice(0);
      const unrecorded = (await listUnrecorded(db, given)).length;
      restarts.push({ way, jobs, answers: given.length, unrecorded, back: took });
      say(restarts.at(-1)!);
    }
    work.stop();
    await load.stop();
    await db.close();
    caller.close();
    const ended = service.child.exitCode === null ? {} : { ended: `code ${service.child.exitCode}` };
    return { restarts, ...ended, said: service.said() };
  } finally {
    await close();
  }
}

function portOf(server: Embedded): number {
  return Number(new URL(server.url).port);
}

/** Ends the server and waits until it is gone. */
async function end(server: Embedded, way: Restart['way']): Promise<void> {
  const found = await findServer(server.location);
  if (found !== undefined) process.kill(found.pid, ways[way]);
  while ((await findServer(server.location)) !== undefined) await pause(5);
}

/** Jobs that ask the database and jobs that do not, more than can be worked off, whenever there is a database to take them. */
function keepJobsRunning(url: string): { stop(): void } {
  const mail = JSON.stringify({ id: uuidv7(), to: 'desk@example.org', subject: 'Load', text: 'Load.' });
  const add = `
    select graphile_worker.add_job('gather-duties'), graphile_worker.add_job('send-mail', '${mail}')
    from generate_series(1, 20) where (select count(*) from graphile_worker._private_jobs) < 100`;
  let going = true;
  const feed = async (): Promise<void> => {
    for (; going; await pause(20)) await ask(url, add).catch(() => undefined);
  };
  void feed();
  return { stop: () => void (going = false) };
}

async function runningJobs(url: string): Promise<number> {
  for (;;) {
    const [row] = await ask<{ running: number }>(
      url,
      'select count(*)::int as running from graphile_worker._private_jobs where locked_by is not null',
    );
    if (row!.running > 0) return row!.running;
  }
}
