/** What can go wrong in the web application. */
import { ServiceError } from '../platform/errors.ts';

export class WebApplicationError extends ServiceError {}
