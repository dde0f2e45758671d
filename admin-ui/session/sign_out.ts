/**
 * GET /sign-out sends the browser to the identity provider, which asks and then ends its session: this one ends with it, and so
 * does every partner system's. A link from elsewhere gets no further than the question. The address names the system and nobody:
 * the provider knows who is signed in by its own cookie, so no ID token has to travel where histories and proxies keep it.
 */
import type Koa from 'koa';
import * as openid from 'openid-client';
import { render } from '../../platform/web/render.ts';
import type { WebContext } from '../context.ts';
import { readSessionCookie, setSessionCookie } from './cookies.ts';
import { endSession, findSession, isSignOutOf, signOutState } from './web_session.ts';

export function signOut(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const token = readSessionCookie(context, ctx);
    const url = openid.buildEndSessionUrl(await context.issuer(), {
      post_logout_redirect_uri: `${context.ground.config.baseUrl}/signed-out`,
      // Without a session here there may still be one at the provider, and partner systems that rest on it.
      ...(token === undefined ? {} : { state: signOutState(token) }),
    });
    ctx.redirect(url.href);
  };
}

/**
 * GET /signed-out: ends what is left here and says so. Another site may send people here too, and that ends nothing: only the
 * provider hands on the state that goes with this session. A session that goes on at the provider is not touched.
 */
export function showSignedOut(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const token = readSessionCookie(context, ctx);
    const session =
      token === undefined ? undefined : await findSession(context.ground.log, token, context.ground.clock());
    // They may have chosen to leave Wayleave alone, and then what they opened from it stays open.
    const goesOn = session !== undefined && (await context.identity.continueSession(session.identitySession));
    if (goesOn && !isSignOutOf(token!, ctx.query.state)) return ctx.redirect('/');
    if (token !== undefined) await endSession(context.ground.db, token);
    if (token !== undefined) setSessionCookie(context, ctx, undefined);
    render(ctx, 'session/signed-out.njk', {
      title: goesOn ? 'You are signed out of Wayleave' : 'You are signed out',
      goesOn,
    });
  };
}
