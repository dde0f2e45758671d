/** What a task is, and how one is run so that its failure is told in our way. */
import type { Task as WorkerTask } from 'graphile-worker';
import type { Logger } from 'pino';
import { scrub } from '../telemetry/describe_error.ts';

/** Work on one payload. It may run again after a failure or a kill, so it must bear repetition. */
export type Task = (payload: unknown, helpers: TaskHelpers) => Promise<void>;

type TaskHelpers = {
  jobId: string;
  /** 1 for the first try. */
  attempt: number;
  /** Set when the process is about to stop; a long task should give up then, and will be run again. */
  signal: AbortSignal;
};

/**
 * Runs a task so that its failure is logged, and stored without what the error may quote. Once `handedBack` is set, the
 * job belongs to the queue again: how this try ends must not reach the library, which would use a pool that is closed.
 */
export function guardTask(name: string, task: Task, logger: Logger, handedBack: AbortSignal): WorkerTask {
  return async (payload, { job, abortSignal }) => {
    try {
      await task(payload, { jobId: job.id, attempt: job.attempts, signal: abortSignal });
      if (handedBack.aborted) await never();
    } catch (err) {
      if (handedBack.aborted) await never();
      const line = { task: name, jobId: job.id, attempt: job.attempts, err };
      if (job.attempts >= job.max_attempts) logger.error(line, 'job given up');
      else logger.warn(line, 'job failed, will be tried again');
      throw new Error(scrub(err instanceof Error ? err.message : 'failed'), { cause: err });
    }
  };
}

function never(): Promise<void> {
  return new Promise(() => undefined);
}
