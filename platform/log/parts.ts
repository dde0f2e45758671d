/** Parts of an entry: many things recorded as one, each of which can be shown and proved without the others. */
import { hash } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import { drawBytes } from '../random.ts';

/** A part as it is stored and shown: a salt of its own, a space, its JSON. Neither can hold the end of a line. */
export function writePart(part: JsonObject, random = drawBytes): string {
  return `${random(16).toString('base64url')} ${JSON.stringify(part)}`;
}

/** What a part says. */
export function readPart(line: string): JsonObject {
  return JSON.parse(line.slice(line.indexOf(' ') + 1)) as JsonObject;
}

/** What an entry commits to for a part: SHA-256 of its line, base64url. */
export function partCommitment(line: string): string {
  return hash('sha256', line, 'base64url');
}

export function joinParts(lines: readonly string[]): string {
  return lines.join('\n');
}

export function splitParts(text: string): string[] {
  return text.split('\n');
}
