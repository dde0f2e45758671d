/** An agency leaves the federation: its signatures stand no longer. */
import { z } from 'zod';
import { types } from '../signatures/flattened.ts';
import { agency, words } from './fields.ts';
import { defineEvent } from './kind.ts';
import { aboutAgency, getMember } from './members.ts';

export const agencyEnded = defineEvent({
  type: 'agency-ended',
  title: 'Agency left the register',
  data: z.strictObject({ agency, reason: words }),
  signed: { as: types.event, by: ['root'] },
  check: (derivation, { data }) => void getMember(derivation, data.agency),
  apply: (derivation, { data, sequence }) => void (getMember(derivation, data.agency).endedAt = sequence),
  summarise: aboutAgency,
});
