/** The job that tells a partner system that a session ended (OpenID Connect Back-Channel Logout), until it has heard it. */
import type { IdentityContext } from '../context.ts';
import { LogoutNotice } from '../sessions/queue_logout_notice.ts';
import type { Providers } from './providers.ts';

/** Sends one signed notice; a partner system that does not answer 200 makes the job fail, and it is tried again. */
export function createSendLogoutNotice(
  context: IdentityContext,
  providers: Providers,
): (input: unknown) => Promise<void> {
  return async (input) => {
    const { client: clientId, practitioner, session } = LogoutNotice.parse(input);
    await context.log.fence.catchUp();
    const { provider } = await providers.current();
    const client = (await provider.Client.find(clientId)) as
      { backchannelLogoutUri?: string; backchannelLogout(sub: string, sid: string): Promise<void> } | undefined;
    if (client?.backchannelLogoutUri === undefined) return;
    await client.backchannelLogout(practitioner, session);
  };
}
