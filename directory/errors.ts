/** What can go wrong in the directory. */
import { ServiceError } from '../platform/errors.ts';

/** A failure of the directory floor; `code` is stable and public. */
export class DirectoryError extends ServiceError {}

/** The answer for a row that does not exist and for one that the actor may not see: they must not look different. */
export function notFound(
  what: 'practitioner' | 'post' | 'team' | 'agency' | 'partner' | 'registration' | 'administrator',
): DirectoryError {
  return new DirectoryError(
    'not-found',
    `${what}-not-found`,
    `There is no such ${what}, or it belongs to another agency.`,
  );
}
