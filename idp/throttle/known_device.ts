/** Devices that signed somebody in before, told by a cookie that says to nobody but us whose they are. */
import { createHmac, randomBytes } from 'node:crypto';
import type Koa from 'koa';
import type { Config } from '../../platform/config/config.ts';
import { deriveSecret } from '../../platform/keys/derive.ts';
import { readCookie, setCookie } from '../../platform/web/cookies.ts';
import { isSecure } from '../../platform/web/pipeline.ts';
import type { Credentials } from '../credentials/find_credentials.ts';
import { day } from './budgets.ts';

/** `device`: a random name. `marks`: one for each person whom it signed in, the latest first. */
type Cookie = { device: string; marks: string[] };

const name = 'known-device';
/** Counted anew with each sign-in. */
const lifetime = 90 * day;
/** So many share one computer on a ward; the one longest away goes first. */
const most = 20;
const form = /^[\w-]{22}(\.[\w-]{22}~[0-9a-z]{1,8}){0,20}$/;

/** The device's name if it signed in this person, with the credentials they have now, in the last 90 days. */
export function findKnownDevice(
  config: Config,
  ctx: Koa.Context,
  credentials: Credentials,
  now: number,
): string | undefined {
  const { device, marks } = readMarks(config, ctx);
  const known = marks.some((mark) => {
    const expires = parseInt(mark.split('~')[1] ?? '', 36);
    return expires > now && mark === markOf(config, device, credentials, expires);
  });
  return known ? device : undefined;
}

/** Makes this browser's device known for the person, and keeps it known for the others whom it signed in. */
export function rememberDevice(config: Config, ctx: Koa.Context, credentials: Credentials, now: number): void {
  const { device, marks } = readMarks(config, ctx);
  const mark = markOf(config, device, credentials, Math.floor(now) + lifetime);
  const others = marks.filter(
    (one) => markOf(config, device, credentials, parseInt(one.split('~')[1] ?? '', 36)) !== one,
  );
  const value = [device, mark, ...others].slice(0, 1 + most).join('.');
  setCookie(ctx, name, value, { secure: isSecure(config.baseUrl), maxAge: lifetime });
}

function readMarks(config: Config, ctx: Koa.Context): Cookie {
  const value = readCookie(ctx, name, { secure: isSecure(config.baseUrl) }) ?? '';
  const [device = '', ...marks] = form.test(value) ? value.split('.') : [randomBytes(16).toString('base64url')];
  return { device, marks };
}

/** Bound to the credentials as they are: with a new password, or none, the device is like any other. */
function markOf({ masterKey }: Config, device: string, { password, totp }: Credentials, expires: number): string {
  const about = [device, expires, password?.id, password?.changedAt, totp?.id, totp?.changedAt];
  const mac = createHmac('sha256', deriveSecret(masterKey, name)).update(JSON.stringify(about)).digest();
  return `${mac.subarray(0, 16).toString('base64url')}~${expires.toString(36)}`;
}
