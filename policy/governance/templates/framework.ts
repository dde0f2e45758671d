/** Framework: what agencies promise each other before they share anything about anybody. It gives nobody any data by itself. */
import { commonTerms, healthCondition, publicTask, safeguardingCondition, statutoryCondition } from './parts.ts';
import type { Template } from './template.ts';

const elsewhere = 'Each operational protocol says why the duty of confidence allows what it gives.';

export const framework: Template = {
  code: 'framework',
  tier: 'framework',
  title: 'Framework for sharing information',
  summary:
    'What public bodies and charities of one area promise each other before they share anything about anybody. Operational protocols beneath it say who may see what, and why. Others can join later.',
  kinds: ['council', 'health', 'police', 'school', 'voluntary'],
  purposes: [
    {
      code: 'common-ground',
      name: 'Common ground for sharing',
      aim: 'One set of promises for the whole area, so that an agency that works across it need not sign many different ones.',
      benefit:
        'People tell their story once. Practitioners know what they may share and with whom, without asking a lawyer each time.',
      necessity:
        'Separate agreements between every two agencies differ, lapse, and are not known to those who need them.',
    },
  ],
  dataSubjects: ['People who live in the area or receive services there'],
  lawfulBasis: {
    council: publicTask(
      ['g', 'h'],
      [statutoryCondition, healthCondition],
      ['Localism Act 2011 s.1', 'Children Act 2004 s.10 and s.11', 'Care Act 2014 s.6'],
      elsewhere,
    ),
    health: publicTask(
      ['g', 'h'],
      [statutoryCondition, healthCondition],
      ['Health and Social Care Act 2012 s.251B', 'National Health Service Act 2006 s.82'],
      `${elsewhere} The Caldicott principles apply throughout.`,
    ),
    police: publicTask(
      ['g'],
      [statutoryCondition],
      ['Crime and Disorder Act 1998 s.115', 'common-law policing powers'],
      elsewhere,
    ),
    school: publicTask(
      ['g'],
      [safeguardingCondition],
      ['Education Act 2002 s.175', 'Children Act 2004 s.10(5)'],
      elsewhere,
    ),
    voluntary: {
      article6: ['f'],
      article9: ['g'],
      schedule_conditions: [safeguardingCondition],
      statutory_powers: [],
      confidence_basis:
        'What a person told the charity in confidence is shared with their agreement, or where someone may come to serious harm.',
    },
  },
  clauses: [],
  examples: [],
  dpia: 'The framework moves no data. Its risks are that people misunderstand what they signed and that agreements go out of date. Review dates, examples that are checked, and a one-page guide answer both.',
  terms: {
    ...commonTerms,
    privacy_notice:
      'Each party publishes what it shares under each operational protocol, in words that a nine-year-old can follow, and gives it to people when it first collects their information.',
    guidance:
      'When is consent needed? Each operational protocol says so, clause by clause. What may be shared without it? What a clause gives without asking for consent, and whatever the law allows or requires where someone may come to serious harm. What if it is refused? The refusal is respected unless the law requires sharing; write down what was said and what you decided. Who decides? The practitioner who holds the information, with their manager or safeguarding lead; nobody is ever forbidden to protect someone from serious harm.',
  },
};
