/** The words for the states of a protocol, and the colour of the tag that shows them. */
import type { ProtocolStatus } from '../../policy/register/chain/state.ts';
import type { Capacity } from '../../policy/register/signatures/capacity.ts';

type Words = { text: string; tag: string; meaning: string };

const statuses: Record<ProtocolStatus, Words> = {
  'awaiting-signatures': {
    text: 'To be signed',
    tag: 'yellow',
    meaning: 'It gives nothing until every party has signed.',
  },
  'not-yet-valid': {
    text: 'Not yet valid',
    tag: 'blue',
    meaning: 'Every party has signed. It begins on its first day.',
  },
  'in-force': { text: 'In force', tag: 'green', meaning: 'Every party has signed, and every signature was checked.' },
  expired: { text: 'Expired', tag: 'grey', meaning: 'Its last day is past. It gives nothing.' },
  suspended: { text: 'Suspended', tag: 'orange', meaning: 'A party has stopped it for now. It gives nothing.' },
  superseded: { text: 'Superseded', tag: 'grey', meaning: 'A later version took its place.' },
  withdrawn: { text: 'Withdrawn', tag: 'red', meaning: 'It was ended by its parties. It gives nothing.' },
  'framework-not-in-force': {
    text: 'Not in force',
    tag: 'orange',
    meaning: 'It stands under a framework that is not in force, so it gives nothing.',
  },
  'text-damaged': {
    text: 'Text damaged',
    tag: 'red',
    meaning: 'What the database holds is not what was signed. It gives nothing.',
  },
};

export function statusWords(status: ProtocolStatus): Words {
  return statuses[status];
}

const capacities: Record<Capacity, string> = {
  'caldicott-guardian': 'Caldicott guardian',
  siro: 'Senior information risk owner',
  dpo: 'Data protection officer',
  director: 'Director',
  'information-sharing-officer': 'Information sharing officer',
};

export function capacityWords(capacity: Capacity): string {
  return capacities[capacity];
}
