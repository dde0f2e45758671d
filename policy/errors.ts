/** What can go wrong on the policy floor. */
import { ServiceError } from '../platform/errors.ts';

/** A failure of the policy floor; `code` is stable and public. */
export class PolicyError extends ServiceError {}
