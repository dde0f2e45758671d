/** Signing out by POST (OpenID Connect RP-Initiated Logout 1.0, section 2), which keeps what a partner system sends out of addresses. */
import { decodeJwt } from 'jose';
import type Koa from 'koa';
import { InputError } from '../../platform/web/input_error.ts';

/** What the question needs to know besides which system asks. */
const kept = ['client_id', 'post_logout_redirect_uri', 'state', 'ui_locales'];

/**
 * Another site's POST comes without our cookies, and then nobody would be signed in. So the browser is sent to the same
 * address by GET, with the system's name in the place of the ID token: that names a person, and nothing rests on it, because the
 * question is asked in any case. Returns false for every other request.
 */
export function takePostedSignOut(ctx: Koa.Context, form: string | undefined): boolean {
  if (ctx.method !== 'POST' || ctx.path.replace(/\/$/, '') !== '/session/end') return false;
  const sent = new URLSearchParams(form);
  const query = new URLSearchParams([...sent].filter(([name]) => kept.includes(name)));
  const hint = sent.get('id_token_hint');
  if (hint !== null && !query.has('client_id')) query.set('client_id', audienceOf(hint));
  ctx.status = 303;
  ctx.redirect(`/oidc/session/end?${query.toString()}`);
  return true;
}

function audienceOf(idToken: string): string {
  try {
    const { aud } = decodeJwt(idToken);
    if (typeof aud === 'string') return aud;
  } catch {
    // said below
  }
  throw new InputError([], 'You were not signed out: what was sent as id_token_hint is no ID token of ours.');
}
