/**
 * What few may know of a decision: whom it is about, and why it came out as it did. It stands sealed beside the record, which
 * holds a commitment of one length, so that whoever reads the record learns nothing from how long it is.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { seal, unseal } from '../../../platform/keys/envelope.ts';
import type { JsonObject } from '../../../platform/json.ts';
import type { Sealed } from '../../../platform/log/event.ts';
import { partCommitment, textOf, writeLine } from '../../../platform/log/parts.ts';
import type { LogEntry } from '../../../platform/log/read.ts';
import type { CompiledClause } from '../rules/clause.ts';
import { isConditional } from '../rules/conditions.ts';
import type { ClauseReference } from '../rules/clause.ts';
import type { DecisionRequest } from './decision.ts';
import type { Inquiry } from './inquiry.ts';
import type { ReasonCode } from './reasons.ts';
import type { Unrecorded } from './work_out.ts';

/** The attributes that conditions tested, what each clause lacked, and which prohibitions applied. */
type Explanation = {
  attributes: JsonObject;
  clauses: (ClauseReference & { unmet: readonly ReasonCode[] })[];
  prohibitions: ClauseReference[];
};

/** Of one decision; `subject` is the pseudonym by which the service itself knows the data subject. */
type Hidden = { subject?: string | undefined; explanation?: Explanation | undefined };

/**
 * Seals it for the decisions of one entry, in their order. It is there whenever there could be something to hide, so that its
 * presence tells nothing: that depends on the question and the rules alone.
 */
export function sealHidden(masterKey: Buffer, entry: string, decisions: readonly Unrecorded[]): Sealed | undefined {
  const hidden = decisions.map(hide);
  if (hidden.every(({ subject, explanation }) => subject === undefined && explanation === undefined)) return undefined;
  const line = writeLine(JSON.stringify(hidden));
  return { commitment: partCommitment(line), text: seal(masterKey, label(entry), pack(line, decisions.length > 1)) };
}

/** Opens it: one for each decision of the entry, none where nothing was hidden; undefined where it is not what was recorded. */
export function openHidden(masterKey: Buffer, entry: Shut): Hidden[] | undefined {
  try {
    return open(masterKey, entry);
  } catch {
    return undefined; // somebody edited the row by hand, or the master key is no longer the same
  }
}

function open(masterKey: Buffer, { id, event, sealed, content, parts = [] }: Shut): Hidden[] {
  if (sealed === undefined) return openEarlier(masterKey, id, content, parts);
  const bytes = unseal(masterKey, label(id), sealed.text);
  const line = (event === 'decisions' ? inflateRawSync(bytes) : bytes).toString('utf8');
  if (partCommitment(line) !== sealed.commitment)
    throw new Error(`What is sealed beside ${id} is not what was recorded.`);
  return JSON.parse(textOf(line)) as Hidden[];
}

type Shut = Pick<LogEntry, 'id' | 'event' | 'sealed' | 'content' | 'parts'>;

/** Whether a record is of the first form: what few may know stood sealed within it, and the data subject's pseudonym bare. */
export function holdsHidden({ content, parts = [] }: Pick<LogEntry, 'content' | 'parts'>): boolean {
  const { sealed, sealed_together: together } = content ?? {};
  return [sealed, together, subjectIn(content?.request), ...parts.map(subjectIn)].some((one) => one !== undefined);
}

function openEarlier(
  masterKey: Buffer,
  entry: string,
  content: JsonObject = {},
  parts: readonly JsonObject[],
): Hidden[] {
  const { sealed, sealed_together: together, request } = content;
  const open = (text: string): Buffer => unseal(masterKey, label(entry), Buffer.from(text, 'base64'));
  const read = (bytes: Buffer): unknown => JSON.parse(bytes.toString('utf8'));
  const explanations = (
    typeof sealed === 'string'
      ? [read(open(sealed))]
      : typeof together === 'string'
        ? read(inflateRawSync(open(together)))
        : []
  ) as (Explanation | null)[];
  const subjects = parts.length > 0 ? parts.map(subjectIn) : [subjectIn(request)];
  return subjects.map((subject, number) => ({ subject, explanation: explanations[number] ?? undefined }));
}

function subjectIn(asked: unknown): string | undefined {
  return (asked as { resource?: { data_subject?: string } } | undefined)?.resource?.data_subject;
}

// Explanations of one question are alike: deflated, a hundred take the room of a few.
function pack(line: string, several: boolean): Buffer {
  const bytes = Buffer.from(line, 'utf8');
  return several ? deflateRawSync(bytes, { level: 1 }) : bytes;
}

// An envelope moved to another entry stays shut.
function label(entry: string): string {
  return `decision ${entry}`;
}

function hide({ inquiry, weighed }: Unrecorded): Hidden {
  return { subject: inquiry.facts.subject, explanation: explain(inquiry, weighed) };
}

function explain(inquiry: Inquiry, weighed: Unrecorded['weighed']): Explanation | undefined {
  const { request, matched } = inquiry;
  const attributes = testedAttributes(inquiry);
  const asks = matched.mayProhibit || weighed.some(({ entry }) => asksAboutSubject(entry, request));
  if (!asks && Object.keys(attributes).length === 0) return undefined;
  return {
    attributes,
    clauses: weighed.map(({ entry, unmet }) => ({ ...entry.reference, unmet })),
    prohibitions: matched.prohibitions.map(({ reference }) => reference),
  };
}

// Only what conditions can test is kept; whatever else a caller sends along is none of our business.
function testedAttributes({ request: { resource }, matched: { asset } }: Inquiry): JsonObject {
  const names = new Set(['area', ...(asset?.attributes ?? []).map(({ name }) => name)]);
  const known = [...names].filter((name) => Object.hasOwn(resource.attributes, name));
  return Object.fromEntries(known.map((name) => [name, resource.attributes[name]])) as JsonObject;
}

function asksAboutSubject({ clause }: CompiledClause, { purpose = '' }: DecisionRequest): boolean {
  if (clause.explain === 'facts' || !clause.purposes.includes(purpose)) return false;
  return isConditional(clause) || clause.consent.rule === 'required' || clause.involvement === 'required';
}
