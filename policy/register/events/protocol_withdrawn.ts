/** An officer ends a protocol for their agency. */
import { z } from 'zod';
import type { ProtocolRecord } from '../chain/derivation.ts';
import { refuse } from '../chain/refuse.ts';
import type { Signer } from '../chain/signer.ts';
import { types } from '../signatures/flattened.ts';
import { protocolName, words } from './fields.ts';
import { defineEvent } from './kind.ts';
import { aboutStop, getStanding } from './protocols.ts';

export const protocolWithdrawn = defineEvent({
  type: 'protocol-withdrawn',
  title: 'Protocol withdrawn from',
  data: z.strictObject({ ...protocolName, reason: words }),
  signed: { as: types.withdrawal, by: ['officer'], removes: true },
  check: (derivation, { data }, signer) => checkCapacity(getStanding(derivation, data), data.agency, signer),
  apply(derivation, { data, sequence }) {
    const record = getStanding(derivation, data);
    const { agency } = data;
    // An agency that joined leaves no gap: the protocol is as it was before.
    if (record.acceded.delete(agency) || record.unverifiedAccessions.delete(agency)) return;
    record.withdrawn.set(agency, sequence);
    record.signatures.delete(agency);
    record.unverified.delete(agency);
  },
  summarise: aboutStop,
});

function checkCapacity(record: ProtocolRecord, agency: string, { header }: Signer): void {
  const party = record.acceded.get(agency)?.party ?? record.document?.parties.find((one) => one.agency === agency);
  if (party !== undefined && header.capacity !== party.signs_as) {
    throw refuse('forbidden', 'capacity-missing', `For ${agency} this protocol must be ended as ${party.signs_as}.`);
  }
}
