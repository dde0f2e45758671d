/** What access tokens of people carry beside the standard claims: session, grant and post, so that use can be checked. */
import type { AccessToken, ClientCredentials, KoaContextWithOIDC } from 'oidc-provider';
import { errors } from 'oidc-provider';
import type { Database } from '../../platform/database/database.ts';
import { findGrantPost } from '../sessions/grant_post.ts';

/** Extra claims of one token; none for a system's own. A grant that lost its post in this moment gives no token. */
export async function extraTokenClaims(
  db: Database,
  ctx: KoaContextWithOIDC,
  token: AccessToken | ClientCredentials,
): Promise<Record<string, unknown> | undefined> {
  if (token.kind !== 'AccessToken') return undefined;
  const grant = token.grantId;
  const bound = grant === undefined ? undefined : await findGrantPost(db, grant);
  if (bound === undefined) throw new errors.InvalidGrant('grant not found');
  const source = ctx.oidc.entities.AuthorizationCode ?? ctx.oidc.entities.RefreshToken;
  return {
    sid: bound.session,
    grant: bound.grant,
    post: bound.post,
    acr: source?.acr,
    amr: source?.amr,
    auth_time: source?.authTime,
  };
}
