/** An incomplete draft made complete with placeholders, so that what is there already can be checked while the rest is to come. */
import type { z } from 'zod';
import type { JsonObject } from '../../../platform/json.ts';
import { Protocol } from '../../register/protocols/document.ts';
import { isObject } from './text.ts';

type Issue = z.core.$ZodIssue;
type Keyed = Record<PropertyKey, unknown>;

/** What fills a gap may lack something itself, or be of another form than is asked for: so it takes several turns. */
const rounds = 8;

/** The document with a placeholder of the right form in each gap; undefined where none will do. */
export function fillGaps(document: JsonObject): Protocol | undefined {
  const filled = structuredClone(document);
  for (let round = 0; round < rounds; round += 1) {
    const parsed = Protocol.safeParse(filled);
    if (parsed.success) return parsed.data;
    // Each placeholder has a name of its own, so that no two are the same party or clause.
    parsed.error.issues.forEach((issue, index) => fill(filled, issue, `gap${round}x${index}`));
  }
  return undefined;
}

function fill(document: JsonObject, issue: Issue, name: string): void {
  // Of a consent rule that is none, the whole is replaced.
  const path = issue.path.at(-1) === 'rule' ? issue.path.slice(0, -1) : issue.path;
  const [parent, key] = [follow(document, path.slice(0, -1)), path.at(-1)];
  if (issue.code === 'unrecognized_keys') {
    const holder = follow(document, path);
    for (const unknown of issue.keys) if (isObject(holder)) delete (holder as Keyed)[unknown];
  } else if (typeof parent === 'object' && parent !== null && key !== undefined) {
    (parent as Keyed)[key] = placeholder(issue, key, (parent as Keyed)[key], name);
  }
}

function follow(document: JsonObject, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Keyed | null | undefined)?.[key], document);
}

function placeholder(issue: Issue, key: PropertyKey, value: unknown, name: string): unknown {
  if (key === 'consent') return { rule: 'not-required' };
  if (issue.code === 'invalid_value') return issue.values[0];
  if (issue.code === 'invalid_type') return structuredClone(forms[issue.expected]) ?? name;
  if (issue.code === 'invalid_format') return formatted(issue.format, key, value, name);
  if (issue.code === 'invalid_union') return typeof key === 'number' ? { role: name, kind: name } : name;
  if (issue.code === 'too_big') return shorten(value, Number(issue.maximum));
  if (issue.code === 'too_small' && typeof value === 'number') return Number(issue.minimum);
  return Array.isArray(value) ? [name] : name;
}

const forms: Record<string, unknown> = { array: [], object: {}, record: {}, number: 1, int: 1, boolean: false };

function formatted(format: string, key: PropertyKey, value: unknown, name: string): string {
  if (format === 'date') return key === 'until' ? '9999-12-31' : '2000-01-01';
  if (format === 'email') return `${name}@gap.example`;
  // A code in small letters, then an agency's in capitals, then a hash.
  if (typeof value === 'string' && value.startsWith('gap')) return value.toUpperCase();
  return typeof value === 'string' && value.startsWith('GAP') ? 'A'.repeat(43) : name;
}

function shorten(value: unknown, length: number): unknown {
  return typeof value === 'string' || Array.isArray(value) ? value.slice(0, length) : length;
}
