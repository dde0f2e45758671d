/** Identity: proves who is signing in, and tells partner systems and decisions who is there and in which post. */
import { join } from 'node:path';
import type Koa from 'koa';
import { listPartners } from '../directory/partners/find_partner.ts';
import type { Partner } from '../directory/partners/partner.ts';
import { cleanIdentity } from './clean_identity.ts';
import { createContext, type IdentityGround } from './context.ts';
import { createPasswordCheck } from './credentials/password_hash.ts';
import { createPresence, type Presence } from './presence/find_presence.ts';
import { createIssuer } from './provider/app.ts';
import { createProviders } from './provider/providers.ts';
import { continueSession } from './sessions/continue_session.ts';
import { endSession } from './sessions/end_session.ts';
import { endSessionsWithStanding } from './sessions/end_with_standing.ts';
import { createSendLogoutNotice } from './provider/send_logout_notice.ts';
import { notifyLogoutTask } from './sessions/queue_logout_notice.ts';
import { createSignInRoutes } from './sign-in/routes.ts';
import { createThrottle } from './throttle/throttle.ts';

export type Identity = {
  /** The OpenID issuer, to be mounted at `/oidc`. */
  app: Koa;
  /** The pages of sign-in, at `/sign-in/{uid}/…`. */
  routes: Koa.Middleware;
  /** Checks a person's access token: who is there, in which post; undefined when it is not good now. */
  findPresence(token: string): Promise<Presence | undefined>;
  /** True while the session (its `sid`) goes on; counts as use of it, so that it does not go idle. */
  continueSession(session: string): Promise<boolean>;
  /** Ends a session (its `sid`) and all that it gave. */
  endSession(session: string): Promise<void>;
  /** Jobs, and when they run. */
  tasks: Record<string, (payload: unknown) => Promise<void>>;
  cron: { task: string; pattern: string }[];
};

/** The templates of this floor, to be given to `createViews`. */
export const identityViews = join(import.meta.dirname, 'views');

/**
 * Opens identity on the ground; makes its signing keys if there are none. `own` are clients that belong to the service
 * itself, such as its web application; every other client is a partner system of the directory.
 */
export async function createIdentity(ground: IdentityGround, own: readonly Partner[] = []): Promise<Identity> {
  const context = createContext(ground, own);
  endSessionsWithStanding(context);
  await ground.keys.ensure('oidc', ['RS256', 'ES256']);
  const registeredUrls = await followRegisteredUrls(context);
  const providers = createProviders(context, registeredUrls);
  const throttle = createThrottle(ground.db, ground.config.masterKey, ground.clock);
  const checkPassword = await createPasswordCheck(ground.config.passwordHash);
  return {
    app: createIssuer(context, providers),
    routes: createSignInRoutes({ ...context, providers, throttle, checkPassword }),
    findPresence: createPresence(context),
    continueSession: (session) => continueSession(context, session),
    endSession: (session) => endSession(context, session, 'ended-by-person'),
    tasks: {
      'clean-identity': async () => void (await cleanIdentity(context)),
      [notifyLogoutTask]: createSendLogoutNotice(context, providers),
    },
    cron: [{ task: 'clean-identity', pattern: '*/15 * * * *' }],
  };
}

/** Addresses where partner systems take logout notices, kept as the directory changes. */
async function followRegisteredUrls({ db, log }: IdentityGround): Promise<ReadonlySet<string>> {
  const urls = new Set<string>();
  const read = async () => {
    const partners = await listPartners(db);
    urls.clear();
    for (const { backchannelLogoutUri } of partners) {
      if (backchannelLogoutUri !== undefined) urls.add(new URL(backchannelLogoutUri).href);
    }
  };
  log.fence.onChange('partner', read);
  await read();
  return urls;
}
