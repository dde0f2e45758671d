/** What the operational protocols say alike, each beneath the framework's general promises. */
import type { Protocol } from '../../policy/register/protocols/document.ts';
import { daysFrom } from './parts.ts';

type Common = Pick<
  Protocol,
  'dpia' | 'rights' | 'accuracy' | 'retention' | 'security' | 'breach' | 'complaints' | 'training'
>;

export function operationalTerms(today: string, dpiaReference: string, dpiaSummary: string): Common {
  return {
    dpia: { reference: dpiaReference, completed: daysFrom(today, -395), summary: dpiaSummary },
    rights: 'As in the framework. Whoever objects is heard by a person, and the objection is noted beside the record.',
    accuracy:
      'As in the framework. Fields are read from the holder’s record at the moment of asking, never from a copy.',
    retention: 'Decisions are kept for eight years. What was shown is not kept by Wayleave at all.',
    security: 'As in the framework. Access is by role and purpose, and each answer is for one use and one minute.',
    breach: 'As in the framework.',
    complaints: 'As in the framework.',
    training: 'As in the framework, with the protocol’s own one-page guide.',
  };
}
