/** The library's view of a person: somebody whose standing, read at this very use, still lets them sign in. */
import type { Account, KoaContextWithOIDC } from 'oidc-provider';
import { findActiveStanding, type IdentityContext } from '../context.ts';
import { findGrantPost } from '../sessions/grant_post.ts';
import { claimsOf } from './claims.ts';

type Source = { grantId?: string | undefined; acr?: string | undefined };

/** The account, or undefined for somebody unknown, suspended or departed: every token of theirs is refused from then on. */
export async function findAccount(
  context: IdentityContext,
  ctx: KoaContextWithOIDC,
  sub: string,
  source?: unknown,
): Promise<Account | undefined> {
  if ((await findActiveStanding(context, sub)) === undefined) return undefined;
  return {
    accountId: sub,
    claims: async () => {
      const standing = await findActiveStanding(context, sub);
      if (standing === undefined) return { sub };
      const token = source as Source | undefined;
      const grant = ctx.oidc.entities.Grant?.jti ?? token?.grantId;
      const bound = grant === undefined ? undefined : await findGrantPost(context.db, grant);
      return { ...claimsOf(standing, bound?.post, token?.acr, context.clock()), sub };
    },
  };
}
