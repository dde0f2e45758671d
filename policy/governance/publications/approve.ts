/** Approving a generated text for the public, and taking the approval back: only the party's own data protection officer may. */
import type { ActingPerson } from '../../../directory/actor.ts';
import { sql } from '../../../platform/database/sql.ts';
import { change } from '../../../platform/log/change.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import { PolicyError } from '../../errors.ts';
import { noteKeptPrivate } from './keep_private.ts';
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
 * Approves exactly the text that the officer saw. Refused for anybody but a data protection officer of a party, for a
 * protocol that has ended, for a text that is not what the protocol writes now, and for one approved already. An approval of
 * an earlier text of the same document ends with it. Returns the approval's id.
 */
export async function approveDocument(
  { log, state }: PublicationContext,
  actor: ActingPerson,
  input: PublicationInput,
): Promise<string> {
  requireDpo(state, actor);
  const protocol = getProtocol(state, input.protocol);
  if (!['in-force', 'not-yet-valid'].includes(protocol.status)) {
    throw new PolicyError(
      'conflict',
      'protocol-not-in-force',
      'Only documents of a protocol that holds, or is about to, can be published.',
    );
  }
  requireThisText(state, protocol, actor, input);
  return change(log, { agency: actor.agency }, async (tx) => {
    await endEarlier(tx, actor, input);
    const id = uuidv7();
    const rows = await tx.query(sql`
      insert into publication (id, agency, protocol, document, text_hash, approved_by)
      values (${id}, ${actor.agency}, ${input.protocol}, ${input.document}, ${input.text}, ${actor.practitioner})
      on conflict (agency, protocol, document) where withdrawn_at is null do nothing returning id`);
    if (rows.length === 0) {
      throw new PolicyError('conflict', 'already-approved', 'This text is approved already. Nothing was changed.');
    }
    recordDecision(tx, 'document.approved', actor, protocol, input);
    return id;
  });
}

/** Takes the approval back: the text is not public from now on, and is kept private. Refused where none stands. */
export async function withdrawApproval(
  { log, state }: PublicationContext,
  actor: ActingPerson,
  input: Omit<PublicationInput, 'text'>,
): Promise<void> {
  requireDpo(state, actor);
  const protocol = getProtocol(state, input.protocol);
  return change(log, { agency: actor.agency }, async (tx) => {
    const rows = await tx.query<{ text: string }>(sql`
      update publication set withdrawn_by = ${actor.practitioner}, withdrawn_at = clock_timestamp()
      where agency = ${actor.agency} and protocol = ${input.protocol} and document = ${input.document}
        and withdrawn_at is null returning text_hash as text`);
    if (rows.length === 0) {
      throw new PolicyError('conflict', 'not-approved', 'No approval of this document stands. Nothing was changed.');
    }
    const withdrawn = { ...input, text: rows[0]!.text };
    await noteKeptPrivate(tx, actor, withdrawn);
    recordDecision(tx, 'document.withdrawn', actor, protocol, withdrawn);
  });
}
