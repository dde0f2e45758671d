/** Casebook's two cookies: who is signed in, and which sign-in this browser began. The first is a random name, the second sealed. */
import type Koa from 'koa';
import type { Settings } from './options.ts';

const attempt = 'casebook_attempt';
const session = 'casebook_session';

export type Cookies = ReturnType<typeof createCookies>;

export function createCookies(settings: Settings) {
  const secure = settings.url.startsWith('https:');
  // Over https nobody but this very host can set a cookie with this prefix.
  const named = (name: string): string => (secure ? `__Host-${name}` : name);
  const set = (ctx: Koa.Context, name: string, value: string | null): void => {
    ctx.cookies.set(named(name), value, {
      httpOnly: true,
      sameSite: 'lax',
      path: '/',
      secure,
      overwrite: true,
      signed: false,
    });
  };
  return {
    readSession: (ctx: Koa.Context) => ctx.cookies.get(named(session), { signed: false }),
    writeSession: (ctx: Koa.Context, id: string | null) => set(ctx, session, id),
    readAttempt: (ctx: Koa.Context) => ctx.cookies.get(named(attempt), { signed: false }),
    writeAttempt: (ctx: Koa.Context, sealed: string | null) => set(ctx, attempt, sealed),
  };
}
