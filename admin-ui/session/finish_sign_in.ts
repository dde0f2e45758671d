/** GET /callback: takes the identity provider's answer and starts the session. */
import type Koa from 'koa';
import * as openid from 'openid-client';
import type { WebContext } from '../context.ts';
import { WebApplicationError } from '../errors.ts';
import {
  type PendingSignIn,
  readPendingSignIn,
  readSessionCookie,
  setPendingSignIn,
  setSessionCookie,
} from './cookies.ts';
import { endSession, startSession } from './web_session.ts';

export function finishSignIn(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const pending = readPendingSignIn(context, ctx);
    if (pending === undefined) return ctx.redirect('/sign-in');
    setPendingSignIn(context, ctx, undefined);
    const tokens = await exchangeCode(context, ctx, pending);
    if (tokens === undefined) return ctx.redirect('/welcome');
    const presence = await context.identity.findPresence(tokens.access_token);
    if (presence === undefined) throw signInFailed();
    const { ground } = context;
    // A browser that signs in again (another post, another person) leaves its former session behind for good.
    const former = readSessionCookie(context, ctx);
    if (former !== undefined) await endSession(ground.db, former);
    const token = await startSession(
      ground.db,
      { practitioner: presence.practitioner, post: presence.post, identitySession: presence.session },
      ground.clock(),
    );
    setSessionCookie(context, ctx, token);
    ctx.redirect(pending.next);
  };
}

/** Undefined when the person chose not to sign in after all. */
async function exchangeCode(context: WebContext, ctx: Koa.Context, pending: PendingSignIn) {
  const current = new URL(ctx.url, context.ground.config.baseUrl);
  try {
    return await openid.authorizationCodeGrant(await context.issuer(), current, {
      expectedState: pending.state,
      expectedNonce: pending.nonce,
      pkceCodeVerifier: pending.verifier,
      idTokenExpected: true,
    });
  } catch (cause) {
    if (cause instanceof openid.AuthorizationResponseError && cause.error === 'access_denied') return undefined;
    throw signInFailed(cause);
  }
}

function signInFailed(cause?: unknown): WebApplicationError {
  return new WebApplicationError(
    'unauthenticated',
    'sign-in-failed',
    'The sign-in did not work out, or this address was opened a second time. Go to the home page and sign in again.',
    { cause },
  );
}
