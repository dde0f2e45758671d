/** What still stands between a draft and its signatures: every mistake in words, with the place where it was typed. */
import type { z } from 'zod';
import type { InputIssue } from '../../../platform/errors.ts';
import { canonicalBytes, type JsonObject } from '../../../platform/json.ts';
import { checkProtocol } from '../../register/protocols/check.ts';
import { Protocol } from '../../register/protocols/document.ts';
import { mostBytes, pointer } from '../../register/protocols/read.ts';
import { termsOf } from '../../register/chain/terms.ts';
import type { RegisterState } from '../../register/chain/state.ts';
import { completeDocument } from './complete.ts';
import { findInvisible } from './invisible.ts';
import { explainIssues } from './schema_words.ts';
import { fillGaps } from './fill_gaps.ts';
import { isObject, tooLarge } from './text.ts';

/**
 * Lists what is wrong with a draft, one issue a place; an empty list means that it may be put to signature. What the
 * service fills in by itself (`completeDocument`) is filled in first.
 */
export function checkDraft(state: RegisterState, document: JsonObject): InputIssue[] {
  const size = canonicalBytes(document).length;
  if (size > mostBytes) return [{ pointer: '', message: tooLarge(size).message }];
  const complete = completeDocument(state, document);
  const issues = [...findInvisible(document), ...findUnknown(state, document)];
  const parsed = Protocol.safeParse(complete);
  if (parsed.success) issues.push(...checkProtocol(parsed.data, termsOf(state)));
  else
    issues.push(...explainIssues(parsed.error.issues, complete), ...checkTheRest(state, complete, parsed.error.issues));
  return onePerPlace(issues);
}

/** What is wrong with that which is there already, while something else is missing or has no form yet. */
function checkTheRest(state: RegisterState, complete: JsonObject, gaps: readonly z.core.$ZodIssue[]): InputIssue[] {
  const filled = fillGaps(complete);
  if (filled === undefined) return [];
  const places = gaps.map(({ path }) => pointer(...path));
  const inGap = (one: string): boolean => places.some((place) => one === place || one.startsWith(`${place}/`));
  return checkProtocol(filled, termsOf(state)).filter((issue) => !inGap(issue.pointer));
}

/** Codes of which no definition is published: said plainly here, because a pin for them cannot be filled in. */
function findUnknown(state: RegisterState, document: JsonObject): InputIssue[] {
  const issues: InputIssue[] = [];
  const look = (published: ReadonlyMap<string, unknown>, what: string, code: unknown, ...path: PropertyKey[]): void => {
    if (typeof code !== 'string' || code === '' || published.has(code)) return;
    issues.push({ pointer: pointer(...path), message: `No ${what} of this name is published: ${code.slice(0, 64)}.` });
  };
  const { framework } = document;
  each(document.parties, (party, at) => look(state.kinds, 'kind of agency', party.kind, 'parties', at, 'kind'));
  each(document.clauses, (clause, at) => {
    const here = ['clauses', at] as const;
    look(state.assets, 'type of record', clause.asset, ...here, 'asset');
    each(clause.recipients, (recipient, index) => {
      look(state.roles, 'role', recipient.role, ...here, 'recipients', index, 'role');
      look(state.kinds, 'kind of agency', recipient.kind, ...here, 'recipients', index, 'kind');
    });
  });
  each(document.examples, (example, at) =>
    look(state.assets, 'type of record', example.asset, 'examples', at, 'asset'),
  );
  if (isObject(framework) && typeof framework.id === 'string' && framework.id !== '') {
    if (!frameworksOf(state).has(framework.id)) {
      issues.push({
        pointer: '/framework/id',
        message: `No framework of this name is in force: ${framework.id.slice(0, 64)}.`,
      });
    }
  }
  return issues;
}

function frameworksOf(state: RegisterState): Set<string> {
  const frameworks = [...state.protocols.values()].filter(
    ({ status, document }) => status === 'in-force' && document.tier === 'framework',
  );
  return new Set(frameworks.map(({ document }) => document.id));
}

// Positions must be those of the document as typed, so nothing is filtered out before it is counted.
function each(list: unknown, look: (one: JsonObject, at: number) => void): void {
  if (!Array.isArray(list)) return;
  list.forEach((one: unknown, at) => void (isObject(one) && look(one, at)));
}

function onePerPlace(issues: readonly InputIssue[]): InputIssue[] {
  const first = new Map<string, InputIssue>();
  for (const issue of issues) if (!first.has(issue.pointer)) first.set(issue.pointer, issue);
  // The hash of the framework is filled in: where it cannot be, its name is what is wrong.
  if (first.has('/framework/id')) first.delete('/framework/hash');
  return [...first.values()];
}
