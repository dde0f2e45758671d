/** Parts of an entry: many things recorded as one, each of which can be shown and proved without the others. */
import { hash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { JsonObject } from '../json.ts';
import { drawBytes } from '../random.ts';

const saltBytes = 18;
const saltLength = 24;

/** Parts as they are kept and shown: a salt of its own, a space, its JSON. Neither can hold the end of a line. */
export function writeParts(parts: readonly string[], random = drawBytes): string[] {
  if (parts.some((part) => part.includes('\n'))) throw new TypeError('A part is one line.');
  const salts = random(saltBytes * parts.length).toString('base64url');
  return parts.map((part, index) => `${salts.slice(index * saltLength, (index + 1) * saltLength)} ${part}`);
}

/** What a part says. */
export function readPart(line: string): JsonObject {
  return JSON.parse(line.slice(saltLength + 1)) as JsonObject;
}

/** What an entry commits to for a part: SHA-256 of its line, base64url. */
export function partCommitment(line: string): string {
  return hash('sha256', line, 'base64url');
}

// Lines that were answered alike are alike: deflated (RFC 1951) they take a tenth of the room, and of the time to send them.
const fastest = { level: 1 };
const mostBytes = { maxOutputLength: 64 * 1024 * 1024 };

/** The lines as they are stored. */
export function packParts(lines: readonly string[]): Buffer {
  return deflateRawSync(lines.join('\n'), fastest);
}

/** The lines again; undefined for bytes that were not packed so. */
export function unpackParts(packed: Buffer): string[] | undefined {
  try {
    return inflateRawSync(packed, mostBytes).toString('utf8').split('\n');
  } catch {
    return undefined;
  }
}
