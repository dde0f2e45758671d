/** What can go wrong, in a form that every edge can turn into its own document: one base class, one class per floor. */

/** The kinds of failure that an edge knows how to answer. The mapping to HTTP stands in `platform/web/problem.ts`. */
export type FailureKind =
  'invalid' | 'unauthenticated' | 'forbidden' | 'not-found' | 'conflict' | 'too-large' | 'too-many' | 'unavailable';

/** Where in the input a mistake stands (`pointer` is an RFC 6901 JSON pointer, or a form field's name). */
export type InputIssue = { pointer: string; message: string };

/**
 * A failure that was foreseen. `code` is stable and public (it becomes the problem document's `type`); `message` says in
 * plain English what was wrong, with what, and what to do, and holds no personal data.
 */
export class ServiceError extends Error {
  readonly code: string;
  readonly kind: FailureKind;
  readonly issues: readonly InputIssue[];

  constructor(
    kind: FailureKind,
    code: string,
    message: string,
    options: { issues?: InputIssue[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.kind = kind;
    this.code = code;
    this.issues = options.issues ?? [];
  }
}

/** The first few of what is wrong with an input, each in `words`, and how many more were found. */
export function firstIssues(
  issues: readonly InputIssue[],
  most: number,
  words = ({ message }: InputIssue): string => message,
): string[] {
  const shown = issues.slice(0, most).map(words);
  return issues.length > most ? [...shown, `And at least ${issues.length - most} more like these.`] : shown;
}

/** A failure of the ground floor. */
export class PlatformError extends ServiceError {}
