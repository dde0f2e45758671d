/** Step: whether the person is there, from the token of their sign-in at this very client. */
import type { Partner } from '../../../directory/partners/partner.ts';
import type { PolicyContext } from './context.ts';
import type { Presence } from './presence.ts';

/**
 * The live sign-in behind a user token; undefined when there is none, or it is another person's, another client's, or over.
 * A request is then answered as if nobody were there.
 */
export async function resolvePresence(
  context: PolicyContext,
  userToken: string | undefined,
  practitioner: string,
  { clientId }: Partner,
  now: number,
): Promise<Presence | undefined> {
  if (userToken === undefined) return undefined;
  const presence = await context.findPresence(userToken);
  if (presence === undefined || now >= presence.expiresAt) return undefined;
  return presence.clientId === clientId && presence.practitioner === practitioner ? presence : undefined;
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
