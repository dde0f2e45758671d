/** The task that hands a queued message to the transport. */
import { z } from 'zod';
import type { Logger } from 'pino';
import type { Task } from '../jobs/worker.ts';
import type { MailTransport } from './transport.ts';

const payloadSchema = z.object({ id: z.uuid(), to: z.string(), subject: z.string(), text: z.string() });

/**
 * Sends one message. What the server refuses for good (a mailbox that does not exist) is logged and not tried again;
 * everything else is thrown, so that the queue repeats it.
 */
export function sendMailTask(transport: MailTransport, logger: Logger): Task {
  return async (payload, { jobId }) => {
    const { id, ...mail } = payloadSchema.parse(payload);
    try {
      await transport.send(id, mail);
    } catch (err) {
      if (!isPermanent(err)) throw err;
      logger.error({ jobId, mail: id, err }, 'message refused for good');
    }
  };
}

/** A 5xx answer to the recipient or the message itself; a refused sign-in is our configuration and can be mended. */
function isPermanent(error: unknown): boolean {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== undefined && responseCode >= 500;
}
