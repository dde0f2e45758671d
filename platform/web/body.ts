/** Reads the body of a request: bounded, UTF-8, and free of what would break further in. */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import type Koa from 'koa';
import { findJsonError } from '../scan_json.ts';
import { refuseHazards } from './hazards.ts';
import { InputError } from './input_error.ts';
import { WebError } from './web_error.ts';

/** Bytes of a body, unless a route says otherwise. */
const defaultLimit = 100 * 1024;

/** How much of an oversized body is read and thrown away, so that the caller gets to read the answer. */
const patience = 16 * 1024 * 1024;

export type JsonOptions = { limit?: number; /** Media types taken as JSON. */ types?: string[] };
/** What is read of a request, by whichever way it came. */
type Sent = { req: IncomingMessage; get(name: string): string };
export type FormValues = Record<string, string | string[]>;

/** Reads a JSON body; 415 for another media type, 413 when too long, 400 with the position when it is not JSON. */
export async function readJson(sent: Sent, options: JsonOptions = {}): Promise<unknown> {
  requireType(sent, options.types ?? ['application/json', 'application/*+json']);
  const text = await readText(sent, options.limit ?? defaultLimit);
  const value = parseJson(text);
  refuseHazards(value);
  return value;
}

/** Reads the fields of a posted form once per request; a field sent several times is a list, a file is its text. */
export async function readFormValues(ctx: Koa.Context, limit = defaultLimit): Promise<FormValues> {
  if (ctx.state.formValues !== undefined) return ctx.state.formValues as FormValues;
  requireType(ctx, ['application/x-www-form-urlencoded', 'multipart/form-data']);
  const values = collectValues(
    typeOf(ctx)?.essence === 'multipart/form-data'
      ? await readParts(ctx, limit)
      : new URLSearchParams(await readText(ctx, limit)),
  );
  ctx.state.formValues = values;
  return values;
}

/** Takes a longer form than others. Stands in the route line before whatever reads it. */
export function formUpTo(limit: number): Koa.Middleware {
  return async (ctx, next) => {
    await readFormValues(ctx, limit);
    await next();
  };
}

/** The parts of a form with files. Files are taken as text, so what is no UTF-8 is refused; their names are not kept. */
async function readParts(ctx: Koa.Context, limit: number): Promise<[string, string][]> {
  const bytes = await readBytes(ctx.req, limit);
  if (!isUtf8(bytes)) throw new InputError([], 'The file is not text in UTF-8.');
  const type = ctx.get('Content-Type');
  const form = await new Response(bytes, { headers: { 'Content-Type': type } }).formData().catch((cause: unknown) => {
    throw new InputError([], 'The form could not be read.', { cause });
  });
  return Promise.all(
    [...form].map(async ([name, value]): Promise<[string, string]> => [
      name,
      typeof value === 'string' ? value : await value.text(),
    ]),
  );
}

/** Turns name-value pairs into an object; a name that comes again makes a list. Refuses characters that no text holds. */
export function collectValues(pairs: Iterable<[string, string]>): FormValues {
  const values = new Map<string, string | string[]>();
  for (const [name, value] of pairs) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : [before, value].flat());
  }
  const collected = Object.fromEntries(values);
  refuseHazards(collected);
  return collected;
}

/** The body as text; 415 for another encoding than UTF-8, 413 when it is longer than `limit` bytes, 400 when it is no UTF-8. */
export async function readText(sent: Sent, limit: number): Promise<string> {
  if (/charset/i.test(sent.get('Content-Type')) && !/^utf-?8$/i.test(typeOf(sent)?.params.get('charset') ?? '')) {
    throw unsupported('The body must be UTF-8.');
  }
  const encoding = sent.get('Content-Encoding');
  if (encoding !== '' && encoding !== 'identity') throw unsupported('The body must not be compressed.');
  const bytes = await readBytes(sent.req, limit);
  if (!isUtf8(bytes)) throw new InputError([], 'The body is not valid UTF-8.');
  return bytes.toString('utf8');
}

/**
 * Collects the body up to `limit` bytes. A longer one is read on and dropped before it is refused: an answer sent while
 * the caller still writes is often lost to a reset connection.
 */
function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks.length = 0;
      if (size > limit + patience) {
        request.pause();
        reject(tooLarge(limit, { Connection: 'close' }));
      }
    });
    request.once('end', () => (size > limit ? reject(tooLarge(limit)) : resolve(Buffer.concat(chunks))));
    const endEarly = (cause?: Error): void => reject(new InputError([], 'The body ended early.', { cause }));
    request.once('error', endEarly);
    if (request.readableEnded) resolve(Buffer.alloc(0));
    // Its caller went away before anybody read: no event comes any more.
    else if (request.destroyed) endEarly();
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const error = findJsonError(text);
    const where = error === undefined ? '' : ` at line ${error.line}, column ${error.column}: ${error.expected}`;
    throw new InputError(
      [],
      text.trim() === '' ? 'The body is empty; JSON is expected.' : `The body is not JSON${where}.`,
      {
        code: 'malformed-json',
        cause,
      },
    );
  }
}

function requireType(sent: Sent, types: string[]): void {
  if (sent.get('Content-Type') === types[0]) return;
  const { essence = '' } = typeOf(sent) ?? {};
  if (!types.some((type) => fits(essence, type))) throw unsupported(`The body must be sent as ${types[0]}.`);
}

function fits(essence: string, type: string): boolean {
  const [start = '', end] = type.split('*');
  return end === undefined ? essence === type : essence.startsWith(start) && essence.endsWith(end);
}

function typeOf(sent: Sent): MIMEType | undefined {
  try {
    return new MIMEType(sent.get('Content-Type'));
  } catch {
    return undefined;
  }
}

function unsupported(message: string): WebError {
  return new WebError('invalid', 'unsupported-media-type', message, { status: 415 });
}

function tooLarge(limit: number, headers: Record<string, string> = {}): WebError {
  const size = limit >= 1024 ? `${Math.floor(limit / 1024)} kB` : `${limit} bytes`;
  return new WebError(
    'too-large',
    'body-too-large',
    `The request is larger than ${size}, the most that is taken here.`,
    { headers },
  );
}
