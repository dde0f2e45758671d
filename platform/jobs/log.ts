/** graphile-worker's own messages in our log, without the payloads and error texts that they carry. */
import { Logger as WorkerLogger } from 'graphile-worker';
import type { Logger } from 'pino';
import { scrub } from '../telemetry/describe_error.ts';

/** What the library says at `info` happens with every job, so it counts as debug here. */
export function workerLogger(logger: Logger): WorkerLogger {
  return new WorkerLogger((scope) => (level, message) => {
    const line = { component: 'jobs', ...(scope.taskIdentifier === undefined ? {} : { task: scope.taskIdentifier }) };
    // A failed task is reported by `startWorker`, with a described error in place of this text.
    if (message.startsWith('Failed task')) return;
    const text = scrub(message.split('\n')[0] ?? '');
    if (level === 'error') logger.error(line, text);
    else if (level === 'warning') logger.warn(line, text);
    else logger.debug(line, text);
  });
}
