/** The OpenID provider's storage: one store for each kind of thing that it keeps. */
import Provider, { type AdapterFactory } from 'oidc-provider';
import type { IdentityContext } from '../../context.ts';
import type { EndReason } from '../../sessions/end_session.ts';
import { revokeGrant } from '../../sessions/revoke_grant.ts';
import { createClientStore } from './client_store.ts';
import { createGrantStore } from './grant_store.ts';
import { createPayloadStore } from './payload_store.ts';
import { createReplayStore } from './replay_store.ts';
import { createSessionStore } from './session_store.ts';

/** The adapter that the library asks for a store by the name of the model. */
export function createAdapter(context: IdentityContext): AdapterFactory {
  const reused = (grantId: string) => revokeGrant(context, grantId, 'code-or-token-reused');
  return (model) => {
    switch (model) {
      case 'Client':
        return createClientStore(context);
      case 'Session':
        return createSessionStore(context);
      case 'Grant':
        return createGrantStore(context, reasonOfRoute);
      case 'ReplayDetection':
        return createReplayStore(context);
      default:
        return createPayloadStore(context, model, reused);
    }
  };
}

type Context = { oidc?: { route?: string; params?: { logout?: unknown } } };

/**
 * The library revokes grants at three of its endpoints; which one it is says why. Undefined: the whole session is about to
 * end, and takes its grants with it in one transaction.
 */
function reasonOfRoute(): EndReason | undefined {
  const oidc = (Provider.ctx as Context | undefined)?.oidc;
  if (oidc?.route === 'token') return 'code-or-token-reused';
  if (oidc?.route === 'revocation') return 'revoked-by-partner';
  return oidc?.route === 'end_session_confirm' && oidc.params?.logout !== undefined ? undefined : 'signed-out';
}
