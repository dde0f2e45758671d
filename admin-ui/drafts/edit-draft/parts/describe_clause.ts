/** The form of one clause: what of whose records, to whom, for what, and on what conditions. */
import { listRegisters } from '../../../../directory/people/formats.ts';
import type { Field } from '../form/field.ts';
import * as choose from './choices.ts';
import { conditionValue } from './condition_value.ts';
import { consentRule, pairs, whose, wholeNumber } from './spellings.ts';

const recipients: Field = {
  as: 'list',
  name: 'recipients',
  label: 'Who receives',
  item: 'recipient',
  fields: [
    { as: 'choice', name: 'role', label: 'Role', options: choose.roles },
    { as: 'choice', name: 'to', label: 'In', covers: ['agency', 'kind'], options: choose.receivers, spelling: whose },
  ],
};

const conditions: Field = {
  as: 'list',
  name: 'conditions',
  label: 'Conditions on the record',
  hint: 'Every one must be met. None is needed.',
  item: 'condition',
  fields: [
    { as: 'choice', name: 'attribute', label: 'What the record says of', options: choose.attributes },
    {
      as: 'choice',
      name: 'operator',
      label: 'Comparison',
      options: choose.fixed({
        eq: 'is',
        in: 'is one of',
        lt: 'is below, or before',
        lte: 'is at most, or not after',
        gt: 'is above, or after',
        gte: 'is at least, or not before',
      }),
    },
    {
      as: 'text',
      name: 'value',
      label: 'Value',
      hint: 'Of several, one on each line. Yes or no; a number; for a time a day such as 31/3/2027, or “now minus 30 days”.',
      rows: 2,
      spelling: conditionValue,
    },
  ],
};

const obligations: Field = {
  as: 'list',
  name: 'obligations',
  label: 'Duties that come with it',
  item: 'duty',
  blank: { properties: {} },
  fields: [
    { as: 'text', name: 'id', label: 'Code', hint: 'Small letters, digits and hyphens.', width: 20 },
    {
      as: 'choice',
      name: 'type',
      label: 'Kind of duty',
      options: choose.fixed({
        notification: 'Tell somebody',
        custom: 'Something else to be done',
        'step-up': 'Sign in again, more strongly',
        session_termination: 'End the session',
      }),
    },
    { as: 'text', name: 'text', label: 'What is to be done', rows: 2 },
    {
      as: 'text',
      name: 'properties',
      label: 'Details for systems',
      hint: 'One on each line, such as “within_hours: 24”.',
      rows: 2,
      spelling: pairs,
    },
  ],
};

const override: Field = {
  as: 'group',
  name: 'override',
  label: 'In an emergency',
  hint: 'Who may look without waiting for agreement or involvement. Each use is looked at afterwards by the agency that holds the record. Leave all of it empty to allow none.',
  optional: true,
  fields: [
    {
      as: 'choices',
      name: 'roles',
      label: 'Roles',
      hint: 'Of those who receive something under this clause.',
      options: choose.receivingRoles,
      without: 'Say who receives something first.',
    },
    {
      as: 'choices',
      name: 'grounds',
      label: 'Grounds',
      options: choose.fixed({
        'risk-of-significant-harm': 'Risk of significant harm',
        'vital-interests': 'Vital interests',
        'prevention-of-serious-crime': 'Prevention of serious crime',
      }),
    },
    {
      as: 'choices',
      name: 'fields',
      label: 'Fields in an emergency',
      options: choose.fields,
      without: 'Choose a type of record first.',
    },
    { as: 'text', name: 'minutes', label: 'For how many minutes', width: 4, spelling: wholeNumber },
  ],
};

const needs: readonly Field[] = [
  {
    as: 'choice',
    name: 'presence',
    label: 'Must the person who asks be signed in?',
    radios: true,
    options: choose.fixed({ required: 'Yes', 'not-required': 'No: a system may ask on their behalf' }),
  },
  {
    as: 'choice',
    name: 'consent',
    label: 'What is the person concerned asked or told?',
    radios: true,
    options: choose.fixed({
      'not-required': 'Nothing for this clause alone',
      inform: 'They are told, and may object',
      'required confidence': 'They must agree (duty of confidence)',
      'required lawful-basis': 'They must consent (lawful basis)',
    }),
    spelling: consentRule,
  },
  {
    as: 'choice',
    name: 'involvement',
    label: 'Must the practitioner work with the person concerned?',
    radios: true,
    options: choose.fixed({ 'not-required': 'No', required: 'Yes, and it must be on record' }),
  },
  {
    as: 'choices',
    name: 'registrations',
    label: 'Professional registers',
    hint: 'A current entry on one of those ticked. None ticked: none is needed.',
    options: () => listRegisters().map(({ body, name }) => ({ value: body, text: name })),
  },
  {
    as: 'choice',
    name: 'identity_level',
    label: 'How well must the practitioner’s identity have been checked?',
    options: choose.fixed({ 0: 'Level 0: not checked', 1: 'Level 1', 2: 'Level 2', 3: 'Level 3' }),
    spelling: wholeNumber,
  },
  {
    as: 'choice',
    name: 'authentication_level',
    label: 'How strongly must they have signed in?',
    options: choose.fixed({ 1: 'With a password', 2: 'With a second factor', 3: 'With a passkey or security key' }),
    spelling: wholeNumber,
  },
  {
    as: 'choice',
    name: 'area',
    label: 'Area',
    none: 'Wherever the person concerned lives',
    options: choose.fixed({ own: 'Only the area that the practitioner’s team or agency serves' }),
  },
];

export const clauseFields: readonly Field[] = [
  {
    as: 'text',
    name: 'id',
    label: 'Code of the clause',
    hint: 'How it is cited. Small letters, digits and hyphens.',
    width: 20,
  },
  {
    as: 'text',
    name: 'text',
    label: 'In plain words',
    hint: 'Who may see what, and why. This is what people read.',
    rows: 4,
  },
  {
    as: 'choice',
    name: 'effect',
    label: 'It',
    radios: true,
    options: choose.fixed({ permit: 'Allows', prohibit: 'Forbids' }),
  },
  {
    as: 'choice',
    name: 'asset',
    label: 'Type of record',
    follow: 'Show its fields',
    options: choose.assets,
  },
  {
    as: 'choices',
    name: 'actions',
    label: 'What may be done with it',
    options: choose.actions,
    without: 'Choose a type of record first.',
  },
  {
    as: 'choices',
    name: 'fields',
    label: 'Fields',
    options: choose.fields,
    without: 'Choose a type of record first.',
  },
  {
    as: 'choices',
    name: 'holders',
    label: 'Whose records',
    hint: 'The parties that hold them.',
    without: 'Name the parties first.',
    options: choose.parties,
  },
  recipients,
  {
    as: 'choices',
    name: 'purposes',
    label: 'For what',
    options: choose.purposes,
    without: 'State the purposes of the protocol first.',
  },
  conditions,
  ...needs,
  obligations,
  {
    as: 'choice',
    name: 'explain',
    label: 'What may a refusal tell?',
    radios: true,
    options: choose.fixed({
      policy: 'Only what this protocol says',
      facts: 'Also facts about the person concerned, such as that they refused',
    }),
  },
  override,
  { as: 'flag', name: 'open_to_accession', label: 'An agency that joins later gets this clause too' },
];
