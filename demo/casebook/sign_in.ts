/** Signing in and out: the browser goes to Wayleave and comes back; Wayleave may also say that a sign-in has ended. */
import { timingSafeEqual } from 'node:crypto';
import type Koa from 'koa';
import type { Attempts } from './attempts.ts';
import { readForm } from './body.ts';
import type { Cookies } from './cookies.ts';
import { CasebookError } from './errors.ts';
import type { Client } from './decisions.ts';
import type { Settings } from './options.ts';
import type { Provider } from './provider.ts';
import type { Session, Sessions } from './sessions.ts';

export type Desk = {
  settings: Settings;
  provider: Provider;
  decisions: Client;
  sessions: Sessions;
  attempts: Attempts;
  cookies: Cookies;
};

/** Sends the browser to Wayleave. `afresh`: even somebody who is signed in proves again who they are. */
export async function sendToSignIn(desk: Desk, ctx: Koa.Context, returnTo: string, afresh = false): Promise<void> {
  const { url, attempt } = await desk.provider.authorize(returnTo, afresh);
  desk.cookies.writeAttempt(ctx, await desk.attempts.seal(attempt));
  ctx.redirect(url.href);
}

/** `GET /sign-in` */
export function signIn(desk: Desk): Koa.Middleware {
  return (ctx) => sendToSignIn(desk, ctx, localPath(ctx.query.return));
}

/** `GET /callback` */
export function callback(desk: Desk): Koa.Middleware {
  return async (ctx) => {
    const attempt = await desk.attempts.open(desk.cookies.readAttempt(ctx));
    desk.cookies.writeAttempt(ctx, null);
    if (attempt === undefined) {
      const said =
        'This sign-in was not begun in this browser, was used already, or took longer than 15 minutes. Start again.';
      throw new CasebookError('sign-in', 'Signing in did not work', said);
    }
    const signedIn = await desk.provider.complete(new URL(ctx.url, desk.settings.url), attempt);
    const previous = desk.sessions.find(desk.cookies.readSession(ctx));
    if (previous !== undefined) desk.sessions.end(previous.id);
    desk.cookies.writeSession(ctx, desk.sessions.start(signedIn, previous).id);
    ctx.redirect(attempt.returnTo);
  };
}

/** `POST /sign-out`: ends the session here, then lets Wayleave end it everywhere. */
export function signOut(desk: Desk): Koa.Middleware {
  return async (ctx) => {
    const session = ctx.state.session as Session | undefined;
    if (session === undefined) return ctx.redirect('/signed-out');
    requireFormToken(session, await readForm(ctx));
    desk.sessions.end(session.id);
    desk.cookies.writeSession(ctx, null);
    ctx.state.session = undefined;
    ctx.status = 303;
    ctx.redirect((await desk.provider.endSessionUrl()).href);
  };
}

/** `POST /backchannel-logout`: Wayleave says that a sign-in has ended (OpenID Connect Back-Channel Logout 1.0). */
export function backchannelLogout(desk: Desk): Koa.Middleware {
  return async (ctx) => {
    const token = (await readForm(ctx)).get('logout_token') ?? '';
    try {
      desk.sessions.endOf(await desk.provider.readLogoutToken(token));
    } catch (error) {
      if (error instanceof CasebookError && error.failure === 'outage') throw error;
      ctx.status = 400;
      ctx.body = { error: 'invalid_request', error_description: 'The logout token is not valid.' };
      return;
    }
    ctx.status = 200;
    ctx.body = '';
  };
}

/** Only a path of Casebook's own: anything else would let a link send people elsewhere after signing in. */
export function localPath(value: unknown): string {
  if (typeof value !== 'string' || value.length > 500 || !value.startsWith('/')) return '/cases';
  const base = 'http://casebook.invalid';
  const parsed = URL.canParse(value, base) ? new URL(value, base) : undefined;
  // `/.//elsewhere` is a path of ours that, sent back, names another host.
  const own = parsed?.origin === base && !parsed.pathname.startsWith('//');
  return own ? `${parsed.pathname}${parsed.search}` : '/cases';
}

/** Refuses a form that another site made. */
export function requireFormToken(session: Session, form: URLSearchParams): void {
  const given = Buffer.from(form.get('form_token') ?? '');
  const wanted = Buffer.from(session.formToken);
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return;
  throw new CasebookError(
    'forbidden',
    'This form has expired',
    'It was not sent from a page that Casebook made for you. Go back, reload the page and try again.',
  );
}
