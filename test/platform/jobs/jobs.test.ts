import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { sql } from '../../../platform/database/sql.ts';
import { transaction } from '../../../platform/database/transaction.ts';
import { enqueue } from '../../../platform/jobs/enqueue.ts';
import { migrateJobs } from '../../../platform/jobs/migrate.ts';
import { startWorker as start } from '../../../platform/jobs/worker.ts';
import { testDatabase, type TestDatabase } from '../../support/platform/database.ts';
import { startRelay } from '../../support/platform/relay.ts';
import { memoryLogger, waitFor } from '../../support/platform/web.ts';

let database: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  await migrateJobs(database.ownerUrl);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  owner.on('error', () => undefined);
  await owner.connect();
});
/** One that a test which failed left running would take the jobs of the next. */
afterEach(async () => {
  for (const stop of running) await stop();
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

const running = new Set<() => Promise<void>>();
const startWorker: typeof start = async (options) => {
  const worker = await start(options);
  const stop = async (): Promise<void> => {
    running.delete(stop);
    await worker.stop();
  };
  running.add(stop);
  return { stop };
};

const jobs = async (): Promise<{ locked_by: string | null; attempts: number; last_error: string | null }[]> =>
  (await owner.query('select locked_by, attempts, last_error from graphile_worker._private_jobs order by id')).rows;

describe('a job', () => {
  test('runs within a second of the commit, and not after a rollback', async () => {
    const { logger, lines } = memoryLogger();
    const ran: { payload: unknown; at: number }[] = [];
    const worker = await startWorker({
      url: database.url,
      tasks: { note: async (payload) => void ran.push({ payload, at: performance.now() }) },
      logger,
    });
    await delay(100);
    const refused = transaction(database.db, {}, async (tx) => {
      await enqueue(tx, 'note', { n: 'rolled back' });
      throw new Error('changed my mind');
    });
    await expect(refused).rejects.toThrow('changed my mind');
    await transaction(database.db, {}, (tx) => enqueue(tx, 'note', { n: 'committed' }));
    const committed = performance.now();
    await waitFor(() => ran.length > 0);
    expect(ran[0]!.at - committed).toBeLessThan(1000);
    await delay(300);
    await worker.stop();
    expect(ran.map(({ payload }) => payload)).toEqual([{ n: 'committed' }]);
    expect(await jobs()).toEqual([]);
    expect(lines.join('')).not.toContain('rolled back');
  });

  test('that fails is tried again, and neither log nor database keeps what the error quoted', async () => {
    const { logger, lines } = memoryLogger();
    let tries = 0;
    const worker = await startWorker({
      url: database.url,
      tasks: {
        shaky: async (_payload, { attempt }) => {
          tries = attempt;
          throw new Error('550 no mailbox jo.smith@gateshead.example');
        },
      },
      logger,
    });
    await enqueue(database.db, 'shaky', { to: 'jo.smith@gateshead.example' });
    await waitFor(() => tries >= 2);
    await worker.stop();
    const [job] = await jobs();
    expect(job?.last_error).toContain('550 no mailbox [e-mail]');
    expect(lines.join('')).toContain('job failed, will be tried again');
    expect(lines.join('')).not.toContain('jo.smith');
    await owner.query('delete from graphile_worker._private_jobs');
  });

  test('that is still running when the process stops is told, and handed back within three seconds', async () => {
    let told = false;
    let started = false;
    let ended = false;
    const worker = await startWorker({
      url: database.url,
      tasks: {
        slow: async (_payload, { signal }) => {
          started = true;
          signal.addEventListener('abort', () => (told = true));
          await delay(3500);
          ended = true;
        },
      },
      logger: memoryLogger().logger,
    });
    await enqueue(database.db, 'slow', {});
    await waitFor(() => started);
    const before = performance.now();
    await worker.stop();
    expect(performance.now() - before).toBeLessThan(3000);
    expect(told).toBe(true);
    expect(await jobs()).toMatchObject([{ locked_by: null, attempts: 1 }]);
    // The try that goes on in the stopped worker ends in silence, and the job stays in the queue.
    await waitFor(() => ended);
    await delay(100);
    expect(await jobs()).toMatchObject([{ locked_by: null, attempts: 1 }]);
    await owner.query('delete from graphile_worker._private_jobs');
  });

  test('that ends while the process stops is finished, not repeated', async () => {
    let done = 0;
    let started = false;
    const tasks = {
      short: async () => {
        started = true;
        await delay(600);
        done += 1;
      },
    };
    const worker = await startWorker({ url: database.url, tasks, logger: memoryLogger().logger });
    await enqueue(database.db, 'short', {});
    await waitFor(() => started);
    await worker.stop();
    expect(done).toBe(1);
    expect(await jobs()).toEqual([]);
  });

  test('may be put off, and replaced by its key', async () => {
    await enqueue(database.db, 'later', { n: 1 }, { runAt: Date.now() / 1000 + 3600, key: 'k' });
    await enqueue(database.db, 'later', { n: 2 }, { runAt: Date.now() / 1000 + 7200, key: 'k', maxAttempts: 3 });
    const { rows } = await owner.query(
      "select payload, max_attempts, run_at > now() + interval '90 minutes' as late from graphile_worker._private_jobs",
    );
    expect(rows).toEqual([{ payload: { n: 2 }, max_attempts: 3, late: true }]);
    await owner.query('delete from graphile_worker._private_jobs');
  });
});

describe('the worker', () => {
  test('goes on after every connection was cut', async () => {
    const { logger, lines } = memoryLogger('debug');
    const ran: unknown[] = [];
    const worker = await startWorker({
      url: database.url,
      tasks: { note: async (payload) => void ran.push(payload) },
      logger,
    });
    await enqueue(database.db, 'note', { n: 1 });
    await waitFor(() => ran.length === 1);
    // Cut in the middle of noting that it is done, a job is simply run again; here the second one is to be counted.
    while ((await jobs()).length > 0) await delay(20);
    await owner.query(
      // Only of this database: the server is shared with other test runs.
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name like 'wayleave-%' and datname = current_database()`,
    );
    await delay(200);
    await owner.query("select graphile_worker.add_job('note', '{\"n\":2}')");
    await waitFor(() => ran.length === 2);
    await worker.stop();
    expect(lines.join('')).toContain('connection lost');
  });

  test.each(['57P01', '25006', '53100', 'XX000'])(
    'lives when how a job ended cannot be noted (%s), and goes on',
    async (code) => {
      const ran: unknown[] = [];
      await owner.query(`
        create function refuse() returns trigger language plpgsql as
          $$ begin raise exception 'no' using errcode = '${code}'; end $$;
        create trigger refuse before delete on graphile_worker._private_jobs for each row execute function refuse();`);
      const { logger, lines } = memoryLogger();
      const worker = await startWorker({
        url: database.url,
        tasks: { note: async (payload) => void ran.push(payload) },
        cron: [{ task: 'note', pattern: '0 4 * * *' }],
        logger,
      });
      await enqueue(database.db, 'note', { n: 1 });
      await waitFor(() => lines.join('').includes('Failed to complete jobs'));
      await owner.query('drop function refuse() cascade');
      await waitFor(() => lines.join('').includes('worker started again'));
      await enqueue(database.db, 'note', { n: 2 });
      await waitFor(() => ran.length === 2);
      while ((await jobs()).length > 1) await delay(20);
      await worker.stop();
      // The first is still held by the run that ended; it is run again once that run has been gone for a minute.
      expect(await jobs()).toMatchObject([{ attempts: 1, locked_by: expect.stringMatching(/^pool-/) }]);
      await owner.query('delete from graphile_worker._private_jobs');
    },
  );

  test('notes how a job ended that ended while the database was away, once it is back', async () => {
    const relay = await startRelay(Number(new URL(database.url).port));
    const url = new URL(database.url);
    url.port = String(relay.port);
    const { logger, lines } = memoryLogger();
    let [ran, finish] = [0, (): void => undefined];
    const held = new Promise<void>((resolve) => (finish = resolve));
    const note = async (): Promise<void> => {
      ran += 1;
      await held;
    };
    const worker = await startWorker({ url: url.href, tasks: { note }, logger });
    await enqueue(database.db, 'note', {});
    await waitFor(() => ran === 1);
    relay.cut();
    await waitFor(() => lines.join('').includes('the database is away'));
    finish();
    await delay(0);
    relay.to(Number(new URL(database.url).port));
    await waitFor(() => lines.join('').includes('the database is back'));
    while ((await jobs()).length > 0) await delay(20);
    await worker.stop();
    await relay.close();
    expect(ran).toBe(1);
  });

  test('starts again after its loops gave up', async () => {
    const { logger } = memoryLogger();
    const ran: unknown[] = [];
    const worker = await startWorker({
      url: database.url,
      tasks: { note: async (payload) => void ran.push(payload) },
      cron: [{ task: 'note', pattern: '0 4 * * *' }],
      logger,
    });
    // A breaking migration by a newer program makes the library shut itself down.
    await owner.query(`select pg_notify('worker:migrate', '{"breaking":true,"migrationNumber":99}')`);
    await delay(1500);
    await enqueue(database.db, 'note', { n: 3 });
    await waitFor(() => ran.length === 1);
    process.exitCode = 0;
    await worker.stop();
  });

  test('frees what a killed process held, and leaves alone what a living one holds', async () => {
    await enqueue(database.db, 'note', { n: 'held by the dead' });
    await owner.query(
      `update graphile_worker._private_jobs set locked_by = 'pool-of-a-killed-process', locked_at = now() - interval '2 minutes', attempts = 1`,
    );
    const speaker = new pg.Client({ connectionString: database.url, application_name: 'wayleave-worker:pool-alive' });
    await speaker.connect();
    await enqueue(database.db, 'note', { n: 'held by the living' });
    await owner.query(
      `update graphile_worker._private_jobs set locked_by = 'pool-alive', locked_at = now() - interval '2 minutes', attempts = 1
       where payload->>'n' = 'held by the living'`,
    );
    const ran: unknown[] = [];
    const worker = await startWorker({
      url: database.url,
      tasks: { note: async (payload) => void ran.push(payload) },
      logger: memoryLogger().logger,
    });
    await waitFor(() => ran.length > 0);
    await delay(200);
    await worker.stop();
    await speaker.end();
    expect(ran).toEqual([{ n: 'held by the dead' }]);
    await owner.query('delete from graphile_worker._private_jobs');
  });

  test('says so at once when the queue cannot be reached', async () => {
    const url = database.url.replace(/:\d+\//, ':1/');
    await expect(startWorker({ url, tasks: {}, logger: memoryLogger().logger })).rejects.toThrow();
  });
});

describe('the application role', () => {
  test('can use the queue and cannot change its structure', async () => {
    await expect(database.db.query(sql`drop table graphile_worker._private_jobs`)).rejects.toThrow(/must be owner/);
    await migrateJobs(database.ownerUrl); // again: idempotent
    await enqueue(database.db, 'note', { n: 1 });
    expect(await jobs()).toHaveLength(1);
    await owner.query('delete from graphile_worker._private_jobs');
  });
});
