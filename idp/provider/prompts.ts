/** When the provider must show a page before it answers a partner system: sign in, choose a post. */
import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { levelOf, reachable, requiredLevel } from './levels.ts';

const { base, Check, Prompt } = interactionPolicy;

/**
 * The prompts in order. `select_post` is ours: it shows when no post is bound yet, and a partner system can ask for it
 * (`prompt=select_post`) to let somebody change the post they act in. `consent` can be asked for, as `offline_access`
 * demands, and is answered without a page: partner systems are registered for what they get.
 */
export function createPrompts(): interactionPolicy.DefaultPolicy {
  const policy = base();
  const login = policy.get('login');
  login?.checks.add(new Check('account_gone', 'the person may not sign in any more', accountIsGone));
  login?.checks.add(new Check('acr_values', 'stronger authentication was asked for', strongerIsNeeded));
  policy.remove('consent');
  policy.add(
    new Prompt(
      { name: 'select_post', requestable: true },
      new Check('post_missing', 'no post has been chosen', 'interaction_required', postIsMissing),
    ),
  );
  policy.add(new Prompt({ name: 'consent', requestable: true }));
  return policy;
}

function accountIsGone({ oidc }: KoaContextWithOIDC): boolean {
  return oidc.session?.accountId !== undefined && oidc.account === undefined;
}

function postIsMissing({ oidc }: KoaContextWithOIDC): boolean {
  // A grant that was not saved is the library's empty one: `loadGrant` found no post to bind it to.
  return oidc.session?.accountId !== undefined && oidc.entities.Grant?.jti === undefined;
}

/** OpenID Connect makes `acr_values` voluntary; a partner system that asks for a level here gets it or an error. */
function strongerIsNeeded({ oidc }: KoaContextWithOIDC): boolean {
  const asked = oidc.params?.acr_values;
  if (typeof asked !== 'string') return false;
  const required = requiredLevel(asked);
  if (required === undefined || !reachable.includes(required)) throw unmet();
  if (oidc.session?.accountId === undefined) return false;
  if ((levelOf(oidc.session.acr) ?? 0) >= required) return false;
  if ((oidc.result as { login?: object } | undefined)?.login !== undefined) throw unmet();
  return true;
}

function unmet(): Error {
  return new errors.UnmetAuthenticationRequirements('the authentication level that was asked for cannot be reached');
}
