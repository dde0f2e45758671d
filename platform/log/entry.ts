/** One entry of the log: the leaf that is proved, and the content beside it that the leaf commits to. */
import { hash, randomBytes } from 'node:crypto';
import { PlatformError } from '../errors.ts';
import { canonicalText, type Json, type JsonObject } from '../json.ts';
import { isUuid, uuidv7 } from '../uuid.ts';
import type { LogEvent } from './event.ts';

/** What the leaf commits to: everything that may point to a person. */
export type Committed = { actor: LogEvent['actor']; agencies: string[]; subject?: string; content: JsonObject };

/** An event made ready before the head is locked, so that little is left to do while others wait for the lock. */
export type Prepared = {
  id: string;
  event: string;
  commitment: string;
  /** The members of the row in `log_content`, as JSON text without the braces. */
  row: string;
};

/** The leaf. It holds no direct identifier: `id` is random, `commitment` is salted. `register` is the register's head then. */
export type LeafEntry = {
  v: 1;
  log: string;
  position: number;
  id: string;
  time: number;
  event: string;
  epoch: number;
  register: string | null;
  commitment: string;
};

/** Makes an event ready to be written: a salt of its own, and the commitment to its canonical content. */
export function prepareEvent(event: LogEvent, now?: number, random: (size: number) => Buffer = randomBytes): Prepared {
  const id = event.id ?? uuidv7(now);
  if (!isUuid(id))
    throw new PlatformError('invalid', 'invalid-log-id', 'The id of a log entry must be a lower-case UUID.');
  const salt = random(32);
  const parts = committedParts(event);
  const commitment = commit(salt, joinParts(parts));
  const name = JSON.stringify(event.event);
  const row = `"id":"${id}","salt":"${salt.toString('base64')}","event":${name},${parts.join(',')}`;
  return { id, event: name, commitment, row };
}

/** The commitment: SHA-256(salt ‖ canonical content), base64url. */
export function commitmentTo(salt: Buffer, committed: Committed): string {
  return commit(salt, joinParts(committedParts(committed)));
}

/** The canonical text of a leaf (RFC 8785: keys in order, numbers as JavaScript writes them), written out for speed. */
export function leafText(prepared: Prepared, place: Omit<LeafEntry, 'v' | 'id' | 'event' | 'commitment'>): string {
  const { log, position, time, epoch, register } = place;
  return (
    `{"commitment":"${prepared.commitment}","epoch":${epoch},"event":${prepared.event},"id":"${prepared.id}",` +
    `"log":${JSON.stringify(log)},"position":${position},"register":${JSON.stringify(register)},"time":${time},"v":1}`
  );
}

// In the order of the keys, so that the whole is canonical because each part is.
function committedParts({ actor, agencies, content, subject }: Committed): string[] {
  const parts = [`"actor":${storable(actor)}`, `"agencies":${storable(agencies)}`, `"content":${storable(content)}`];
  return subject === undefined ? parts : [...parts, `"subject":${storable(subject)}`];
}

function joinParts(parts: string[]): string {
  return `{${parts.join(',')}}`;
}

function commit(salt: Buffer, text: string): string {
  return hash('sha256', Buffer.concat([salt, Buffer.from(text, 'utf8')]), 'base64url');
}

// PostgreSQL's jsonb cannot hold U+0000: refused here, or it would spoil the batch that it travels in.
function storable(value: Json): string {
  const text = canonicalText(value);
  if (/(?<!\\)(?:\\\\)*\\u0000/.test(text)) {
    throw new PlatformError(
      'invalid',
      'not-storable',
      'The text contains the character U+0000, which cannot be recorded.',
    );
  }
  return text;
}
