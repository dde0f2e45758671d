/** The form of one party: who it is, who answers for it, and why it may share. */
import { article6Words, article9Words } from '../../../words/articles.ts';
import type { Field, GroupField } from '../form/field.ts';
import * as choose from './choices.ts';
import { lines } from './spellings.ts';

const contact = (name: string, label: string, optional?: true): GroupField => ({
  as: 'group',
  name,
  label,
  ...(optional === undefined ? {} : { optional, hint: 'Leave empty if the agency has none.' }),
  fields: [
    { as: 'text', name: 'name', label: 'Name' },
    {
      as: 'text',
      name: 'email',
      label: 'E-mail address',
      hint: 'A role mailbox rather than a person’s own.',
      email: true,
    },
  ],
});

const lawfulBasis: GroupField = {
  as: 'group',
  name: 'lawful_basis',
  label: 'Lawful basis',
  fields: [
    { as: 'choices', name: 'article6', label: 'UK GDPR, Article 6(1)', options: choose.fixed(article6Words) },
    {
      as: 'choices',
      name: 'article9',
      label: 'UK GDPR, Article 9(2)',
      hint: 'For special category data.',
      options: choose.fixed(article9Words),
    },
    {
      as: 'text',
      name: 'schedule_conditions',
      label: 'Conditions of the Data Protection Act 2018',
      hint: 'Schedule 1, or Schedule 8 under Part 3. One on each line.',
      rows: 3,
      spelling: lines,
    },
    {
      as: 'text',
      name: 'statutory_powers',
      label: 'Statutory powers',
      hint: 'One on each line.',
      rows: 3,
      spelling: lines,
    },
    { as: 'text', name: 'confidence_basis', label: 'Why the duty of confidence allows it', rows: 3 },
  ],
};

export const partyFields: readonly Field[] = [
  {
    as: 'choice',
    name: 'agency',
    label: 'Agency',
    hint: 'Its name and kind are taken from the register.',
    follow: 'Fill in who answers for it',
    covers: ['agency', 'name', 'kind'],
    options: choose.agencies,
    spelling: {
      show: (value) => (typeof value === 'string' ? value : ''),
      read: (code, _, { state }) => {
        const agency = state.agencies.get(code);
        if (agency !== undefined) return { agency: code, name: agency.name, kind: agency.kind };
        return code === '' ? undefined : { agency: code };
      },
    },
  },
  {
    as: 'choice',
    name: 'controller',
    label: 'Its part',
    radios: true,
    options: choose.fixed({
      controller: 'Controller on its own',
      'joint-controller': 'Joint controller',
      processor: 'Processor',
    }),
  },
  {
    as: 'choice',
    name: 'regime',
    label: 'Law that it works under',
    radios: true,
    options: choose.fixed({ 'uk-gdpr': 'UK GDPR', 'dpa-part-3': 'Data Protection Act 2018, Part 3 (law enforcement)' }),
  },
  {
    as: 'group',
    name: 'part_3',
    label: 'Under Part 3 only',
    optional: true,
    fields: [
      {
        as: 'text',
        name: 'categories',
        label: 'Kinds of people',
        hint: 'One on each line: victims, suspects, witnesses …',
        rows: 3,
        spelling: lines,
      },
      { as: 'text', name: 'policy_document', label: 'Appropriate policy document' },
    ],
  },
  {
    as: 'flag',
    name: 'essential',
    label: 'Essential: the protocol stops for everybody when this party withdraws',
  },
  { as: 'choice', name: 'signs_as', label: 'Who signs for it', options: choose.signsAs },
  contact('senior_officer', 'Senior officer'),
  contact('dpo', 'Data protection officer'),
  contact('caldicott_guardian', 'Caldicott guardian', true),
  contact('siro', 'Senior information risk owner', true),
  contact('information_sharing_officer', 'Information sharing officer', true),
  lawfulBasis,
];
