/**
 * Keeps other sites from posting our forms: a signed double-submit cookie (OWASP), bound to the session where there is
 * one, beside the browser's own word on where the request came from. APIs with bearer tokens read no cookie and need none.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type Koa from 'koa';
import nunjucks from 'nunjucks';
import { readFormValues } from './body.ts';
import { readCookie, setCookie } from './cookies.ts';
import { WebError } from './web_error.ts';

type CsrfOptions = {
  /** 32 bytes shared by the replicas: `deriveSecret(masterKey, 'csrf')`. */
  secret: Buffer;
  baseUrl: string;
  /** What the token is bound to: the session's id, or undefined before sign-in. */
  session?: (ctx: Koa.Context) => string | undefined;
  /** Name of its cookie: forms that are bound to different sessions must not share one. */
  cookie?: string;
  random?: (bytes: number) => Buffer;
};

/** Name of the hidden field; templates put `{{ csrfField }}` into each form. */
const csrfFieldName = '_csrf';

/** Checks what changes something, and hands `csrfField` to the templates. Stands in the route line before the handler. */
export function csrf(options: CsrfOptions): Koa.Middleware {
  const secure = options.baseUrl.startsWith('https:');
  const origin = new URL(options.baseUrl).origin;
  const { cookie = 'wayleave-csrf', random = randomBytes } = options;
  return async (ctx, next) => {
    const session = options.session?.(ctx) ?? '';
    const held = readCookie(ctx, cookie, { secure });
    const valid = held !== undefined && isSigned(options.secret, held, session);
    if (!['GET', 'HEAD', 'OPTIONS'].includes(ctx.method)) {
      requireSameOrigin(ctx, origin);
      const sent = (await readFormValues(ctx))[csrfFieldName];
      if (!valid || typeof sent !== 'string' || !equal(sent, held)) throw formExpired();
    }
    const token = valid ? held : sign(options.secret, random(18).toString('base64url'), session);
    if (!valid) setCookie(ctx, cookie, token, { secure });
    ctx.state.csrfField = new nunjucks.runtime.SafeString(
      `<input type="hidden" name="${csrfFieldName}" value="${token}">`,
    );
    await next();
  };
}

/** Refuses what a browser says comes from elsewhere. Callers that say nothing (no browser) still need the token. */
function requireSameOrigin(ctx: Koa.Context, origin: string): void {
  const site = ctx.get('Sec-Fetch-Site');
  if (site === 'same-origin') return;
  const from = ctx.get('Origin');
  if (site !== '' || (from !== '' && from !== origin)) {
    throw new WebError(
      'forbidden',
      'cross-site-request',
      `This form was sent from another site. Open ${origin} and try again there.`,
    );
  }
}

function sign(secret: Buffer, value: string, session: string): string {
  // Lengths before values, so that no two pairs of session and value make one message.
  const mac = createHmac('sha256', secret).update(`${session.length}!${session}!${value}`).digest('base64url');
  return `${value}.${mac}`;
}

function isSigned(secret: Buffer, token: string, session: string): boolean {
  const value = token.split('.')[0] ?? '';
  return equal(token, sign(secret, value, session));
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function formExpired(): WebError {
  return new WebError(
    'forbidden',
    'form-expired',
    'This form is too old, or your browser did not send back its cookie. Nothing was changed. Go back, reload the page and try again.',
  );
}
