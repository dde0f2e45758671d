/** The outcomes of an objection in words. */
import type { ObjectionOutcome } from '../../../policy/decisions/consent/objection.ts';

export const outcomeWords: Record<ObjectionOutcome, { text: string; hint: string; tag: string }> = {
  stopped: {
    text: 'We stop sharing about this person',
    hint: 'See to it in your own record system: it must not ask about this person under this protocol any more.',
    tag: 'green',
  },
  'goes-on': {
    text: 'We go on, for compelling reasons',
    hint: 'The reasons must outweigh the person’s interests, rights and freedoms. They can complain to the Information Commissioner.',
    tag: 'orange',
  },
};
