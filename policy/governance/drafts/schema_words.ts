/** What the schema says of a draft, in words for its author. */
import type { z } from 'zod';
import type { InputIssue } from '../../../platform/errors.ts';
import { pointer } from '../../register/protocols/read.ts';
import { findLookalike } from './invisible.ts';

type Issue = z.core.$ZodIssue;

/** Each issue in words, with its place in `document`. */
export function explainIssues(issues: readonly Issue[], document: unknown): InputIssue[] {
  return issues.flatMap((issue) => explain(issue, valueAt(document, issue.path)));
}

function explain(issue: Issue, value: unknown): InputIssue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointer(...issue.path, key),
      message: `A protocol has no part “${key.slice(0, 64)}” here. Remove it, or move it where it belongs.`,
    }));
  }
  return [{ pointer: pointer(...issue.path), message: wordsFor(issue, value) }];
}

function wordsFor(issue: Issue, value: unknown): string {
  if (value === undefined || value === null || value === '') return 'Fill this in.';
  if (issue.code === 'too_small') return Array.isArray(value) ? 'Add at least one.' : `Give ${issue.minimum} or more.`;
  if (issue.code === 'too_big') return tooBig(issue.maximum, value);
  if (issue.code === 'invalid_value') return `Choose one of: ${issue.values.join(', ')}.`;
  if (issue.code === 'invalid_format') return badFormat(issue, value);
  if (issue.code === 'invalid_union') return union(issue.path);
  if (issue.code === 'invalid_type') return `This should be ${types[issue.expected] ?? `a ${issue.expected}`}.`;
  // The schema's own words: of characters that read otherwise than they are written.
  if (issue.code === 'custom') return sentence(issue.message);
  return 'This is not what a protocol holds here.';
}

const types: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of parts',
  record: 'a group of parts',
};

function tooBig(most: number | bigint, value: unknown): string {
  if (typeof value === 'string') return `Shorten this to ${most} characters.`;
  return Array.isArray(value) ? `There can be ${most} at most.` : `Give ${most} or less.`;
}

function badFormat({ format, message }: Issue & { format: string }, value: unknown): string {
  if (format === 'date') return 'Write a day that exists, as year-month-day: 2027-01-31.';
  if (format === 'email') return 'Write an e-mail address, like dpo@agency.example.';
  const lookalike = typeof value === 'string' ? findLookalike(value) : undefined;
  return lookalike ?? sentence(message);
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function union(path: readonly PropertyKey[]): string {
  if (path.at(-1) === 'rule') return 'Choose one of: not-required, inform, required.';
  if (path.at(-2) === 'recipients') return 'Name a role, and either one agency or a kind of agency.';
  return 'Give one value, a list of values, or a time counted from the moment of deciding.';
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    document,
  );
}
