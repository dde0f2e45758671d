/** Telling partner systems that a session ended: the notice is queued in the transaction that ended it. */
import { z } from 'zod';
import type { Queryable } from '../../platform/database/database.ts';
import { enqueue } from '../../platform/jobs/enqueue.ts';

/** Name of the job that sends it. */
export const notifyLogoutTask = 'notify-logout';

export const LogoutNotice = z.object({ client: z.string(), practitioner: z.string(), session: z.string() });
export type LogoutNotice = z.output<typeof LogoutNotice>;

/** Queues the notice. Tried for about a day. */
export async function queueLogoutNotice(tx: Queryable, notice: LogoutNotice): Promise<void> {
  await enqueue(tx, notifyLogoutTask, notice, { maxAttempts: 15 });
}
