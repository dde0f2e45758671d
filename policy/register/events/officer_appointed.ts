/** An officer is appointed, with the capacities in which they sign. */
import { z } from 'zod';
import { refuse } from '../chain/refuse.ts';
import { indexOfficer, indexOfficerEnd } from '../index/members.ts';
import { types } from '../signatures/flattened.ts';
import { agency, OfficerEntry, practitioner } from './fields.ts';
import { defineEvent } from './kind.ts';
import { addOfficer, getMember } from './members.ts';

const Appointment = z.strictObject({
  agency,
  officer: OfficerEntry,
  /** The two practitioners who agreed; needed where the service holds the key that signs the event. */
  approved_by: z.tuple([practitioner, practitioner]).optional(),
});

export const officerAppointed = defineEvent({
  type: 'officer-appointed',
  title: 'Officer appointed',
  data: Appointment,
  signed: { as: types.event, by: ['root', 'administration'] },
  check(derivation, { data }, { held }) {
    const member = getMember(derivation, data.agency);
    checkApproval(data, held === 'service');
    const key = member.keys.get(data.officer.kid);
    if (key === undefined || key.revokedAt !== undefined || key.use !== 'officer') {
      throw refuse('invalid', 'unknown-key', `The officer’s key is not a current key for officers of ${data.agency}.`);
    }
  },
  apply: (derivation, { data, sequence }) => addOfficer(getMember(derivation, data.agency), data.officer, sequence),
  index: ({ data, sequence }) => [
    indexOfficerEnd(data.agency, data.officer.practitioner, sequence),
    indexOfficer(data.agency, data.officer, sequence),
  ],
  summarise: ({ data: { agency: code, officer, approved_by } }) => {
    const { practitioner: person, capacities, kid } = officer;
    return {
      agencies: [code],
      subject: person,
      content: { agency: code, practitioner: person, capacities, kid, ...(approved_by && { approved_by }) },
    };
  },
});

// A key that the service holds says nothing about who wanted it: two people of the agency answer for what it signs.
function checkApproval({ officer, approved_by }: z.infer<typeof Appointment>, needed: boolean): void {
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
