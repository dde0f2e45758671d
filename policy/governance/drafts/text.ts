/** What a draft may hold as it is typed: anything that is JSON, of a protocol's size, without what a reader cannot see. */
import { canonicalBytes, type Json, type JsonObject } from '../../../platform/json.ts';
import { PolicyError } from '../../errors.ts';
import { agencyCode } from '../../register/protocols/document.ts';
import { mostBytes } from '../../register/protocols/read.ts';

/** How deep objects and lists may stand in each other; a protocol needs seven. */
export const deepest = 20;

/** Refuses what cannot be kept: `draft-too-large`, or `not-canonical` for what JSON cannot say unambiguously. */
export function requireStorable(document: JsonObject): void {
  if (depthOf(document) > deepest) throw tooDeep();
  const bytes = canonicalBytes(document);
  if (bytes.length > mostBytes) throw tooLarge(bytes.length);
  if (bytes.includes('\\u0000')) {
    throw new PolicyError('invalid', 'not-a-text', 'The text holds a character that is none (U+0000). Type it again.');
  }
}

/** The refusal of a text that is too large. */
export function tooLarge(bytes: number): PolicyError {
  const megabytes = (bytes / 1_000_000).toFixed(1);
  return new PolicyError(
    'too-large',
    'draft-too-large',
    `This text is ${megabytes} MB long. A protocol may be 1 MB at most: shorten it, or keep annexes elsewhere and name them.`,
  );
}

/** The refusal of a text whose parts stand too deep in each other. */
export function tooDeep(): PolicyError {
  return new PolicyError(
    'invalid',
    'draft-too-deep',
    `This is not a protocol: its parts stand more than ${deepest} deep in each other.`,
  );
}

/** Codes of the agencies that a document, however incomplete, names as parties. */
export function partiesOf({ parties }: JsonObject): string[] {
  if (!Array.isArray(parties)) return [];
  const codes = parties.map((party: Json) => (isObject(party) ? agencyCode.safeParse(party.agency).data : undefined));
  return [...new Set(codes.filter((code) => code !== undefined))];
}

/** True for a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects in what should be a list. */
export function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function depthOf(value: Json | undefined, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > deepest) return depth;
  return Object.values(value).reduce<number>((most, one) => Math.max(most, depthOf(one, depth + 1)), depth + 1);
}
