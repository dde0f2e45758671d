/** Approving a generated text for the public, and taking the approval back: only the party's own data protection officer may. */
import { sql } from '../../platform/database/sql.ts';
import { type Change, change } from '../../platform/log/change.ts';
import type { Log } from '../../platform/log/log.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import { PolicyError } from '../errors.ts';
import type { RegisteredProtocol, RegisterState } from '../register/state.ts';
import { type GeneratedDocument, hashOfDocument } from './document.ts';
import { type DocumentKind, writeDocument } from './kinds.ts';
import { findMember, sourceOf } from './source.ts';

export type PublicationContext = { log: Log; state: RegisterState };
/** Who acts, and for which agency. What they may do is looked up in the register, not taken from them. */
export type PublicationActor = { agency: string; practitioner: string; post?: string };
/** `protocol` is the hash of the signed text; `text` the hash of the document that the officer had before them. */
export type PublicationInput = { protocol: string; document: DocumentKind; text: string };

/**
 * Approves exactly the text that the officer saw. Refused for anybody but a data protection officer of a party, for a
 * protocol that has ended, for a text that is not what the protocol writes now, and for one approved already. An approval of
 * an earlier text of the same document ends with it. Returns the approval's id.
 */
export async function approveDocument(
  { log, state }: PublicationContext,
  actor: PublicationActor,
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
    await tx.query(sql`
      update publication set withdrawn_by = ${actor.practitioner}, withdrawn_at = clock_timestamp()
      where agency = ${actor.agency} and protocol = ${input.protocol} and document = ${input.document}
        and withdrawn_at is null and text_hash <> ${input.text}`);
    const id = uuidv7();
    const rows = await tx.query(sql`
      insert into publication (id, agency, protocol, document, text_hash, approved_by)
      values (${id}, ${actor.agency}, ${input.protocol}, ${input.document}, ${input.text}, ${actor.practitioner})
      on conflict (agency, protocol, document) where withdrawn_at is null do nothing returning id`);
    if (rows.length === 0) {
      throw new PolicyError('conflict', 'already-approved', 'This text is approved already. Nothing was changed.');
    }
    record(tx, 'document.approved', actor, protocol, input);
    return id;
  });
}

/** Takes the approval back: the text is not public from now on. Refused where none stands. */
export async function withdrawApproval(
  { log, state }: PublicationContext,
  actor: PublicationActor,
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
    record(tx, 'document.withdrawn', actor, protocol, { ...input, text: rows[0]!.text });
  });
}

/** True for a data protection officer of that agency, by the register. */
export function isDpo(state: RegisterState, { agency, practitioner }: PublicationActor): boolean {
  const registered = state.agencies.get(agency);
  if (registered === undefined || registered.endedAt !== undefined) return false;
  return [...registered.officers.values()].some(
    (officer) =>
      officer.practitioner === practitioner && officer.endedAt === undefined && officer.capacities.includes('dpo'),
  );
}

function requireDpo(state: RegisterState, actor: PublicationActor): void {
  if (isDpo(state, actor)) return;
  throw new PolicyError(
    'forbidden',
    'dpo-only',
    'Only a data protection officer of your agency can do this. The register names them.',
  );
}

function getProtocol(state: RegisterState, hash: string): RegisteredProtocol {
  const found = state.protocols.get(hash);
  if (found === undefined) throw new PolicyError('not-found', 'unknown-protocol', 'Nobody has signed such a protocol.');
  return found;
}

function requireThisText(
  state: RegisterState,
  protocol: RegisteredProtocol,
  { agency }: PublicationActor,
  { document, text }: PublicationInput,
): GeneratedDocument {
  const source = sourceOf(state, protocol);
  const party = findMember(source, agency);
  if (party === undefined) {
    throw new PolicyError(
      'forbidden',
      'not-a-party',
      'Your agency is no party to this protocol, so it publishes nothing under it.',
    );
  }
  const written = writeDocument(source, party, document);
  if (written === undefined) {
    throw new PolicyError('not-found', 'no-such-document', 'This protocol gives your agency no such document.');
  }
  if (hashOfDocument(written) !== text) {
    throw new PolicyError(
      'conflict',
      'text-changed',
      'The text has changed since you opened it. Read it again, then approve it. Nothing was published.',
    );
  }
  return written;
}

function record(
  tx: Change,
  event: 'document.approved' | 'document.withdrawn',
  actor: PublicationActor,
  { document: { id, version } }: RegisteredProtocol,
  { protocol, document, text }: PublicationInput,
): void {
  const agencies = [actor.agency];
  tx.record({ event, actor, agencies, content: { protocol, id, version, agency: actor.agency, document, text } });
}
