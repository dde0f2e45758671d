/** GET /sign-in: sends the browser to the identity provider. */
import type Koa from 'koa';
import * as openid from 'openid-client';
import type { WebContext } from '../context.ts';
import { setPendingSignIn } from './cookies.ts';

/** `next` is the page to open afterwards; `change-post` asks for the acting post again. */
export function beginSignIn(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const configuration = await context.issuer();
    const pending = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
      next: ownPath(first(ctx.query.next)),
    };
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: `${context.ground.config.baseUrl}/callback`,
      scope: 'openid profile email post decisions',
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
      ...(ctx.query['change-post'] === undefined ? {} : { prompt: 'select_post' }),
    });
    setPendingSignIn(context, ctx, pending);
    ctx.redirect(url.href);
  };
}

/** A path of this site, or the home page: a link from outside must not choose where a signed-in person lands. */
function ownPath(path: string | undefined): string {
  if (path === undefined || !/^\/(?![/\\])/.test(path)) return '/';
  const url = URL.parse(path, 'http://own.invalid');
  // "/.//elsewhere" has this origin, and yet a path that a browser takes for the address of another host.
  if (url?.origin !== 'http://own.invalid' || url.pathname.startsWith('//')) return '/';
  return url.pathname + url.search;
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
