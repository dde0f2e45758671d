/** An officer is appointed, or their appointment ends. */
import type { EventData } from '../chain/event.ts';
import { refuse } from '../chain/refuse.ts';
import { addOfficer, getMember } from './members.ts';
import type { Step } from './step.ts';

export const officerAppointed: Step<'officer-appointed'> = {
  check(derivation, { data }, { held }) {
    const agency = getMember(derivation, data.agency);
    checkApproval(data, held === 'service');
    const key = agency.keys.get(data.officer.kid);
    if (key === undefined || key.revokedAt !== undefined || key.use !== 'officer') {
      throw refuse('invalid', 'unknown-key', `The officer’s key is not a current key for officers of ${data.agency}.`);
    }
  },
  apply: (derivation, { data, sequence }) => addOfficer(getMember(derivation, data.agency), data.officer, sequence),
};

// A key that the service holds says nothing about who wanted it: two people of the agency answer for what it signs.
function checkApproval({ officer, approved_by }: EventData<'officer-appointed'>, needed: boolean): void {
  if (approved_by === undefined) {
    if (!needed) return;
    throw refuse(
      'forbidden',
      'approval-missing',
      'The service holds the key that signs this appointment, so two people must approve it.',
    );
  }
  const [one, other] = approved_by;
  if (one === other || approved_by.includes(officer.practitioner)) {
    throw refuse(
      'forbidden',
      'approval-not-valid',
      'An appointment is approved by two different people, and not by the officer themselves.',
    );
  }
}

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
