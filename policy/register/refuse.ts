/** The refusals of the register, in words. */
import type { FailureKind, InputIssue } from '../../platform/errors.ts';
import { PolicyError } from '../errors.ts';

/** A refusal; `code` is stable and public. */
export function refuse(kind: FailureKind, code: string, message: string, issues: InputIssue[] = []): PolicyError {
  return new PolicyError(kind, code, message, { issues });
}

/** Thrown for what a compromised key signed: the event stands in the chain and has no effect. */
export class VoidEvent extends PolicyError {
  constructor(message: string) {
    super('forbidden', 'key-compromised', message);
  }
}
