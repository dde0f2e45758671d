/** The refusals of the register, in words. */
import type { FailureKind, InputIssue } from '../../../platform/errors.ts';
import { PolicyError } from '../../errors.ts';

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

/** Thrown where a text that something rests on cannot be read: nothing can be said about it, either way. */
export class TextUnreadable extends PolicyError {
  constructor() {
    super('unavailable', 'text-damaged', 'The text, or its framework’s, is not the one that was signed.');
  }
}
