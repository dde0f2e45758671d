/** Failures as RFC 9457 problem documents: the one place where a kind becomes a status. */
import { HttpError } from 'koa';
import { type FailureKind, type InputIssue, ServiceError } from '../errors.ts';
import { WebError } from './web_error.ts';

/** An answer to a failure, before it is written as JSON or as a page. */
export type Failure = {
  status: number;
  code: string;
  /** In plain words; safe to show. */
  detail: string;
  issues: readonly InputIssue[];
  headers: Record<string, string>;
  /** False: nobody foresaw this error, so it belongs in the log with its stack. */
  foreseen: boolean;
};

type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  errors?: { pointer: string; detail: string }[];
};

const statuses: Record<FailureKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'too-many': 429,
  unavailable: 503,
};

const titles: Record<number, string> = {
  400: 'The request is not valid',
  401: 'Sign-in is needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not available in that form',
  409: 'Not possible as things stand',
  412: 'Changed in the meantime',
  413: 'Too large',
  415: 'Unsupported media type',
  429: 'Too many requests',
  500: 'Something went wrong',
  501: 'Method not known',
  503: 'Out of service for the moment',
};

/** Where the heading was put more plainly since: what machines read stays as it was. */
const codes: Record<number, string> = { 409: 'conflict' };

const details: Record<number, string> = {
  404: 'There is nothing at this address.',
  405: 'This address does not take that method.',
  500: 'Something went wrong on our side. It has been recorded. Try again, and if it stays, report the request id.',
};

/** What an error says to the outside. Errors that nobody foresaw say nothing but 500. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ServiceError) {
    const own = error instanceof WebError ? error : undefined;
    return {
      status: own?.status ?? statuses[error.kind],
      code: error.code,
      detail: error.message,
      issues: error.issues,
      headers: { ...(error.kind === 'unavailable' ? { 'Retry-After': '1' } : {}), ...own?.headers },
      foreseen: true,
    };
  }
  // Koa and its middlewares throw http-errors; their words are for developers, so only the status counts.
  if (error instanceof HttpError && error.expose)
    return { ...failureOfStatus(error.status), headers: { ...error.headers } };
  return { ...failureOfStatus(500), foreseen: false };
}

/** The failure behind a bare status that some step set without a body (404 of no route, 405 of a wrong method). */
export function failureOfStatus(status: number): Failure {
  const known = titles[status] === undefined ? 400 : status;
  const title = titles[known] ?? '';
  return {
    status,
    code: codes[known] ?? slug(title),
    detail: details[known] ?? `${title}.`,
    issues: [],
    headers: {},
    foreseen: true,
  };
}

/** A short heading for a status. */
export function titleOf(status: number): string {
  return titles[status] ?? (status < 500 ? 'The request is not valid' : 'Something went wrong');
}

/** The problem document; `type` is stable and names the code, `instance` the request. */
export function toProblem(failure: Failure, requestId: string): Problem {
  return {
    type: `urn:wayleave:problem:${failure.code}`,
    title: titleOf(failure.status),
    status: failure.status,
    detail: failure.detail,
    instance: `urn:wayleave:request:${requestId}`,
    ...(failure.issues.length === 0
      ? {}
      : { errors: failure.issues.map(({ pointer, message }) => ({ pointer, detail: message })) }),
  };
}

function slug(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z]+/g, '-');
}
