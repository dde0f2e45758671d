/** One entry of the log: the leaf that is proved, and the content beside it that the leaf commits to. */
import { hash } from 'node:crypto';
import { PlatformError } from '../errors.ts';
import { canonicalText, type JsonObject } from '../json.ts';
import { drawBytes } from '../random.ts';
import { isUuid, uuidv7 } from '../uuid.ts';
import type { LogEvent } from './event.ts';
import { packParts } from './parts.ts';

/** What the leaf commits to: everything that may point to a person. */
export type Committed = {
  actor: LogEvent['actor'];
  agencies: string[];
  subject?: string | undefined;
  content: JsonObject;
  /** The commitments of its parts, where it has any. */
  parts?: string[] | undefined;
  /** The commitment of what is sealed beside it, where anything is. */
  sealed?: string | undefined;
};

/** An event made ready before the head is locked, so that little is left to do while others wait for the lock. */
export type Prepared = {
  id: string;
  event: string;
  agencies: string[];
  practitioner: string | undefined;
  subject: string | undefined;
  salt: Buffer;
  /** Canonical text of what the leaf commits to. */
  committed: string;
  /** As they are stored. */
  parts: Buffer | undefined;
  sealed: Buffer | undefined;
  /** SHA-256(salt ‖ committed), base64url. */
  commitment: string;
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
export function prepareEvent(event: LogEvent, now?: number, random = drawBytes): Prepared {
  const id = event.id ?? uuidv7(now);
  if (!isUuid(id))
    throw new PlatformError('invalid', 'invalid-log-id', 'The id of a log entry must be a lower-case UUID.');
  const { actor, subject, content, sealed } = event;
  const agencies = [...new Set(event.agencies)];
  const { packed, commitments } = (event.parts && packParts(event.parts, random)) ?? {};
  const commits = { parts: commitments, sealed: sealed?.commitment };
  const committed = canonicalText({ actor, agencies, content, ...commits, subject } satisfies Committed);
  refuseUnstorable([event.event, actor.practitioner, subject, ...agencies], committed);
  const salt = random(32);
  const { practitioner } = actor;
  const kept = { salt, committed, parts: packed, sealed: sealed?.text };
  return {
    id,
    event: event.event,
    agencies,
    practitioner,
    subject,
    ...kept,
    commitment: commitmentTo(salt, committed),
  };
}

/** The commitment of a leaf to a canonical text. */
export function commitmentTo(salt: Buffer, committed: string): string {
  const size = salt.length + Buffer.byteLength(committed, 'utf8');
  // Everything is hashed at once, so one buffer serves all but the longest texts.
  const bytes = size <= scratch.length ? scratch.subarray(0, size) : Buffer.alloc(size);
  bytes.set(salt);
  bytes.write(committed, salt.length, 'utf8');
  return hash('sha256', bytes, 'base64url');
}

const scratch = Buffer.alloc(16_384);

/** The canonical text of a leaf (RFC 8785: keys in order, numbers as JavaScript writes them), written out for speed. */
export function leafText(prepared: Prepared, place: Omit<LeafEntry, 'v' | 'id' | 'event' | 'commitment'>): string {
  const { log, position, time, epoch, register } = place;
  return (
    `{"commitment":"${prepared.commitment}","epoch":${epoch},"event":${JSON.stringify(prepared.event)},"id":"${prepared.id}",` +
    `"log":${JSON.stringify(log)},"position":${position},"register":${JSON.stringify(register)},"time":${time},"v":1}`
  );
}

// PostgreSQL's text holds no U+0000, not even written as JSON if it is ever to be looked into: refused here, or a whole batch
// would be spoilt. A name is a line of text on pages and in files, so it holds no control character at all.
function refuseUnstorable(names: readonly (string | undefined)[], committed: string): void {
  // oxlint-disable-next-line no-control-regex
  const isBad = names.some((name) => name !== undefined && /[\u0000-\u001f]/.test(name));
  if (isBad || (committed.includes('\\u0000') && /(?<!\\)(?:\\\\)*\\u0000/.test(committed))) {
    throw new PlatformError(
      'invalid',
      'not-storable',
      'The text contains a control character that cannot be recorded.',
    );
  }
}
