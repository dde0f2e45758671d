/** Why a decision came out as it did, as only the holding agency's officers may know it: sealed in the record. */
import { seal, unseal } from '../../platform/keys/envelope.ts';
import type { JsonObject } from '../../platform/json.ts';
import type { CompiledClause } from '../rules/clause.ts';
import { isConditional } from '../rules/conditions.ts';
import type { ClauseReference, DecisionRequest, ReasonCode } from './decision.ts';
import type { Matched } from './match_clauses.ts';
import type { Weighed } from './weigh_clauses.ts';

/** The attributes that conditions tested, what each clause lacked, and which prohibitions applied. */
export type Explanation = {
  attributes: JsonObject;
  clauses: (ClauseReference & { unmet: ReasonCode[] })[];
  prohibitions: ClauseReference[];
};

type Explained = { request: DecisionRequest; matched: Matched; weighed: readonly Weighed[] };

/**
 * The explanations of an entry's decisions, in their order, as the entry keeps them. They are there whenever there could be
 * something to hide, so that their presence tells nothing.
 */
export function sealExplanations(masterKey: Buffer, entry: string, decisions: readonly Explained[]): JsonObject {
  const explanations = decisions.map(explain);
  if (explanations.every((one) => one === null)) return {};
  const bytes = Buffer.from(JSON.stringify(explanations.length === 1 ? explanations[0] : explanations), 'utf8');
  return { sealed: seal(masterKey, label(entry), bytes).toString('base64') };
}

/** What the holding agency's officer may see beyond the answer of that number; undefined where there was nothing to hide. */
export function openExplanation(
  masterKey: Buffer,
  entry: string,
  content: JsonObject,
  number = 0,
): Explanation | undefined {
  if (typeof content.sealed !== 'string') return undefined;
  const bytes = unseal(masterKey, label(entry), Buffer.from(content.sealed, 'base64'));
  const kept = JSON.parse(bytes.toString('utf8')) as Explanation | (Explanation | null)[];
  return (Array.isArray(kept) ? kept[number] : kept) ?? undefined;
}

// An envelope moved to another entry stays shut.
function label(entry: string): string {
  return `decision ${entry}`;
}

function explain({ request, matched, weighed }: Explained): Explanation | null {
  const attributes = testedAttributes(request, matched);
  const asks = matched.mayProhibit || weighed.some(({ entry }) => asksAboutSubject(entry, request));
  if (!asks && Object.keys(attributes).length === 0) return null;
  return {
    attributes,
    clauses: weighed.map(({ entry, unmet }) => ({ ...entry.reference, unmet: unmet.map(({ code }) => code) })),
    prohibitions: matched.prohibitions.map(({ reference }) => reference),
  };
}

// Only what conditions can test is kept; whatever else a caller sends along is none of our business.
function testedAttributes({ resource }: DecisionRequest, { asset }: Matched): JsonObject {
  const names = new Set(['area', ...(asset?.attributes ?? []).map(({ name }) => name)]);
  const known = [...names].filter((name) => Object.hasOwn(resource.attributes, name));
  return Object.fromEntries(known.map((name) => [name, resource.attributes[name]])) as JsonObject;
}

function asksAboutSubject({ clause }: CompiledClause, { purpose = '' }: DecisionRequest): boolean {
  if (clause.explain === 'facts' || !clause.purposes.includes(purpose)) return false;
  return isConditional(clause) || clause.consent.rule === 'required' || clause.involvement === 'required';
}
