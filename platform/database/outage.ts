/** What PostgreSQL says when it cannot serve, whatever it was asked: one class of failures, and one answer, 503, at every edge. */
import { isNativeError } from 'node:util/types';
import { PlatformError, type ServiceError } from '../errors.ts';

const UNAVAILABLE = 'database-unavailable';

/**
 * The server answers and refuses. By SQLSTATE or its class, the longer first: what an operator reads of why. A connection that
 * was refused something is thrown away, since the next one may lead to a server, or to settings, that refuse no longer.
 */
const refusals: [state: string, why: string][] = [
  ['25006', 'it only lets itself be read'],
  ['28', 'it refuses the service’s sign-in'],
  ['3D000', 'there is no database of that name'],
  ['40', 'it took back the work in favour of other work'],
  ['53100', 'its disk is full'],
  ['53200', 'it has no memory left'],
  ['53300', 'it has no connection left'],
  ['53', 'it has run out of something that it needs'],
  ['55000', 'it takes no connections'],
  ['55P', 'it waited too long for other work'],
  ['57014', 'it was told to give up the work'],
  ['57P03', 'it is starting, stopping or being restored'],
  ['58', 'it cannot read or write its files'],
  ['F0', 'its configuration cannot be read'],
  ['XX', 'it found damage in itself'],
];

/** The connection is gone, or none is to be had: by SQLSTATE, and by what the network and the driver say. */
const isGone = (code: string, message: string): boolean =>
  /^(08...|25P0[34]|57P0.)$/.test(code) ||
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT)$/.test(
    code,
  ) ||
  /is not currently accepting connections|Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed/i.test(
    message,
  );

/** Why the server refuses; undefined where it does not answer, or where the statement was at fault. */
export function whyRefused(error: unknown): string | undefined {
  // Not instanceof: an error of the network stack may come from another realm (a vm context, as tests run in).
  if (!isNativeError(error)) return undefined;
  const { code = '' } = error as { code?: string };
  return refusals.find(([state]) => code.length === 5 && code.startsWith(state))?.[1];
}

/** True for errors that say that the server cannot serve, raw or explained, as against a statement that it found wrong. */
export function isOutage(error: unknown): boolean {
  if (error instanceof PlatformError) return error.code === UNAVAILABLE;
  if (!isNativeError(error)) return false;
  const { code = '', message } = error as Error & { code?: string };
  return isGone(code, message) || whyRefused(error) !== undefined;
}

/** What every edge answers with 503, for an error that is an outage; any other error as it is. */
export function explainOutage(error: unknown): unknown {
  return isOutage(error) && !(error instanceof PlatformError) ? unavailable(error) : error;
}

/** A failure in the words for whoever runs the service: what callers are not told, why the database refuses. */
export function explainToOperator(error: ServiceError): string {
  const why = isOutage(error) ? whyRefused(error.cause) : undefined;
  return why === undefined ? error.message : `The database takes nothing in: ${why}.`;
}

/** The failure of an outage. Where the server is gone it may not be known how a commit ended. */
export function unavailable(cause: unknown): PlatformError {
  const message =
    whyRefused(cause) === undefined
      ? 'The database cannot be reached. Try again in a moment.'
      : 'The database takes nothing in for the moment, so nothing could be recorded. Try again in a moment.';
  return new PlatformError('unavailable', UNAVAILABLE, message, { cause });
}
