/** The words for the states of an agreement, as the public reads them. */
import type { AgreementState } from '../../policy/governance/publications/agreements.ts';

type Words = { text: string; tag: string; meaning: string };

const states: Record<AgreementState, Words> = {
  'in-force': { text: 'In force', tag: 'green', meaning: 'All have signed it. It holds now.' },
  'to-come': { text: 'Not yet', tag: 'blue', meaning: 'All have signed it. It starts on its first day.' },
  stopped: { text: 'Stopped for now', tag: 'orange', meaning: 'Nothing is shared under it until it starts again.' },
  ended: { text: 'Ended', tag: 'grey', meaning: 'It no longer applies. Nothing is shared under it.' },
};

export function agreementWords(state: AgreementState): Words {
  return states[state];
}
