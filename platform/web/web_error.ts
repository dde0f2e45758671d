/** Failures that only HTTP knows: a status or headers that no kind of `ServiceError` has. */
import { PlatformError, type FailureKind, type InputIssue } from '../errors.ts';

type WebErrorOptions = {
  issues?: InputIssue[];
  status?: number;
  headers?: Record<string, string>;
  cause?: unknown;
};

/** A failure at the edge; `status` overrides what the kind would answer, `headers` go out with the answer. */
export class WebError extends PlatformError {
  readonly status: number | undefined;
  readonly headers: Record<string, string>;

  constructor(kind: FailureKind, code: string, message: string, options: WebErrorOptions = {}) {
    super(kind, code, message, { issues: options.issues ?? [], cause: options.cause });
    this.status = options.status;
    this.headers = options.headers ?? {};
  }
}
