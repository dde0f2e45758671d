/** Cookies that only this host can set: `__Host-` names over https, plain names in http development. */
import type Koa from 'koa';

type CookieOptions = {
  /** True where browsers reach the service over https. */
  secure: boolean;
  /** Seconds; absent: until the browser closes. */
  maxAge?: number;
};

/** The name a cookie goes by; `__Host-` makes browsers refuse one set by another host or over http. */
function cookieName(name: string, secure: boolean): string {
  return secure ? `__Host-${name}` : name;
}

/** Reads a cookie by its plain name. */
export function readCookie(ctx: Koa.Context, name: string, options: CookieOptions): string | undefined {
  return ctx.cookies.get(cookieName(name, options.secure), { signed: false });
}

/** Sets a cookie: HttpOnly, SameSite=Lax, whole host, Secure over https. */
export function setCookie(ctx: Koa.Context, name: string, value: string, options: CookieOptions): void {
  // TLS may end at a proxy in front; the base URL says what browsers see, and cookies must not be refused for it.
  ctx.cookies.secure = options.secure;
  ctx.cookies.set(cookieName(name, options.secure), value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: options.secure,
    signed: false,
    overwrite: true,
    ...(options.maxAge === undefined ? {} : { maxAge: options.maxAge * 1000 }),
  });
}
