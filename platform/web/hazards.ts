/** What parses, and yet would harm further in. */
import { escapePointer, InputError } from './input_error.ts';

const deepest = 64;

/**
 * Refuses `__proto__` keys, nesting that exhausts the stack of whatever walks it next, and strings that PostgreSQL and
 * RFC 8785 cannot hold (U+0000, half of a surrogate pair).
 */
export function refuseHazards(value: unknown): void {
  // Nearly all input is harmless, so where a mistake stands is worked out only once there is one.
  if (!isHarmless(value, 0)) reject(value, '', 0);
}

function isHarmless(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return isText(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= deepest) return false;
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || !isText(key)) return false;
    if (!isHarmless((value as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return true;
}

function reject(value: unknown, pointer: string, depth: number): void {
  if (typeof value === 'string') requireText(value, pointer);
  if (typeof value !== 'object' || value === null) return;
  if (depth >= deepest) throw new InputError([], `The body is nested more than ${deepest} levels deep.`);
  for (const [key, inner] of Object.entries(value)) {
    requireText(key, pointer);
    if (key === '__proto__') throw new InputError([{ pointer, message: 'must not have a field named __proto__' }]);
    reject(inner, `${pointer}/${escapePointer(key)}`, depth + 1);
  }
}

function isText(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0');
}

function requireText(value: string, pointer: string): void {
  if (value.includes('\0')) throw new InputError([{ pointer, message: 'must not contain the character U+0000' }]);
  if (!value.isWellFormed()) throw new InputError([{ pointer, message: 'must not contain half of a surrogate pair' }]);
}
