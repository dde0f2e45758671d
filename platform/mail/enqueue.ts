/** Sends a message with the transaction that gives the reason for it: through the queue, with retries. */
import type { Queryable } from '../database/database.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { uuidv7 } from '../uuid.ts';
import { type Mail, requireMail } from './message.ts';

export const sendMailTaskName = 'send-mail';

/** Tries for about three days. */
const maxAttempts = 20;

/** Queues a message; it leaves once the transaction has committed. */
export async function enqueueMail(tx: Queryable, mail: Mail): Promise<void> {
  await enqueue(tx, sendMailTaskName, { id: uuidv7(), ...requireMail(mail) }, { maxAttempts });
}
