/** Why a decision came out as it did, as only the holding agency's officers may know it: sealed in the record. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { seal, unseal } from '../../../platform/keys/envelope.ts';
import type { JsonObject } from '../../../platform/json.ts';
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

/**
 * What a decision's record keeps of it. It is there whenever there could be something to hide, so that its presence tells
 * nothing; nor does its length.
 */
export function sealExplanation(masterKey: Buffer, entry: string, decision: Unrecorded): JsonObject {
  const explanation = explain(decision);
  if (explanation === null) return {};
  const text = JSON.stringify(explanation);
  const bytes = Buffer.alloc(padded(Buffer.byteLength(text)), ' ');
  bytes.write(text);
  return { sealed: seal(masterKey, label(entry), bytes).toString('base64') };
}

/** The same for the decisions of one entry, in their order. */
export function sealExplanations(masterKey: Buffer, entry: string, decisions: readonly Unrecorded[]): JsonObject {
  const explanations = decisions.map(explain);
  if (explanations.every((one) => one === null)) return {};
  const deflated = deflateRawSync(JSON.stringify(explanations), { level: 1 });
  // Deflated, an explanation takes 10 to 30 bytes: how many there are says how long the whole is, not what they say.
  const bytes = Buffer.concat([deflated], padded(Math.max(deflated.length, 64 * decisions.length)));
  return { sealed_together: seal(masterKey, label(entry), bytes).toString('base64') };
}

/**
 * What the holding agency's officer may see beyond the answer; undefined where there was nothing to hide. `number`: the
 * decision's place in an entry of several.
 */
export function openExplanation(
  masterKey: Buffer,
  entry: string,
  { sealed, sealed_together: together }: JsonObject,
  number = 0,
): Explanation | undefined {
  const open = (text: string): Buffer => unseal(masterKey, label(entry), Buffer.from(text, 'base64'));
  if (typeof sealed === 'string') return JSON.parse(open(sealed).toString('utf8')) as Explanation;
  if (typeof together !== 'string') return undefined;
  const all = JSON.parse(inflateRawSync(open(together)).toString('utf8')) as (Explanation | null)[];
  return all[number] ?? undefined;
}

// An envelope moved to another entry stays shut.
function label(entry: string): string {
  return `decision ${entry}`;
}

// Who may not open it still sees how long it is: that must not tell one missing need from another.
function padded(length: number): number {
  return Math.ceil(length / 512) * 512;
}

function explain({ inquiry, weighed }: Unrecorded): Explanation | null {
  const { request, matched } = inquiry;
  const attributes = testedAttributes(inquiry);
  const asks = matched.mayProhibit || weighed.some(({ entry }) => asksAboutSubject(entry, request));
  if (!asks && Object.keys(attributes).length === 0) return null;
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
