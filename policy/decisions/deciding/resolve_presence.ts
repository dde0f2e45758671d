/** Step: whether the person is there, from the token of their sign-in at this very client. */
import type { PolicyContext } from './context.ts';
import type { DecisionRequest } from './decision.ts';
import type { Presence } from './presence.ts';

/**
 * The live sign-in behind the request's user token; undefined when there is none, or it is another person's, another
 * client's, or over. A request is then answered as if nobody were there.
 */
export async function resolvePresence(
  context: PolicyContext,
  request: DecisionRequest,
  clientId: string,
  now: number,
): Promise<Presence | undefined> {
  if (request.userToken === undefined) return undefined;
  const presence = await context.findPresence(request.userToken);
  if (presence === undefined || now >= presence.expiresAt) return undefined;
  return presence.clientId === clientId && presence.practitioner === request.subject.id ? presence : undefined;
}

/**
 * A sign-in that is taken for granted, from now on and without end: for searching and for trying decisions out, never for an
 * answer that opens a record.
 */
export function presume(
  practitioner: string,
  post: string,
  authenticationLevel: Presence['authenticationLevel'],
  now: number,
): Presence {
  return {
    practitioner,
    post,
    clientId: '',
    session: '',
    authenticationLevel,
    authenticatedAt: now,
    expiresAt: Number.POSITIVE_INFINITY,
  };
}
