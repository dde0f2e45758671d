/** Characters that a reader cannot see or would take for another: two people would sign what they read differently. */
import type { InputIssue } from '../../../platform/errors.ts';
import type { Json, JsonObject } from '../../../platform/json.ts';
import { invisible } from '../../register/protocols/plain.ts';
import { pointer } from '../../register/protocols/read.ts';

/** Each text or key that holds one, with its place. */
export function findInvisible(document: JsonObject): InputIssue[] {
  const issues: InputIssue[] = [];
  walk(document, [], issues);
  return issues;
}

function walk(value: Json | undefined, path: readonly string[], issues: InputIssue[]): void {
  if (typeof value === 'string') return note(value, path, issues);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) note(key, [...path, key], issues);
    walk(inner, [...path, key], issues);
  }
}

function note(text: string, path: readonly string[], issues: InputIssue[]): void {
  const found = invisible.exec(text);
  if (found === null) return;
  const message = `Character ${countTo(text, found.index)} cannot be seen (${nameOf(found[0])}). Type this again.`;
  issues.push({ pointer: pointer(...path), message });
}

/**
 * For a text that must be a code: the first character that is none of a code's, though it may look like one; undefined
 * where all are plain.
 */
export function findLookalike(text: string): string | undefined {
  // oxlint-disable-next-line no-control-regex -- the whole of ASCII is meant
  const found = /[^\x00-\x7F]/u.exec(text);
  if (found === null) return undefined;
  return `Character ${countTo(text, found.index)}, “${found[0]}” (${nameOf(found[0])}), is not one of a code, whatever it looks like. Type it again.`;
}

function countTo(text: string, index: number): number {
  return Array.from(text.slice(0, index)).length + 1;
}

function nameOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
