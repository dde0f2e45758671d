/** JSON as this house handles it: its types, one canonical form to hash and sign, and a parser that refuses ambiguity. */
import canonicalize from 'canonicalize';
import { PlatformError } from './errors.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A property that is `undefined` counts as absent, in the canonical form as in JSON.stringify. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/**
 * The canonical text of RFC 8785: the same value always gives the same characters. Throws `not-canonical` for what JSON
 * cannot say unambiguously (NaN, infinities, half of a surrogate pair, cycles).
 */
export function canonicalText(value: Json): string {
  try {
    const text = canonicalize(value);
    if (text !== undefined) return text;
  } catch (cause) {
    throw new PlatformError('invalid', 'not-canonical', `The document has no canonical form: ${reason(cause)}.`, {
      cause,
    });
  }
  throw new PlatformError('invalid', 'not-canonical', 'The document has no canonical form: it is empty.');
}

/** The canonical text as UTF-8: the bytes that are hashed and signed. */
export function canonicalBytes(value: Json): Buffer {
  return Buffer.from(canonicalText(value), 'utf8');
}

/**
 * Parses JSON and refuses an object that names a key twice (`duplicate-key`): two readers could each believe another of
 * the two values, so nothing that is signed may hold one. Broken JSON is `malformed-json`.
 */
export function parseJsonStrict(text: string): Json {
  const value = parse(text);
  refuseDuplicateKeys(text);
  return value;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new PlatformError('invalid', 'malformed-json', `The document is not valid JSON${place(cause)}.`);
  }
}

// A string that is a key (captured), any other string, a bracket. Unrolled, so that long strings need no backtracking.
const tokens = /("[^"\\]*(?:\\.[^"\\]*)*")(?:\s*:)|"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/g;

// Runs on text that JSON.parse accepted, so it needs to know only strings, brackets and colons.
function refuseDuplicateKeys(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  for (const [token, key] of text.matchAll(tokens)) {
    if (key !== undefined) noteKey(open.at(-1), JSON.parse(key) as string);
    else if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
  }
}

function noteKey(keys: Set<string> | undefined, key: string): void {
  if (keys?.has(key)) {
    throw new PlatformError(
      'invalid',
      'duplicate-key',
      `The document names the key ${JSON.stringify(key)} twice in one object.`,
    );
  }
  keys?.add(key);
}

// Only the place: V8's own message quotes the text, which may be about a person.
function place(cause: unknown): string {
  const at = /\(line \d+ column \d+\)|end of JSON input/.exec(reason(cause))?.[0];
  return at === undefined ? '' : at.startsWith('(') ? ` ${at}` : ' (it ends too early)';
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
