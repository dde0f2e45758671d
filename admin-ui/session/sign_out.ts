/**
 * GET /sign-out sends the browser to the identity provider, which asks and then ends its session: this one ends with it, and so
 * does every partner system's. A link from elsewhere gets no further than the question.
 */
import type Koa from 'koa';
import * as openid from 'openid-client';
import { render } from '../../platform/web/render.ts';
import type { WebContext } from '../context.ts';
import { readSessionCookie, setSessionCookie } from './cookies.ts';
import { endSession, findIdToken } from './web_session.ts';

export function signOut(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { config, db } = context.ground;
    const token = readSessionCookie(context, ctx);
    const idToken = token === undefined ? undefined : await findIdToken(db, config.masterKey, token);
    const url = openid.buildEndSessionUrl(await context.issuer(), {
      // Without a session here there may still be one at the provider, and partner systems that rest on it.
      ...(idToken === undefined ? {} : { id_token_hint: idToken }),
      post_logout_redirect_uri: `${config.baseUrl}/signed-out`,
    });
    ctx.redirect(url.href);
  };
}

/** GET /signed-out: removes what is left here and says so. A session that goes on at the provider is not touched. */
export function showSignedOut(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const token = readSessionCookie(context, ctx);
    const session = token === undefined ? undefined : await endSession(context.ground.db, token);
    if (token !== undefined) setSessionCookie(context, ctx, undefined);
    // They may have chosen to leave Wayleave alone, and then what they opened from it stays open.
    const goesOn = session !== undefined && (await context.identity.continueSession(session));
    render(ctx, 'session/signed-out.njk', {
      title: goesOn ? 'You are signed out of Wayleave' : 'You are signed out',
      goesOn,
    });
  };
}
