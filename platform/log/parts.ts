/** Parts of an entry: many things recorded as one, each of which can be shown and proved without the others. */
import { hash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { JsonObject } from '../json.ts';
import { drawBytes } from '../random.ts';

const saltBytes = 18;
const saltLength = 24;

// Lines that were answered alike are alike: deflated (RFC 1951) they take a tenth of the room, and of the time to send them.
const fastest = { level: 1 };
const mostBytes = { maxOutputLength: 64 * 1024 * 1024 };

/**
 * Parts as an entry keeps them, and what it commits to for each. A part is kept and shown as a line: a salt of its own, a
 * space, its JSON.
 */
export function packParts(parts: readonly string[], random = drawBytes): { packed: Buffer; commitments: string[] } {
  const salts = random(saltBytes * parts.length).toString('base64url');
  const salt = (index: number): string => salts.slice(index * saltLength, (index + 1) * saltLength);
  const lines = Buffer.from(parts.map((part, index) => `${salt(index)} ${part}`).join('\n'), 'utf8');
  // All lines are hashed where they stand: as texts of their own each would be copied twice more.
  const commitments: string[] = [];
  for (let start = 0; start <= lines.length;) {
    const found = lines.indexOf(lineEnd, start);
    const end = found === -1 ? lines.length : found;
    commitments.push(partCommitment(lines.subarray(start, end)));
    start = end + 1;
  }
  if (commitments.length !== parts.length) throw new TypeError('A part is one line.');
  return { packed: deflateRawSync(lines, fastest), commitments };
}

const lineEnd = 0x0a;

/** A line by itself: a salt of its own, a space, the JSON of what is said. */
export function writeLine(json: string, random = drawBytes): string {
  return `${random(saltBytes).toString('base64url')} ${json}`;
}

/** The JSON of a line. */
export function textOf(line: string): string {
  return line.slice(saltLength + 1);
}

/** The lines again; undefined for bytes that were not packed so. */
export function unpackParts(packed: Buffer): string[] | undefined {
  try {
    return inflateRawSync(packed, mostBytes).toString('utf8').split('\n');
  } catch {
    return undefined;
  }
}

/** What a line of a part says. */
export function readPart(line: string): JsonObject {
  return JSON.parse(textOf(line)) as JsonObject;
}

/** What an entry commits to for the part of this line: its SHA-256, base64url. */
export function partCommitment(line: string | Uint8Array): string {
  return hash('sha256', line, 'base64url');
}
