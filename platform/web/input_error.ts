/** Input that does not fit, with a pointer to each mistake. */
import type { InputIssue } from '../errors.ts';
import { WebError } from './web_error.ts';

/** What was sent does not fit; `issues` say where and why. Answered as 400. */
export class InputError extends WebError {
  constructor(issues: InputIssue[], message?: string, options: { code?: string; cause?: unknown } = {}) {
    super('invalid', options.code ?? 'invalid-input', message ?? summary(issues), { issues, cause: options.cause });
  }
}

/** One step of an RFC 6901 pointer. */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function summary(issues: InputIssue[]): string {
  const first = issues[0];
  if (first === undefined) return 'What was sent is not valid.';
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return `${first.pointer === '' ? 'The input' : first.pointer} ${first.message}${more}.`;
}
