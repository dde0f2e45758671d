/** An officer is appointed, or their appointment ends. */
import { refuse } from '../refuse.ts';
import { addOfficer, getMember } from './members.ts';
import type { Step } from './step.ts';

export const officerAppointed: Step<'officer-appointed'> = {
  check(derivation, { data }) {
    const agency = getMember(derivation, data.agency);
    const key = agency.keys.get(data.officer.kid);
    if (key === undefined || key.revokedAt !== undefined || key.use !== 'officer') {
      throw refuse('invalid', 'unknown-key', `The officer’s key is not a current key for officers of ${data.agency}.`);
    }
  },
  apply: (derivation, { data, sequence }) => addOfficer(getMember(derivation, data.agency), data.officer, sequence),
};

export const officerEnded: Step<'officer-ended'> = {
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
};
