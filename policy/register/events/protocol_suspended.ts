/** An officer stops a protocol for their agency, until it signs (or joins) again. */
import { z } from 'zod';
import { refuse } from '../chain/refuse.ts';
import { types } from '../signatures/flattened.ts';
import { protocolName, words } from './fields.ts';
import { defineEvent } from './kind.ts';
import { aboutStop, getStanding } from './protocols.ts';

export const protocolSuspended = defineEvent({
  type: 'protocol-suspended',
  title: 'Protocol suspended',
  data: z.strictObject({ ...protocolName, reason: words }),
  signed: { as: types.suspension, by: ['officer'], removes: true },
  // Any capacity will do: stopping must be easy. Going on again takes a signature.
  check(derivation, { data }) {
    if (getStanding(derivation, data).suspended.has(data.agency)) {
      throw refuse('conflict', 'already-suspended', `${data.agency} has suspended this protocol.`);
    }
  },
  apply: (derivation, { data, sequence }) => void getStanding(derivation, data).suspended.set(data.agency, sequence),
  summarise: aboutStop,
});
