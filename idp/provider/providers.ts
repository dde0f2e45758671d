/** The OpenID provider of the present signing keys. The library fixes its keys when it is made, so new keys make a new one. */
import type Koa from 'koa';
import mount from 'koa-mount';
import Provider, { type JWK } from 'oidc-provider';
import type { IdentityContext } from '../context.ts';
import { queueLogoutNotice } from '../sessions/queue_logout_notice.ts';
import { createConfiguration } from './configuration.ts';
import { patch } from './patches.ts';

type Running = { provider: Provider; handle: Koa.Middleware };

export type Providers = {
  /** The provider with the keys of this deployment; `fresh` looks at the database first. */
  current(fresh?: boolean): Promise<Running>;
};

/** Keeps one provider per set of keys. State is in PostgreSQL and secrets are derived, so any of them can go on with any request. */
export function createProviders(context: IdentityContext, registeredUrls: ReadonlySet<string>): Providers {
  let running: { kids: string; value: Running } | undefined;
  return {
    current: async (fresh = false) => {
      if (fresh) await context.keys.reload();
      const keys = await context.keys.list('oidc');
      const kids = keys.map(({ kid }) => kid).join(' ');
      if (running?.kids !== kids) {
        running = {
          kids,
          value: build(
            context,
            keys.map(({ privateJwk }) => privateJwk as JWK),
            registeredUrls,
          ),
        };
      }
      return running.value;
    },
  };
}

function build(context: IdentityContext, keys: JWK[], registeredUrls: ReadonlySet<string>): Running {
  const { issuer } = context.config;
  const provider = new Provider(issuer, createConfiguration(context, keys, registeredUrls));
  patch(provider);
  provider.on('server_error', (ctx, error) => void (ctx.state.identityFailure = error));
  provider.on('grant.error', (ctx, error) => void (ctx.state.refusedGrant = error));
  // The library tells each partner system once; who did not hear it is told again by a job.
  provider.on('backchannel.error', (_ctx, _error, client, practitioner, session) => {
    queueLogoutNotice(context.db, { client: client.clientId, practitioner, session: session ?? '' }).catch(
      (err: Error) => context.logger.error({ err, client: client.clientId }, 'logout notice not queued'),
    );
  });
  return { provider, handle: mount(provider as unknown as Koa) };
}
