/** JSON as this house handles it: its types, one canonical form to hash and sign, and a parser that refuses ambiguity. */
import canonicalize from 'canonicalize';
import { PlatformError } from './errors.ts';
import { findJsonError, type JsonKey, scanJson } from './scan_json.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A property that is `undefined` counts as absent, in the canonical form as in JSON.stringify. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/**
 * The canonical text of RFC 8785: the same value always gives the same characters. Throws `not-canonical` for what JSON
 * cannot say unambiguously (NaN, infinities, half of a surrogate pair, cycles).
 */
export function canonicalText(value: Json): string {
  try {
    const ordered = inOrder(value, 0);
    const text = ordered === undefined ? undefined : JSON.stringify(ordered);
    // Half of a surrogate pair is written as its escape: then, or where text only looks like it, the full walk says.
    if (text !== undefined && !text.includes('\\ud')) return text;
    const walked = canonicalize(value);
    if (walked !== undefined) return walked;
  } catch (cause) {
    throw new PlatformError('invalid', 'not-canonical', `The document has no canonical form: ${reason(cause)}.`, {
      cause,
    });
  }
  throw new PlatformError('invalid', 'not-canonical', 'The document has no canonical form: it is empty.');
}

// JSON.stringify writes numbers and strings as RFC 8785 wants them, several times as fast as a walk over every value: all it
// needs is a value whose keys stand in order. Whatever is not plainly that (undefined here) is left to the full walk.
function inOrder(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object' || depth === deepestQuick || typeof (value as Dated).toJSON === 'function')
    return undefined;
  if (Array.isArray(value)) return itemsInOrder(value, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? keysInOrder(value as Keyed, depth) : undefined;
}

type Dated = { toJSON?: unknown };
type Keyed = Record<string, unknown>;

// Beyond this the walk that needs no stack is asked; cycles end here too.
const deepestQuick = 32;

function itemsInOrder(items: readonly unknown[], depth: number): unknown[] | undefined {
  let copy: unknown[] | undefined;
  for (let index = 0; index < items.length; index += 1) {
    const ordered = inOrder(items[index], depth + 1);
    if (ordered === undefined) return undefined;
    if (copy !== undefined) copy.push(ordered);
    else if (ordered !== items[index]) copy = [...items.slice(0, index), ordered];
  }
  return copy ?? (items as unknown[]);
}

function keysInOrder(from: Keyed, depth: number): Keyed | undefined {
  const keys = Object.keys(from);
  let before = '';
  let sorted = true;
  for (const key of keys) {
    // JavaScript lists array indexes first, by number, wherever they were put; and __proto__ is no key to assign.
    if (isDigit(key.charCodeAt(0)) || key === '__proto__') return undefined;
    if (key < before) sorted = false;
    before = key;
  }
  let copy: Keyed | undefined = sorted ? undefined : {};
  for (const key of sorted ? keys : sortFew(keys)) {
    const value = from[key];
    if (value === undefined) continue;
    const ordered = inOrder(value, depth + 1);
    if (ordered === undefined) return undefined;
    if (copy === undefined && ordered !== value) copy = copyUpTo(from, keys, key);
    if (copy !== undefined) copy[key] = ordered;
  }
  return copy ?? from;
}

function copyUpTo(from: Keyed, keys: readonly string[], end: string): Keyed {
  const copy: Keyed = {};
  for (const key of keys) {
    if (key === end) break;
    copy[key] = from[key];
  }
  return copy;
}

// The few keys of an object are put in order sooner than a general sort has begun.
function sortFew(keys: string[]): string[] {
  if (keys.length > 16) return keys.sort();
  for (let index = 1; index < keys.length; index += 1) {
    const key = keys[index]!;
    let place = index;
    for (; place > 0 && keys[place - 1]! > key; place -= 1) keys[place] = keys[place - 1]!;
    keys[place] = key;
  }
  return keys;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
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
  scanJson(text, { key: refuseAgain });
  return value;
}

function refuseAgain({ name, again }: JsonKey): void {
  if (!again) return;
  const message = `The document names the key ${JSON.stringify(name)} twice in one object.`;
  throw new PlatformError('invalid', 'duplicate-key', message);
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Only the place: the engine's own message quotes the text, which may be about a person.
    const error = findJsonError(text);
    const early = error === undefined || error.position === text.length;
    const place = early ? 'it ends too early' : `line ${error.line} column ${error.column}`;
    throw new PlatformError('invalid', 'malformed-json', `The document is not valid JSON (${place}).`);
  }
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
