/** Deciding that a generated text stays private: it was looked at, and nobody is asked about it again until it changes. */
import type { ActingPerson } from '../../../directory/actor.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { change } from '../../../platform/log/change.ts';
import { PolicyError } from '../../errors.ts';
import {
  endEarlier,
  getProtocol,
  type PublicationContext,
  type PublicationInput,
  recordDecision,
  requireDpo,
  requireThisText,
} from './publication.ts';

/**
 * Keeps exactly the text that the officer saw from the public. To change one's mind, approve it. Refused for anybody but a
 * data protection officer of a party, for a text that is not what the protocol writes now, and while its approval stands
 * (`document-public`). An approval of an earlier text of the same document ends with it.
 */
export async function keepPrivate(
  { log, state }: PublicationContext,
  actor: ActingPerson,
  input: PublicationInput,
): Promise<void> {
  requireDpo(state, actor);
  const protocol = getProtocol(state, input.protocol);
  requireThisText(state, protocol, actor, input);
  await change(log, { agency: actor.agency }, async (tx) => {
    await endEarlier(tx, actor, input);
    const approved = await tx.query(sql`
      select from publication where agency = ${actor.agency} and protocol = ${input.protocol}
        and document = ${input.document} and withdrawn_at is null`);
    if (approved.length > 0) throw approvedAlready();
    const noted = await noteKeptPrivate(tx, actor, input);
    if (noted) recordDecision(tx, 'document.kept-private', actor, protocol, input);
  });
}

/** Notes it without a question; false where it was noted before. */
export async function noteKeptPrivate(
  tx: Queryable,
  { agency, practitioner }: ActingPerson,
  { protocol, document, text }: PublicationInput,
): Promise<boolean> {
  const rows = await tx.query(sql`
    insert into kept_private (agency, protocol, document, text_hash, kept_by)
    values (${agency}, ${protocol}, ${document}, ${text}, ${practitioner}) on conflict do nothing returning 1`);
  return rows.length > 0;
}

function approvedAlready(): PolicyError {
  return new PolicyError(
    'conflict',
    'document-public',
    'This text is approved for the public. Take the approval back instead.',
  );
}
