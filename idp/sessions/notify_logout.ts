/** Telling partner systems that a session ended (OpenID Connect Back-Channel Logout), until they have heard it. */
import { z } from 'zod';
import type { Queryable } from '../../platform/database/database.ts';
import { enqueue } from '../../platform/jobs/enqueue.ts';
import type { IdentityContext } from '../context.ts';
import type { Providers } from '../provider/providers.ts';

/** Name of the job. */
export const notifyLogoutTask = 'notify-logout';

const payload = z.object({ client: z.string(), practitioner: z.string(), session: z.string() });

export type LogoutNotice = z.output<typeof payload>;

/** Queues the notice in the transaction that ended the session. Tried for about a day. */
export async function queueLogoutNotice(tx: Queryable, notice: LogoutNotice): Promise<void> {
  await enqueue(tx, notifyLogoutTask, notice, { maxAttempts: 15 });
}

/** The job: sends one signed notice; a partner system that does not answer 200 makes it fail, and it is tried again. */
export function createNotifyLogout(context: IdentityContext, providers: Providers): (input: unknown) => Promise<void> {
  return async (input) => {
    const { client: clientId, practitioner, session } = payload.parse(input);
    await context.log.fence.catchUp();
    const { provider } = await providers.current();
    const client = (await provider.Client.find(clientId)) as
      { backchannelLogoutUri?: string; backchannelLogout(sub: string, sid: string): Promise<void> } | undefined;
    if (client?.backchannelLogoutUri === undefined) return;
    await client.backchannelLogout(practitioner, session);
  };
}
