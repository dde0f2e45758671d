/** What the public may read of a protocol's texts: only the party's own data protection officer approves, takes back, or keeps private. */
import type { ActingPerson } from '../../../directory/actor.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import { PolicyError } from '../../errors.ts';
import {
  decide,
  endEarlier,
  getThisText,
  getProtocol,
  type PublicationContext,
  type PublicationInput,
  recordPublication,
} from './publication.ts';

/**
 * Approves exactly the text that the officer saw. Refused for anybody but a data protection officer of a party, for a
 * protocol that has ended, for a text that is not what the protocol writes now, and for one approved already. An approval of
 * an earlier text of the same document ends with it. Returns the approval's id.
 */
export function approveDocument(
  context: PublicationContext,
  actor: ActingPerson,
  input: PublicationInput,
): Promise<string> {
  return decide(context, actor, async (tx, state) => {
    const protocol = getThisText(state, actor, input, 'to publish');
    await endEarlier(tx, actor, input);
    const id = uuidv7();
    const rows = await tx.query(sql`
      insert into publication (id, agency, protocol, document, text_hash, approved_by)
      values (${id}, ${actor.agency}, ${input.protocol}, ${input.document}, ${input.text}, ${actor.practitioner})
      on conflict (agency, protocol, document) where withdrawn_at is null do nothing returning id`);
    if (rows.length === 0) {
      throw new PolicyError('conflict', 'already-approved', 'This text is approved already. Nothing was changed.');
    }
    recordPublication(tx, 'document.approved', actor, protocol, input);
    return id;
  });
}

/** Takes the approval back: the text is not public from now on, and is kept private. Refused where none stands. */
export function withdrawApproval(
  context: PublicationContext,
  actor: ActingPerson,
  input: Omit<PublicationInput, 'text'>,
): Promise<void> {
  return decide(context, actor, async (tx, state) => {
    const protocol = getProtocol(state, input.protocol);
    const rows = await tx.query<{ text: string }>(sql`
      update publication set withdrawn_by = ${actor.practitioner}, withdrawn_at = clock_timestamp()
      where agency = ${actor.agency} and protocol = ${input.protocol} and document = ${input.document}
        and withdrawn_at is null returning text_hash as text`);
    if (rows.length === 0) {
      throw new PolicyError('conflict', 'not-approved', 'No approval of this document stands. Nothing was changed.');
    }
    const withdrawn = { ...input, text: rows[0]!.text };
    await noteKeptPrivate(tx, actor, withdrawn);
    recordPublication(tx, 'document.withdrawn', actor, protocol, withdrawn);
  });
}

/**
 * Keeps exactly the text that the officer saw from the public. To change one's mind, approve it. Refused for anybody but a
 * data protection officer of a party, for a text that is not what the protocol writes now, and while its approval stands
 * (`document-public`). An approval of an earlier text of the same document ends with it.
 */
export function keepPrivate(context: PublicationContext, actor: ActingPerson, input: PublicationInput): Promise<void> {
  return decide(context, actor, async (tx, state) => {
    const protocol = getThisText(state, actor, input, 'to keep private');
    await endEarlier(tx, actor, input);
    const approved = await tx.query(sql`
      select from publication where agency = ${actor.agency} and protocol = ${input.protocol}
        and document = ${input.document} and withdrawn_at is null`);
    if (approved.length > 0) throw approvedAlready();
    const noted = await noteKeptPrivate(tx, actor, input);
    if (noted) recordPublication(tx, 'document.kept-private', actor, protocol, input);
  });
}

/** Notes it without a question; false where it was noted before. */
async function noteKeptPrivate(
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
