/** Who may decide what of a protocol's texts the public may read, and about which text. */
import type { ActingPerson } from '../../../directory/actor.ts';
import { sql } from '../../../platform/database/sql.ts';
import type { Change } from '../../../platform/log/change.ts';
import type { Log } from '../../../platform/log/log.ts';
import { PolicyError } from '../../errors.ts';
import type { RegisteredProtocol, RegisterState } from '../../register/chain/state.ts';
import { holdRegister } from '../../register/ledger/hold.ts';
import type { OpenRegister } from '../../register/ledger/open.ts';
import { stateOf } from '../signing/context.ts';
import { hashOfDocument } from './document.ts';
import { type DocumentKind, writeDocument } from './kinds.ts';
import { findMember, sourceOf } from './source.ts';

export type PublicationContext = { log: Log; register: OpenRegister };
/** `protocol` is the hash of the signed text; `text` the hash of the document that the officer had before them. */
export type PublicationInput = { protocol: string; document: DocumentKind; text: string };

/**
 * Decides in one recorded transaction by the register as it is held still: what was checked is so when the decision counts.
 * Refuses anybody but a data protection officer of the agency.
 */
export function decide<T>(
  { log, register }: PublicationContext,
  actor: ActingPerson,
  work: (tx: Change, state: RegisterState) => Promise<T>,
): Promise<T> {
  return holdRegister({ log }, register, { agency: actor.agency }, (tx) => {
    const state = stateOf({ register });
    requireDpo(state, actor);
    return work(tx, state);
  });
}

/** True for a data protection officer of that agency, by the register. */
export function isDpo(state: RegisterState, { agency, practitioner }: ActingPerson): boolean {
  const registered = state.agencies.get(agency);
  if (registered === undefined || registered.endedAt !== undefined) return false;
  return [...registered.officers.values()].some(
    (officer) =>
      officer.practitioner === practitioner && officer.endedAt === undefined && officer.capacities.includes('dpo'),
  );
}

/** Refuses anybody else (`dpo-only`). */
function requireDpo(state: RegisterState, actor: ActingPerson): void {
  if (isDpo(state, actor)) return;
  throw new PolicyError(
    'forbidden',
    'dpo-only',
    'Only a data protection officer of your agency can do this. The register names them.',
  );
}

/** The signed text; throws `unknown-protocol`. */
export function getProtocol(state: RegisterState, hash: string): RegisteredProtocol {
  const found = state.protocols.get(hash);
  if (found === undefined) throw new PolicyError('not-found', 'unknown-protocol', 'Nobody has signed such a protocol.');
  return found;
}

/**
 * The protocol of a text that a party may decide about. Refuses a text that is not the one which the protocol writes for the
 * agency now; and, to publish it, a protocol that has ended.
 */
export function getThisText(
  state: RegisterState,
  actor: ActingPerson,
  { protocol: hash, document, text }: PublicationInput,
  purpose: 'to publish' | 'to keep private',
): RegisteredProtocol {
  const protocol = getProtocol(state, hash);
  if (purpose === 'to publish' && !['in-force', 'not-yet-valid'].includes(protocol.status)) {
    throw new PolicyError(
      'conflict',
      'protocol-not-in-force',
      'Only documents of a protocol that holds, or is about to, can be published.',
    );
  }
  const source = sourceOf(state, protocol);
  const party = findMember(source, actor.agency);
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
      'The text has changed since you opened it. Read it again, then decide. Nothing was changed.',
    );
  }
  return protocol;
}

/** Ends the approval of another text of the same document: each decision is about one text. */
export async function endEarlier(tx: Change, actor: ActingPerson, input: PublicationInput): Promise<void> {
  await tx.query(sql`
    update publication set withdrawn_by = ${actor.practitioner}, withdrawn_at = clock_timestamp()
    where agency = ${actor.agency} and protocol = ${input.protocol} and document = ${input.document}
      and withdrawn_at is null and text_hash <> ${input.text}`);
}

/** Writes the decision into the log. */
export function recordPublication(
  tx: Change,
  event: 'document.approved' | 'document.withdrawn' | 'document.kept-private',
  actor: ActingPerson,
  { document: { id, version } }: RegisteredProtocol,
  { protocol, document, text }: PublicationInput,
): void {
  const agencies = [actor.agency];
  tx.record({ event, actor, agencies, content: { protocol, id, version, agency: actor.agency, document, text } });
}
