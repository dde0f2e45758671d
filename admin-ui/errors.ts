/** What can go wrong in the web application. */
import { ServiceError } from '../platform/errors.ts';

export class WebApplicationError extends ServiceError {}

/** The address of an entry must be an id; anything else is nobody. */
export function unknownPerson(): WebApplicationError {
  return new WebApplicationError(
    'not-found',
    'person-unknown',
    'Nobody with this address can be found in the directory. They may have left.',
  );
}
