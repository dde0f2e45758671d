/** An officer's appointment ends. */
import { z } from 'zod';
import { refuse } from '../chain/refuse.ts';
import { indexOfficerEnd } from '../index/members.ts';
import { types } from '../signatures/flattened.ts';
import { agency, practitioner } from './fields.ts';
import { defineEvent } from './kind.ts';
import { getMember } from './members.ts';

export const officerEnded = defineEvent({
  type: 'officer-ended',
  title: 'Officer’s capacity ended',
  data: z.strictObject({ agency, practitioner }),
  signed: { as: types.event, by: ['root', 'administration'], removes: true },
  check(derivation, { data }) {
    const officer = getMember(derivation, data.agency).officers.get(data.practitioner);
    if (officer === undefined || officer.endedAt !== undefined) {
      throw refuse('not-found', 'unknown-officer', `${data.agency} has no such officer now.`);
    }
  },
  apply(derivation, { data, sequence }) {
    const officer = getMember(derivation, data.agency).officers.get(data.practitioner);
    if (officer !== undefined) officer.endedAt = sequence;
  },
  index: ({ data, sequence }) => [indexOfficerEnd(data.agency, data.practitioner, sequence)],
  summarise: ({ data }) => ({ agencies: [data.agency], subject: data.practitioner, content: { ...data } }),
});
