/** Looks at what was sent before the library does, which would hand on what no text in PostgreSQL can hold. */
import type { IncomingMessage } from 'node:http';
import type Koa from 'koa';
import { readText } from '../../platform/web/body.ts';
import { refuseHazards } from '../../platform/web/hazards.ts';
import { InputError } from '../../platform/web/input_error.ts';

/** Bytes of a form, and characters of one value: a signed request or a token of any sort is shorter. */
const longestForm = 56 * 1024;
const longestValue = 8 * 1024;

/**
 * Throws `InputError` for U+0000, half of a surrogate pair, bytes that are no UTF-8, a percent sign that stands for nothing and
 * what is longer than any use of it, wherever it stands: path, query, form, or inside a token. The form is read here, handed on and
 * returned.
 */
export async function checkParameters(ctx: Koa.Context): Promise<string | undefined> {
  checkValue('', decode(ctx.path));
  checkPairs(ctx.querystring);
  for (const header of ['DPoP', 'Authorization']) lookInside(ctx.get(header).split(' ').at(-1) ?? '');
  if (ctx.method !== 'POST' || !ctx.is('application/x-www-form-urlencoded')) return undefined;
  const form = await readText(ctx, longestForm);
  checkPairs(form);
  handOn(ctx.req, form);
  return form;
}

function checkPairs(text: string): void {
  for (const pair of text.split('&')) {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
    checkValue('', decode(name));
    checkValue(`/${decode(name)}`, decode(value));
  }
}

function checkValue(pointer: string, value: string): void {
  if (value.length > longestValue)
    throw new InputError([{ pointer, message: `must not be longer than ${longestValue} characters` }]);
  refuseHazards(pointer === '' ? value : { [pointer.slice(1)]: value });
  lookInside(value);
}

/** Signed requests, assertions, proofs and tokens are three parts with JSON in two of them; the claims asked for are JSON themselves. */
function lookInside(value: string): void {
  const signed = /^([\w-]+)\.([\w-]*)\.[\w-]*$/.exec(value);
  const texts = signed === null ? [value] : signed.slice(1).map((part) => Buffer.from(part, 'base64url').toString());
  for (const text of texts) if (text.startsWith('{')) refuseHazards(readJson(text));
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // whoever needs it says so
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw new InputError([], 'The request has a percent sign or bytes in it that stand for no character.', { cause });
  }
}

/** The library reads the request's stream by itself: it gets what was read of it here. */
function handOn(request: IncomingMessage, form: string): void {
  const iterator = async function* () {
    yield Buffer.from(form);
  };
  Object.defineProperties(request, { readable: { value: true }, iterator: { value: iterator } });
}
