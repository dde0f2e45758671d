/** What can go wrong in Casebook, in words for the person in front of it. */

/** `outage`: Wayleave cannot be asked; `sign-in`: signing in did not work; the others speak for themselves. */
type CasebookFailure = 'outage' | 'sign-in' | 'not-found' | 'bad-request' | 'forbidden';

const statuses: Record<CasebookFailure, number> = {
  outage: 503,
  'sign-in': 400,
  'not-found': 404,
  'bad-request': 400,
  forbidden: 403,
};

export class CasebookError extends Error {
  readonly failure: CasebookFailure;
  readonly status: number;
  readonly title: string;

  constructor(failure: CasebookFailure, title: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'CasebookError';
    this.failure = failure;
    this.status = statuses[failure];
    this.title = title;
  }
}

export function outage(cause: unknown): CasebookError {
  return new CasebookError(
    'outage',
    'Casebook cannot ask Wayleave at the moment',
    'Casebook shows nothing from a record without asking Wayleave first, and Wayleave does not answer. Try again in a minute.',
    cause,
  );
}
