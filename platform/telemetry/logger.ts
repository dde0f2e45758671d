/** Logs for operators, without personal data: what may name a person is left out before it is written. */
import pino, { type DestinationStream, type Logger } from 'pino';
import { describeError } from './describe_error.ts';

export type { Logger };

/** Fields that hold personal data or secrets wherever they stand, one level deep or at the top. */
const neverLogged = [
  'email',
  'name',
  'givenName',
  'familyName',
  'phone',
  'address',
  'to',
  'subject',
  'username',
  'query',
  'body',
  'payload',
  'url',
  'ip',
  'password',
  'secret',
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'authorization',
  'cookie',
  'headers',
];

/** A logger that writes JSON lines to standard output, or to `destination`. */
export function createLogger(config: { logLevel: string }, destination?: DestinationStream): Logger {
  const options: pino.LoggerOptions = {
    level: config.logLevel,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError, error: describeError, cause: describeError, req: drop, res: drop, ctx: drop },
    redact: { paths: neverLogged.flatMap((field) => [field, `*.${field}`]), censor: '[left out]' },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Request and response objects carry headers, cookies, queries and addresses; nobody logs them whole by mistake. */
function drop(): string {
  return '[left out]';
}
