/** Where a search goes on: a cursor in the paging token, sealed so that only this service can make or read one. */
import { createHash } from 'node:crypto';
import { canonicalText, type JsonObject } from '../../../../platform/json.ts';
import { seal, unseal } from '../../../../platform/keys/envelope.ts';
import type { PolicyContext } from '../../deciding/context.ts';
import { PolicyError } from '../../../errors.ts';
import { largestPage, type Page } from './request.ts';

/** For how long a search may be gone on with. */
const tokenLifetimeSeconds = 600;

/** `after` is what was looked at last (undefined: nothing yet); `register` the hash of the head whose rules were used. */
export type Cursor = { after: string | undefined; limit: number; epoch: number; register: string | undefined };

type Token = { after: string; limit: number; epoch: number; register: string; expires: number };

/** What a token is sealed for: one client, one search, one request. Anybody else's, and a changed request, does not open it. */
export function cursorLabel(kind: string, clientId: string, request: JsonObject): string {
  const hash = createHash('sha256').update(canonicalText(request)).digest('base64url');
  return `search ${kind} ${clientId} ${hash}`;
}

/** Where the page begins. `page-token-not-valid` (400) for a token that was not given for this very request, or too long ago. */
export function readCursor(
  context: Pick<PolicyContext, 'masterKey' | 'clock'>,
  label: string,
  page: Page = {},
): Cursor {
  const { token, limit } = page;
  if (token === undefined) {
    return { after: undefined, limit: Math.min(limit ?? largestPage, largestPage), epoch: 0, register: undefined };
  }
  const known = open(context.masterKey, label, token);
  if (known === undefined) throw notValid('was not given for this request of this client, or was changed');
  if (known.expires <= context.clock()) throw notValid('has expired');
  // The certification's follow-up leaves the limit out; one that is sent must be the same.
  if (limit !== undefined && Math.min(limit, largestPage) !== known.limit) {
    throw notValid('was given with another page.limit');
  }
  return { ...known, after: known.after === '' ? undefined : known.after };
}

/** The token with which the search goes on from there. */
export function writeCursor(
  { masterKey, clock }: Pick<PolicyContext, 'masterKey' | 'clock'>,
  label: string,
  { after = '', limit, epoch, register = '' }: Cursor,
): string {
  const token: Token = { after, limit, epoch, register, expires: clock() + tokenLifetimeSeconds };
  return seal(masterKey, label, Buffer.from(JSON.stringify(token), 'utf8')).toString('base64url');
}

/** The rules are no longer those of the pages before. */
export function rulesChanged(): PolicyError {
  return notValid('was given under an earlier register: what is signed has changed since');
}

function open(masterKey: Buffer, label: string, token: string): Token | undefined {
  try {
    return JSON.parse(unseal(masterKey, label, Buffer.from(token, 'base64url')).toString('utf8')) as Token;
  } catch {
    return undefined;
  }
}

function notValid(why: string): PolicyError {
  const issue = { pointer: '/page/token', message: `${why}; begin again without it` };
  return new PolicyError('invalid', 'page-token-not-valid', `The token ${issue.message}.`, { issues: [issue] });
}
