/** One run of graphile-worker: started, watched, and stopped within its time. */
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { parseCronItems, run, type TaskList, type WorkerPool } from 'graphile-worker';
import type pg from 'pg';
import type { Logger } from 'pino';
import { workerLogger } from './log.ts';
import { keepPresence } from './presence.ts';
import { guardTask, type Task } from './task.ts';

export type CronItem = {
  task: string;
  /** Five fields, in UTC: minute, hour, day, month, weekday. */
  pattern: string;
  /** After a pause of the service, make up for a run missed in the last so many seconds. */
  catchUp?: number;
};

export type WorkerOptions = {
  /** A direct connection (LISTEN does not pass a transaction pooler), as the application. */
  url: string;
  tasks: Record<string, Task>;
  cron?: CronItem[];
  logger: Logger;
  /** Jobs at once. */
  concurrency?: number;
};

export type Running = {
  /** Settles when the run ended, for whatever reason. */
  ended: Promise<void>;
  stop(): Promise<void>;
};

export const defaultConcurrency = 4;

/** Milliseconds after which running tasks are told to give up, and after which their jobs are handed back to the queue. */
const tellAfterMs = 1_000;
const handBackAfterMs = 2_000;
/** Milliseconds that a run which ends by itself has for it; the next run begins then at the latest. */
const endAfterMs = 5_000;

/** Starts working on the queue; throws when it cannot be reached. */
export async function runWorkerPool(options: WorkerOptions, pool: pg.Pool): Promise<Running> {
  const events = new EventEmitter();
  const handedBack = new AbortController();
  let workers: WorkerPool | undefined;
  // A run that could not note how a job ended closes itself, and now and then waits for ever to have closed.
  const gaveUp = new Promise<void>((resolve) => {
    events.once('pool:gracefulShutdown', () => void delay(endAfterMs, undefined, { ref: false }).then(resolve));
  });
  // By itself too it may stop with jobs running.
  events.once('pool:forcefulShutdown', () => handedBack.abort());
  events.once('pool:create', (event: { workerPool: WorkerPool }) => void (workers = event.workerPool));
  const runner = await run({
    pgPool: pool,
    taskList: toTaskList(options, handedBack.signal),
    parsedCronItems: parseCronItems((options.cron ?? []).map(toCronItem)),
    concurrency: options.concurrency ?? defaultConcurrency,
    noHandleSignals: true,
    gracefulShutdownAbortTimeout: tellAfterMs,
    // Noted one by one, how a job ended is sent without anybody hearing whether that worked: a failure would end the process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    logger: workerLogger(options.logger),
    events,
  });
  if (workers === undefined) throw new Error('graphile-worker made no pool');
  const held = workers;
  const leave = keepPresence(options, held.id);
  const ended = Promise.race([runner.promise, gaveUp])
    .catch((err: unknown) => options.logger.error({ err }, 'jobs: worker ended'))
    .then(() => {
      handedBack.abort();
      runner.stop().catch(() => undefined); // also what plans jobs by the clock
      return leave();
    });
  const stop = async (): Promise<void> => {
    const stopped = runner.stop().catch(() => ended);
    const inTime = await Promise.race([stopped.then(() => true), delay(handBackAfterMs, false, { ref: false })]);
    if (inTime) return;
    handedBack.abort();
    await Promise.resolve(held.forcefulShutdown('The process stops')).catch(() => undefined);
  };
  return { ended, stop };
}

function toTaskList({ tasks, logger }: WorkerOptions, handedBack: AbortSignal): TaskList {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, guardTask(name, task, logger, handedBack)]),
  );
}

function toCronItem({ task, pattern, catchUp = 0 }: CronItem): Parameters<typeof parseCronItems>[0][number] {
  // The key keeps runs of a slow task from piling up.
  return {
    task,
    match: pattern,
    identifier: task,
    options: { backfillPeriod: catchUp * 1000, jobKey: `cron:${task}` },
  };
}
