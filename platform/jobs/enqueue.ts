/** Puts work into the queue, in the transaction that makes it necessary: both happen, or neither does. */
import type { Queryable } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import type { JsonObject } from '../json.ts';

type EnqueueOptions = {
  /** Not before this moment, epoch seconds. */
  runAt?: number;
  /** Tries before it is given up; the waits between them grow from a second to hours. Default 25. */
  maxAttempts?: number;
  /** Jobs of one queue run one after the other. */
  queue?: string;
  /** Replaces a waiting job of the same key. */
  key?: string;
};

/** Adds a job; it runs some milliseconds after the transaction commits, at least once. */
export async function enqueue(
  tx: Queryable,
  task: string,
  payload: JsonObject,
  options: EnqueueOptions = {},
): Promise<void> {
  const runAt = options.runAt === undefined ? null : new Date(options.runAt * 1000);
  await tx.query(sql`
    select (graphile_worker.add_job(
      identifier => ${task}, payload => ${JSON.stringify(payload)}::json, queue_name => ${options.queue ?? null}::text,
      run_at => ${runAt}::timestamptz, max_attempts => ${options.maxAttempts ?? null}::integer,
      job_key => ${options.key ?? null}::text)).id`);
}
