/** The form of one example: a question, and the answer that the protocol must give. */
import { expectable } from '../../../../policy/decisions/deciding/reasons.ts';
import type { Field } from '../form/field.ts';
import * as choose from './choices.ts';
import { yesOrNo } from './spellings.ts';

export const exampleFields: readonly Field[] = [
  { as: 'text', name: 'name', label: 'What it shows', hint: 'One sentence, such as “A health visitor sees the plan”.' },
  { as: 'choice', name: 'role', label: 'Role', options: choose.roles },
  { as: 'choice', name: 'agency', label: 'Agency of the one who asks', options: choose.agencies },
  {
    as: 'choice',
    name: 'asset',
    label: 'Type of record',
    follow: 'Show its fields',
    options: choose.assets,
  },
  { as: 'choice', name: 'action', label: 'What they want to do', options: choose.actions },
  { as: 'choice', name: 'holder', label: 'Whose record', options: choose.parties },
  { as: 'choice', name: 'purpose', label: 'For what', options: choose.purposes },
  {
    as: 'group',
    name: 'facts',
    label: 'What is true then',
    fields: [
      { as: 'flag', name: 'present', label: 'The practitioner is signed in' },
      { as: 'flag', name: 'consent', label: 'The person concerned has agreed' },
      { as: 'flag', name: 'involvement', label: 'The practitioner works with the person concerned' },
    ],
  },
  {
    as: 'group',
    name: 'expect',
    label: 'What must come out',
    fields: [
      {
        as: 'choice',
        name: 'decision',
        label: 'Answer',
        radios: true,
        options: choose.fixed({ yes: 'Yes', no: 'No' }),
        spelling: yesOrNo,
      },
      { as: 'choice', name: 'reason', label: 'Reason', options: choose.fixed(expectable) },
      {
        as: 'choices',
        name: 'fields',
        label: 'Fields',
        hint: 'None for a no.',
        options: choose.fields,
        without: 'Choose a type of record first.',
      },
    ],
  },
];
