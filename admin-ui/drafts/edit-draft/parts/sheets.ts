/** The parts that have one page: keys of the document itself. */
import { type Field, objectOf, textOf } from '../form/field.ts';
import * as choose from './choices.ts';
import type { Sheet } from './part.ts';
import { day, lines } from './spellings.ts';

const prose = (name: string, label: string, hint?: string): Field => ({
  as: 'text',
  name,
  label,
  rows: 5,
  ...(hint === undefined ? {} : { hint }),
});

export const about: Sheet = {
  code: 'about',
  title: 'About',
  hint: 'Title, summary, and where it stands',
  keys: ['type', 'federation', 'id', 'version', 'tier', 'framework', 'supersedes', 'title', 'summary', 'host', 'pins'],
  fields: [
    { as: 'text', name: 'title', label: 'Title' },
    { as: 'text', name: 'summary', label: 'Summary', hint: 'What it is for, in two or three sentences.', rows: 4 },
    {
      as: 'text',
      name: 'id',
      label: 'Code',
      hint: 'It stays the same for all versions. Small letters, digits and hyphens.',
      width: 20,
    },
    {
      as: 'choice',
      name: 'tier',
      label: 'What it is',
      radios: true,
      options: choose.fixed({
        framework: 'A framework: rules for the protocols under it',
        operational: 'An operational protocol under a framework',
      }),
    },
    {
      as: 'choice',
      name: 'framework',
      label: 'Framework that it stands under',
      none: 'None: it is a framework itself',
      options: choose.frameworks,
      spelling: {
        show: (value) => textOf(objectOf(value).id),
        read: (id) => (id === '' ? undefined : { id }),
      },
    },
    {
      as: 'choice',
      name: 'host',
      label: 'For a framework: who countersigns when another agency joins',
      none: 'Nobody: no agency can join later',
      options: choose.parties,
    },
  ],
};

export const purposes: Sheet = {
  code: 'purposes',
  title: 'Purposes',
  hint: 'What information is shared for',
  keys: ['purposes'],
  fields: [
    {
      as: 'list',
      name: 'purposes',
      label: 'Purposes',
      item: 'purpose',
      fields: [
        {
          as: 'text',
          name: 'code',
          label: 'Code',
          hint: 'Small letters, digits and hyphens. Systems ask with it.',
          width: 20,
        },
        { as: 'text', name: 'name', label: 'Name' },
        { as: 'text', name: 'aim', label: 'Aim', rows: 3 },
        { as: 'text', name: 'benefit', label: 'What it brings to the people concerned', rows: 3 },
        { as: 'text', name: 'necessity', label: 'Why it cannot be done with less', rows: 3 },
      ],
    },
  ],
};

export const people: Sheet = {
  code: 'people',
  title: 'People it is about',
  hint: 'Whose records are shared',
  keys: ['data_subjects'],
  fields: [
    {
      as: 'text',
      name: 'data_subjects',
      label: 'People it is about',
      hint: 'One group on each line.',
      rows: 5,
      spelling: lines,
    },
  ],
};

export const dates: Sheet = {
  code: 'dates',
  title: 'Impact assessment and dates',
  hint: 'The assessment, and from when to when it is valid',
  keys: ['dpia', 'valid', 'review'],
  fields: [
    {
      as: 'group',
      name: 'dpia',
      label: 'Data protection impact assessment',
      fields: [
        { as: 'text', name: 'reference', label: 'Reference', width: 20 },
        {
          as: 'text',
          name: 'completed',
          label: 'Completed on',
          hint: 'For example, 31/3/2027',
          width: 10,
          spelling: day,
        },
        { as: 'text', name: 'summary', label: 'What it found', rows: 5 },
      ],
    },
    {
      as: 'group',
      name: 'valid',
      label: 'Valid',
      fields: [
        { as: 'text', name: 'from', label: 'First day', hint: 'For example, 1/4/2027', width: 10, spelling: day },
        { as: 'text', name: 'until', label: 'Last day', hint: 'For example, 31/3/2029', width: 10, spelling: day },
      ],
    },
    {
      as: 'text',
      name: 'review',
      label: 'To be looked at again by',
      hint: 'A day between the two',
      width: 10,
      spelling: day,
    },
  ],
};

export const terms: Sheet = {
  code: 'terms',
  title: 'Notices, rights and security',
  hint: 'Privacy notice, rights, accuracy, retention, security, breaches, complaints, training',
  keys: ['privacy_notice', 'rights', 'accuracy', 'retention', 'security', 'breach', 'complaints', 'training'],
  fields: [
    prose('privacy_notice', 'Privacy notice', 'To the people concerned, in words that a nine-year-old understands.'),
    prose('rights', 'Rights'),
    prose('accuracy', 'Accuracy'),
    prose('retention', 'Retention'),
    prose('security', 'Security'),
    prose('breach', 'If something goes wrong'),
    prose('complaints', 'Complaints'),
    prose('training', 'Training'),
  ],
};

export const guidance: Sheet = {
  code: 'guidance',
  title: 'Guidance',
  hint: 'What practitioners need to know',
  keys: ['guidance'],
  fields: [prose('guidance', 'Guidance for practitioners', 'When to ask for consent and when not, and whom to ring.')],
};
