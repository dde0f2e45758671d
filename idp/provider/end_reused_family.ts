/** Reuse of a refresh token that the library refuses before it asks whether the token was used already. */
import type Koa from 'koa';
import type { errors, KoaContextWithOIDC } from 'oidc-provider';
import type { IdentityContext } from '../context.ts';
import { revokeGrant } from '../sessions/revoke_grant.ts';
import { findGrantOfUsed } from './store/payload_store.ts';

/**
 * A used token in the hands of another partner system ends all that came of its grant, at any time: the grace for two requests at
 * the same moment is only for whom the token was given to.
 */
export async function endReusedFamily(context: IdentityContext, ctx: Koa.Context): Promise<void> {
  const refused = ctx.state.refusedGrant as errors.OIDCProviderError | undefined;
  const token = (ctx as Partial<KoaContextWithOIDC>).oidc?.params?.refresh_token;
  if (refused?.error !== 'invalid_grant' || typeof token !== 'string') return;
  const grant = await findGrantOfUsed(context.db, token);
  if (grant !== undefined) await revokeGrant(context, grant, 'code-or-token-reused');
}
