/** An officer stops a protocol for their agency: suspended until it signs (or joins) again, or withdrawn from. */
import { belongsTo, type Derivation, type ProtocolRecord } from '../chain/derivation.ts';
import type { EventOf } from '../chain/event.ts';
import { refuse } from '../chain/refuse.ts';
import type { Signer } from '../chain/signer.ts';
import type { Step } from './step.ts';

export const protocolSuspended: Step<'protocol-suspended'> = {
  // Any capacity will do: stopping must be easy. Going on again takes a signature.
  check(derivation, event) {
    if (getRecord(derivation, event).suspended.has(event.data.agency)) {
      throw refuse('conflict', 'already-suspended', `${event.data.agency} has suspended this protocol.`);
    }
  },
  apply: (derivation, event) => void getRecord(derivation, event).suspended.set(event.data.agency, event.sequence),
};

export const protocolWithdrawn: Step<'protocol-withdrawn'> = {
  check(derivation, event, signer) {
    const record = getRecord(derivation, event);
    checkCapacity(record, event.data.agency, signer);
  },
  apply(derivation, event) {
    const record = getRecord(derivation, event);
    const { agency } = event.data;
    // An agency that joined leaves no gap: the protocol is as it was before.
    if (record.acceded.delete(agency) || record.unverifiedAccessions.delete(agency)) return;
    record.withdrawn.set(agency, event.sequence);
    record.signatures.delete(agency);
    record.unverified.delete(agency);
  },
};

function checkCapacity(record: ProtocolRecord, agency: string, { header }: Signer): void {
  const party = record.acceded.get(agency)?.party ?? record.document?.parties.find((one) => one.agency === agency);
  if (party !== undefined && header.capacity !== party.signs_as) {
    throw refuse('forbidden', 'capacity-missing', `For ${agency} this protocol must be ended as ${party.signs_as}.`);
  }
}

/** The protocol that the event names, which the agency must have signed or joined. */
function getRecord(
  derivation: Derivation,
  { data }: EventOf<'protocol-suspended' | 'protocol-withdrawn'>,
): ProtocolRecord {
  const record = derivation.protocols.get(data.protocol);
  if (record === undefined || record.id !== data.id || record.version !== data.version) {
    throw refuse('not-found', 'unknown-protocol', 'The register knows no such protocol.');
  }
  const unverified = record.unverified.has(data.agency) || record.unverifiedAccessions.has(data.agency);
  if (!unverified && !belongsTo(derivation, record, data.agency))
    throw refuse('conflict', 'not-signed', `${data.agency} has no signature on this protocol.`);
  return record;
}
