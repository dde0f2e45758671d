/** What access tokens are good for: which audience a token gets, and which scopes count there. */
import { errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import { scopes } from './scopes.ts';

/** Audiences of this service. `decisions` tokens go to one, all other interfaces share the second. */
export type Audiences = { access: string; api: string; /** Both: for a system that names no resource. */ any: string };

/** The audiences below a base URL. */
export function audiencesOf(baseUrl: string): Audiences {
  return { access: `${baseUrl}/access`, api: `${baseUrl}/api`, any: `${baseUrl}/` };
}

/** Where a token goes when the request names no resource. A person's token without `decisions` is for userinfo only. */
export function defaultResource<Asked>(
  audiences: Audiences,
  ctx: KoaContextWithOIDC,
  oneOf: Asked,
): Asked | string | undefined {
  if (oneOf !== undefined) return oneOf;
  if (ctx.oidc.params?.grant_type === 'client_credentials') return audiences.any;
  return ctx.oidc.requestParamScopes.has('decisions') ? audiences.access : undefined;
}

/** Describes a resource; `invalid_target` for one that is not ours, or not for this kind of request. */
export function describeResource(audiences: Audiences, ctx: KoaContextWithOIDC, resource: string): ResourceServer {
  const forItself = ctx.oidc.params?.grant_type === 'client_credentials';
  const offered = scopesAt(audiences, resource, forItself);
  if (offered === undefined) throw new errors.InvalidTarget('this resource is not known here');
  if (forItself) requireScope(ctx, offered);
  return { scope: offered.join(' '), audience: resource, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } };
}

function scopesAt(audiences: Audiences, resource: string, forItself: boolean): string[] | undefined {
  const machine = [...scopes.machine];
  if (resource === audiences.access) return ['decisions'];
  if (!forItself) return undefined;
  if (resource === audiences.api) return machine.filter((scope) => scope !== 'decisions');
  return resource === audiences.any ? machine : undefined;
}

function requireScope(ctx: KoaContextWithOIDC, offered: string[]): void {
  const asked = [...ctx.oidc.requestParamScopes];
  if (asked.some((scope) => offered.includes(scope))) return;
  throw new errors.InvalidScope(`ask for one or more of: ${offered.join(' ')}`, asked.join(' '));
}

/** The `aud` claim of a system's token that named no resource: every audience that its scopes belong to. */
export function audienceOfScopes(audiences: Audiences, scope: string | undefined): string | string[] {
  const granted = (scope ?? '').split(' ');
  const found = [
    ...(granted.includes('decisions') ? [audiences.access] : []),
    ...(granted.some((one) => one !== 'decisions') ? [audiences.api] : []),
  ];
  return found.length === 1 ? found[0]! : found;
}
