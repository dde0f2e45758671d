/** Reading a small form. */
import type Koa from 'koa';
import { CasebookError } from './errors.ts';

const MOST_BYTES = 20_000;

/** The form's fields; anything but a small url-encoded form is refused. */
export async function readForm(ctx: Koa.Context): Promise<URLSearchParams> {
  if (ctx.is('application/x-www-form-urlencoded') !== 'application/x-www-form-urlencoded') throw refused();
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of ctx.req) {
    size += (part as Buffer).length;
    if (size > MOST_BYTES) throw refused();
    parts.push(part as Buffer);
  }
  return new URLSearchParams(Buffer.concat(parts).toString('utf8'));
}

function refused(): CasebookError {
  return new CasebookError(
    'bad-request',
    'This form cannot be read',
    'It is too large or not a form that Casebook sent you. Go back and try again.',
  );
}
