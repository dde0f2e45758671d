/** Operational: children in trouble with the law, between police, youth justice services and health. */
import {
  commonTerms,
  gives,
  healthCondition,
  names,
  permit,
  prohibit,
  publicTask,
  refuses,
  safeguardingCondition,
  statutoryCondition,
  to,
} from './parts.ts';
import type { Template, TemplateClause } from './template.ts';

const purpose = 'preventing-offending';
const child = { attribute: 'age_years', operator: 'lt' as const, value: 18 };
const custody = { asset: 'custody-record', holders: ['police'], purposes: [purpose], conditions: [child] };
const youth = { asset: 'youth-justice-record', holders: ['council'], purposes: [purpose] };
const workers = to('council', 'youth-justice-worker');
const police = to('police', 'police-officer', 'public-protection-officer');
const mentalHealth = to('health', 'community-psychiatric-nurse', 'psychiatrist', 'speech-and-language-therapist');

const fields = {
  custody: names('name date_of_birth address offence custody_time appropriate_adult vulnerabilities disposal'),
  orders: ['name', 'date_of_birth', 'allocated_worker', 'order', 'order_end_date', 'risk_to_others'],
  health: ['name', 'date_of_birth', 'school', 'allocated_worker', 'assessment_summary', 'risk_to_self', 'safety_plan'],
};

const clauses: TemplateClause[] = [
  permit({
    ...custody,
    id: 'child-in-custody',
    text: 'When a child is held in custody, the custody system tells a youth justice worker at once who, where, for what, and what makes the child vulnerable.',
    fields: fields.custody,
    recipients: workers,
    presence: 'not-required',
    consent: { rule: 'not-required' },
  }),
  permit({
    ...youth,
    id: 'orders-for-police',
    text: 'A police officer may read which order a child is under, until when, who works with the child, and what risk to others was found.',
    fields: fields.orders,
    recipients: police,
  }),
  permit({
    ...youth,
    id: 'care-for-the-child',
    text: 'A registered mental health or speech and language practitioner who works with the child may read the assessment in short, the risk of harm to self and the safety plan.',
    fields: fields.health,
    recipients: mentalHealth,
    involvement: 'required',
    registrations: ['NMC', 'GMC', 'HCPC'],
    override: {
      roles: ['community-psychiatric-nurse', 'psychiatrist'],
      grounds: ['risk-of-significant-harm', 'vital-interests'],
      fields: ['name', 'allocated_worker', 'risk_to_self', 'safety_plan'],
      minutes: 60,
    },
  }),
  prohibit({
    ...youth,
    id: 'nothing-about-victims',
    text: 'What a youth justice service holds about a victim is given to nobody through this protocol: it was told in confidence, and is not about the child.',
    fields: ['victim_information'],
    recipients: [...police, ...mentalHealth],
  }),
];

const present = { present: true, consent: false, involvement: false };
const working = { present: true, consent: false, involvement: true };
const nobody = { present: false, consent: false, involvement: false };
const askedPolice = { asset: 'custody-record', holderKind: 'police', purpose };
const askedCouncil = { asset: 'youth-justice-record', holderKind: 'council', purpose };

export const youthJustice: Template = {
  code: 'youth-justice',
  tier: 'operational',
  title: 'Youth justice',
  summary:
    'What police, youth justice services and health tell each other about a child in trouble with the law, to stop it happening again and to keep the child and others safe.',
  kinds: ['council', 'police', 'health'],
  purposes: [
    {
      code: purpose,
      name: 'Preventing offending by children',
      aim: 'That a child in trouble is met by somebody who knows them, from the first hour in custody.',
      benefit: 'Fewer children offend again, and those who are ill or in danger are seen for what they are.',
      necessity:
        'The youth justice service has a duty to help children in custody and cannot do it without being told; the police cannot keep to an order that they cannot see.',
    },
  ],
  dataSubjects: ['Children of 10 to 17 who are suspected or convicted of an offence', 'Their families'],
  lawfulBasis: {
    council: publicTask(
      ['g'],
      [statutoryCondition, safeguardingCondition],
      ['Crime and Disorder Act 1998 s.37, s.38, s.39 and s.115', 'Children Act 2004 s.10 and s.11'],
      'The statutory aim of preventing offending by children, and their welfare, outweigh confidence for what a clause names.',
    ),
    health: publicTask(
      ['g', 'h'],
      [safeguardingCondition, healthCondition],
      ['Crime and Disorder Act 1998 s.38(2) and s.39(5)', 'Children Act 2004 s.10 and s.11'],
      'Direct care of a child, or the public interest in keeping the child or somebody else safe.',
    ),
    police: publicTask(
      [],
      [
        'Data Protection Act 2018, Schedule 8, paragraph 1: statutory purposes',
        'Data Protection Act 2018, Schedule 8, paragraph 4: safeguarding of children and of individuals at risk',
      ],
      ['Crime and Disorder Act 1998 s.38(2), s.39(5) and s.115', 'Police and Criminal Evidence Act 1984, Code C'],
      'The policing purpose of preventing offending by children.',
    ),
  },
  part3: {
    police: {
      categories: ['Children suspected of an offence', 'Children who have been convicted', 'Victims and witnesses'],
      policy_document: 'The force’s appropriate policy document on sensitive processing for law enforcement',
    },
  },
  clauses,
  examples: [
    gives(
      'A youth justice worker is told at once that a child is in custody',
      { ...askedPolice, role: 'youth-justice-worker', kind: 'council', facts: nobody },
      fields.custody,
    ),
    gives(
      'A police officer sees which order a child is under',
      { ...askedCouncil, role: 'police-officer', kind: 'police', facts: present },
      fields.orders,
    ),
    gives(
      'A psychiatric nurse who works with the child sees the safety plan',
      { ...askedCouncil, role: 'community-psychiatric-nurse', kind: 'health', facts: working },
      fields.health,
    ),
    refuses(
      'A psychiatric nurse who does not work with the child is asked to confirm that she does',
      { ...askedCouncil, role: 'community-psychiatric-nurse', kind: 'health', facts: present },
      'involvement-needed',
    ),
    refuses(
      'A police officer who is not signed in sees nothing',
      { ...askedCouncil, role: 'police-officer', kind: 'police', facts: nobody },
      'sign-in-needed',
    ),
  ],
  dpia: 'The greatest risks: that what a child tells a worker in confidence is used against them, and that a record follows a child into adult life. Short lists of fields, separate purposes, Part 3 for the police and the prohibition on victims’ information meet them.',
  terms: {
    ...commonTerms,
    privacy_notice:
      'Children and parents are told by the youth justice worker, in words and on one page for their age, what police, council and health tell each other and why.',
    guidance:
      'When is consent needed? Not for what the clauses give: preventing offending by children is a duty in law. Tell the child and the parents what is shared; ask for agreement before you offer help beyond it. What may be shared without it? What the clauses give, and what is needed where somebody may come to serious harm. What if it is refused? Nobody can refuse what the law asks for; help that is offered can be refused without any disadvantage. Who decides? The youth justice worker with their manager; under Part 3, the custody officer for what the police hold.',
  },
};
