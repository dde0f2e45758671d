/**
 * What a schema says of a value that does not fit, in our words wherever the schema has none of its own. Importing this sets
 * it for the process; every edge that hands on what schemas say does. The words follow a place: "/name must be a string".
 */
import { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

z.config({ customError: inOurWords });

/** Never quotes what was sent. */
function inOurWords(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${article(issue.expected)}`;
    case 'too_big':
      return tooBig(issue);
    case 'too_small':
      return tooSmall(issue);
    case 'invalid_format':
      return formats[issue.format] ?? 'does not have the form that is taken here';
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return 'has none of the forms that are taken here';
    case 'unrecognized_keys':
      return 'has fields that are not known here';
    case 'custom':
    case 'invalid_element':
    case 'invalid_key':
      return 'is not what is taken here';
  }
}

const formats: Record<string, string> = {
  email: 'must be an e-mail address',
  url: 'must be an address, such as https://agency.example',
  uuid: 'must be an id of 36 characters, such as 0b5d8f0e-5b7e-4c1d-9c52-3f5f0e9a7a11',
  date: 'must be a day that exists, such as 2027-01-31',
  datetime: 'must be a time, such as 2027-01-31T09:00:00Z',
  base64url: 'must be base64url',
  base64: 'must be base64',
};

function tooBig({ origin, maximum, inclusive }: z.core.$ZodRawIssue<z.core.$ZodIssueTooBig>): string {
  if (origin === 'string') return `must not be longer than ${maximum} characters`;
  if (isMany(origin)) return `must not have more than ${maximum} entries`;
  return inclusive === false ? `must be less than ${maximum}` : `must be ${maximum} at most`;
}

function tooSmall({ origin, minimum, inclusive }: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall>): string {
  if (origin === 'string' || isMany(origin)) {
    if (minimum === 1) return 'must not be empty';
    return `must have at least ${minimum} ${origin === 'string' ? 'characters' : 'entries'}`;
  }
  return inclusive === false ? `must be more than ${minimum}` : `must be ${minimum} or more`;
}

function isMany(origin: string): boolean {
  return ['array', 'set', 'map', 'object', 'record'].includes(origin);
}

function article(expected: string): string {
  if (expected === 'int') return 'a whole number';
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}
