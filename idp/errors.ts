/** What can go wrong in identity. */
import { ServiceError } from '../platform/errors.ts';

/** A failure of the identity floor; `code` is stable and public. */
export class IdentityError extends ServiceError {}
