/** What can go wrong between a partner system and Wayleave, each with a code that stays what it is. */

export type FailureCode =
  /** Nobody answers at the address. */
  | 'unreachable'
  /** No answer within `timeoutMs`. */
  | 'timed-out'
  /** Wayleave says that it cannot decide at the moment (503), or that it is asked too often (429). */
  | 'not-available'
  /** Wayleave failed (another 5xx). */
  | 'service-failed'
  /** No token could be had. */
  | 'token-refused'
  /** The token was refused (401), twice. */
  | 'not-authenticated'
  /** This system may not ask that (403). */
  | 'not-allowed'
  /** The question is wrong (another 4xx); the message says how. */
  | 'question-refused'
  /** What came back is not an answer to this question. */
  | 'answer-not-readable'
  /** The batch ended before this question. */
  | 'not-evaluated'
  | 'too-many-questions'
  /** The answer's time is over. */
  | 'answer-expired'
  | 'record-not-found'
  | 'record-not-an-object'
  /** A duty came with the answer for which there is no handler. */
  | 'obligation-unknown'
  | 'obligation-failed'
  | 'obligation-not-acknowledged'
  /** The client cannot be used as it is set up. */
  | 'configuration-wrong';

export class WayleaveError extends Error {
  readonly code: FailureCode;
  /** HTTP status that came back, if any. */
  readonly status: number | undefined;

  constructor(code: FailureCode, message: string, more: { status?: number; cause?: unknown } = {}) {
    super(message, { cause: more.cause });
    this.name = 'WayleaveError';
    this.code = code;
    this.status = more.status;
  }
}

export const expired = (): WayleaveError => new WayleaveError('answer-expired', 'The answer’s time is over.');

/** Whatever was thrown, as an error with a code. */
export function toWayleaveError(error: unknown): WayleaveError {
  if (error instanceof WayleaveError) return error;
  return new WayleaveError('unreachable', 'Wayleave cannot be reached.', { cause: error });
}
