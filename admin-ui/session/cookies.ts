/** The web application's two cookies: the session, and the sign-in that is under way. */
import type Koa from 'koa';
import { seal, unseal } from '../../platform/keys/envelope.ts';
import { isSecure } from '../../platform/web/pipeline.ts';
import type { WebContext } from '../context.ts';

/** A sign-in under way: what the answer of the identity provider must fit, and where to go afterwards. */
export type PendingSignIn = { state: string; nonce: string; verifier: string; next: string };

const label = 'web-application pending sign-in';
const pendingSeconds = 15 * 60;

export function readSessionCookie(context: WebContext, ctx: Koa.Context): string | undefined {
  return ctx.cookies.get(name(context, 'session'));
}

export function setSessionCookie(context: WebContext, ctx: Koa.Context, token: string | undefined): void {
  ctx.cookies.set(name(context, 'session'), token ?? '', options(context, token === undefined ? 0 : undefined));
}

/** The pending sign-in travels in the browser, sealed: nothing is stored for people who never come back. */
export function setPendingSignIn(context: WebContext, ctx: Koa.Context, pending: PendingSignIn | undefined): void {
  const value = pending && seal(context.ground.config.masterKey, label, Buffer.from(JSON.stringify(pending)));
  ctx.cookies.set(
    name(context, 'sign-in'),
    value?.toString('base64url') ?? '',
    options(context, pending ? pendingSeconds : 0),
  );
}

export function readPendingSignIn(context: WebContext, ctx: Koa.Context): PendingSignIn | undefined {
  const value = ctx.cookies.get(name(context, 'sign-in'));
  if (value === undefined || value === '') return undefined;
  try {
    return JSON.parse(
      unseal(context.ground.config.masterKey, label, Buffer.from(value, 'base64url')).toString(),
    ) as PendingSignIn;
  } catch {
    return undefined; // changed on the way, or sealed under a master key that is no longer ours
  }
}

function name(context: WebContext, purpose: string): string {
  return `${isSecure(context.ground.config.baseUrl) ? '__Host-' : ''}wayleave-web-${purpose}`;
}

function options(context: WebContext, seconds: number | undefined) {
  return {
    httpOnly: true,
    sameSite: 'lax' as const,
    secure: isSecure(context.ground.config.baseUrl),
    path: '/',
    signed: false,
    overwrite: true,
    ...(seconds === undefined ? {} : { maxAge: seconds * 1000 }),
  };
}
