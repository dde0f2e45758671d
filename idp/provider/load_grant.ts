/** Finds or makes the grant of one session at one partner system: no consent page, but always a post. */
import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import type { IdentityContext } from '../context.ts';
import { bindGrantToPost, findGrantPost } from '../sessions/grant_post.ts';
import { listChoosablePosts } from '../sessions/choosable_posts.ts';
import { bindSignIn } from '../sessions/sign_in.ts';
import { scopes } from './scopes.ts';

/** What our sign-in pages hand back to the provider, beside what the library knows. */
export type InteractionResult = {
  login: { accountId: string; acr: string; amr: string[]; ts: number; remember: boolean; signIn: string };
  select_post: { post: string };
  consent: Record<string, never>;
};

/**
 * The grant to go on with, or undefined when a post has to be chosen first. Registered partner systems get the scopes they
 * are registered for, so nobody is asked to consent. With one post there is nothing to choose; another choice than before
 * makes a new grant and ends the old one with its tokens.
 */
export async function loadGrant(context: IdentityContext, ctx: KoaContextWithOIDC): Promise<Grant | undefined> {
  const { session, client, provider } = ctx.oidc;
  const practitioner = session?.accountId;
  if (session === undefined || client === undefined || practitioner === undefined) return undefined;
  const result = ctx.oidc.result as Partial<InteractionResult> | undefined;
  if (result?.login !== undefined) await bindSignIn(context.db, result.login.signIn, session.uid, practitioner);
  session.ensureClientContainer(client.clientId);
  // One name for the session everywhere: in ID tokens, access tokens and logout tokens alike.
  session.sidFor(client.clientId, session.uid);

  const held = await findHeld(context, ctx);
  const isFresh = held !== undefined && (result?.login === undefined || held.grantedAt >= result.login.ts);
  const asked = result?.select_post?.post;
  if (held !== undefined && isFresh && (asked === undefined || asked === held.post)) return cover(held.grant, ctx);

  const posts = await listChoosablePosts(context, practitioner, session.uid);
  const wanted = asked ?? held?.post ?? (posts.length === 1 ? posts[0]?.id : undefined);
  const post = posts.find(({ id }) => id === wanted);
  if (post === undefined) return undefined;
  const grant = new provider.Grant({ accountId: practitioner, clientId: client.clientId });
  addScopes(grant, ctx);
  const id = await grant.save();
  await bindGrantToPost(context, {
    grant: id,
    session: session.uid,
    practitioner,
    client: client.clientId,
    post,
    replaces: held?.grant.jti,
  });
  return grant;
}

async function findHeld(
  context: IdentityContext,
  ctx: KoaContextWithOIDC,
): Promise<{ grant: Grant; post: string; grantedAt: number } | undefined> {
  const id = ctx.oidc.session?.grantIdFor(ctx.oidc.client?.clientId ?? '');
  const grant = id === undefined ? undefined : await ctx.oidc.provider.Grant.find(id);
  const bound = grant && (await findGrantPost(context.db, grant.jti));
  // A grant of somebody who was signed in before in this browser is not this person's.
  if (grant === undefined || bound === undefined || bound.practitioner !== ctx.oidc.session?.accountId)
    return undefined;
  return { grant, post: bound.post, grantedAt: bound.grantedAt };
}

/** Adds scopes that the partner system was registered for after the grant was made. */
async function cover(grant: Grant, ctx: KoaContextWithOIDC): Promise<Grant> {
  const before = JSON.stringify([grant.openid, grant.resources]);
  addScopes(grant, ctx);
  if (JSON.stringify([grant.openid, grant.resources]) !== before) await grant.save();
  return grant;
}

function addScopes(grant: Grant, ctx: KoaContextWithOIDC): void {
  const registered = (ctx.oidc.client?.scope ?? '').split(' ').filter((scope) => scopes.person.has(scope));
  grant.addOIDCScope(registered.join(' '));
  for (const [resource, server] of Object.entries(ctx.oidc.resourceServers ?? {})) {
    const offered = registered.filter((scope) => server.scopes.has(scope));
    if (offered.length > 0) grant.addResourceScope(resource, offered.join(' '));
  }
}
