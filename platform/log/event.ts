/** What may be written into the log, and what becomes of it. */
import type { JsonObject } from '../json.ts';

export type LogEvent = {
  /** UUIDv7; made when absent. */
  id?: string;
  /** What happened: 'decision', 'sign-in', 'practitioner.suspended', … */
  event: string;
  actor: { practitioner?: string; post?: string; agency?: string; client?: string; service?: string };
  /** Official codes of the agencies whose officers may read the content. */
  agencies: string[];
  /** Id of the practitioner (or other thing) that it is about. */
  subject?: string;
  /** The particulars. They may identify people: they stand beside the proof, not in it, and can be erased. */
  content: JsonObject;
  /** Particulars that must be shown and proved one without the other, in order: each an object, as JSON on one line. */
  parts?: readonly string[];
  /** What only few of those who may read the content may open. */
  sealed?: Sealed;
};

/** A text kept beside an entry, encrypted. The entry itself holds its commitment, which is as long whatever the text says. */
export type Sealed = { commitment: string; text: Buffer };

/** The one event that may stand at an earlier time than the entry before it: an operator put the log's clock right. */
export const clockPutBack = 'log.clock-put-back';

/** The fence: record only if nothing has been revoked since `epoch`, and only before `validUntil` (epoch seconds). */
export type Guard = { epoch: number; validUntil: number };

export type Recorded = { outcome: 'recorded'; id: string; position: number; time: number };

/** `stale`: something was revoked since; decide again at `epoch` or later. `expired`: a fact ended before this was recorded. */
export type Appended = Recorded | { outcome: 'stale'; epoch: number } | { outcome: 'expired' };

/**
 * What a change may touch. The floor that owns the facts declares their topic beside them, in a `declare module` of this file;
 * a topic that nobody declared does not compile. Caches are kept by topic, and drop what the feed names.
 */
export interface Topics {}
export type Topic = keyof Topics;

/** One line of the change feed. The key `*` stands for everything of the topic. */
export type Affected = { topic: Topic; key: string };
