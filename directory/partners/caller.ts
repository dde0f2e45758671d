/** A partner system that calls one of our interfaces, as its access token and the directory say. */
import type { JWTPayload } from 'jose';
import type { RejectedToken } from '../../platform/keys/access_token.ts';
import type { Partner } from './partner.ts';

export type Caller = { clientId: string; scopes: string[]; partner: Partner };

type CallerToken = { clientId: string; scopes: string[]; audiences: string[] };

/** What a token says that a partner system got for itself with its client credentials. */
export function readCallerToken(claims: JWTPayload): CallerToken | RejectedToken {
  const { client_id: clientId, scope, aud = [], sub, cnf } = claims;
  if (typeof clientId !== 'string') return { rejected: 'it names no client' };
  // A person's token is for the system that they signed in to, never for speaking as that system.
  if (sub !== clientId) return { rejected: 'it belongs to a person; use a token from your client credentials' };
  // Taken as a bearer token it would lose the binding that its client asked for.
  if (cnf !== undefined) return { rejected: 'it is bound to a key, which this interface cannot check yet' };
  return { clientId, scopes: typeof scope === 'string' ? scope.split(' ') : [], audiences: [aud].flat() };
}
