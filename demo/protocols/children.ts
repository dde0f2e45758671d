/** Operational protocol: keeping children safe who live in, move between or go to school in Gateshead and Newcastle. */
import { names, permit, prohibit, to } from '../../policy/governance/templates/parts.ts';
import type { Clause, Protocol } from '../../policy/register/protocols/document.ts';
import { agencyOf } from '../region/agencies.ts';
import * as law from './law.ts';
import { daysFrom, party, pinsFor, type Setting } from './parts.ts';
import { operationalTerms } from './terms.ts';

const gateshead = 'E08000037';
const newcastle = 'E08000021';
const childrenParties = [gateshead, newcastle, 'E23000007', 'RR7', 'RTD', 'RX4', 'URN:146752'] as const;

const holders = [gateshead, newcastle];
const openCase = { attribute: 'case_status', operator: 'in' as const, value: ['open', 'review'] };
const socialWorkers = to('council', 'social-worker', 'senior-social-worker');
const police = to('police', 'police-officer', 'public-protection-officer');
const schools = to('school', 'teacher', 'designated-safeguarding-lead');
const healthCare = to(
  'health',
  'health-visitor',
  'school-nurse',
  'midwife',
  'paediatrician',
  'emergency-department-doctor',
);
const everybody = [...socialWorkers, ...to('council', 'housing-officer'), ...police, ...schools, ...healthCare];

const about = { asset: 'child-record', holders };
const safeguarding = { ...about, purposes: ['safeguarding-children'] };

const clauses: Clause[] = [
  permit({
    ...safeguarding,
    id: 'social-workers',
    text: 'A registered social worker of a council that is a party may read what another council’s children’s services hold about a child whose case is open, to protect that child.',
    fields: names(
      'name date_of_birth address school gp allocated_worker child_protection_plan household strengths childs_view health_needs police_markers housing_situation',
    ),
    recipients: socialWorkers,
    conditions: [openCase],
    registrations: ['SWE'],
    obligations: [
      {
        id: 'tell-allocated-worker',
        type: 'notification',
        text: 'Tell the allocated worker today that you opened this record, and why.',
        properties: { who: 'allocated-worker', within_hours: 24 },
      },
    ],
  }),
  permit({
    ...safeguarding,
    id: 'health-visitors',
    text: 'A registered health visitor who works with the child may read what she needs to protect the child. In an emergency she may see where the child is and who answers for them without waiting for her involvement to be confirmed.',
    fields: names(
      'name date_of_birth address gp allocated_worker child_protection_plan household childs_view health_needs immunisations',
    ),
    recipients: to('health', 'health-visitor'),
    involvement: 'required',
    registrations: ['NMC'],
    override: {
      roles: ['health-visitor'],
      grounds: ['risk-of-significant-harm', 'vital-interests'],
      fields: ['name', 'address', 'allocated_worker', 'child_protection_plan'],
      minutes: 30,
    },
  }),
  permit({
    ...safeguarding,
    id: 'police',
    text: 'A police officer may read where a child lives and with whom, whether there is a child protection plan, and police warning markers, to protect that child.',
    fields: names('name date_of_birth address household allocated_worker child_protection_plan police_markers'),
    recipients: police,
    obligations: [
      {
        id: 'note-in-incident-log',
        type: 'custom',
        text: 'Write the number of this decision in the incident log.',
        properties: { duty: 'record-decision-number' },
      },
    ],
  }),
  permit({
    ...safeguarding,
    id: 'housing-officers',
    text: 'A housing officer may read who lives with a child and how they are housed, so that a family is not moved away from help or into danger.',
    fields: ['name', 'address', 'household', 'allocated_worker', 'housing_situation'],
    recipients: to('council', 'housing-officer'),
    conditions: [openCase],
  }),
  permit({
    ...about,
    id: 'plan-flag-in-emergency-care',
    text: 'Where a child is brought to unplanned care, the system at the door may ask on behalf of a registered nurse, midwife or doctor whether there is a child protection plan and who to ring.',
    purposes: ['emergency-care'],
    fields: ['name', 'date_of_birth', 'allocated_worker', 'child_protection_plan'],
    recipients: healthCare,
    conditions: [{ attribute: 'age_years', operator: 'lt', value: 18 }],
    presence: 'not-required',
    registrations: ['NMC', 'GMC'],
    identity_level: 1,
  }),
  permit({
    ...about,
    id: 'early-help-in-school',
    text: 'A teacher may read what is going well and what the child says, for early help, where the child or someone with parental responsibility agreed to it.',
    purposes: ['early-help'],
    fields: ['name', 'school', 'allocated_worker', 'strengths', 'childs_view'],
    recipients: schools,
    conditions: [openCase],
    presence: 'not-required',
    consent: { rule: 'required', as: 'confidence' },
    identity_level: 1,
  }),
  permit({
    ...about,
    id: 'early-help-school-nurse',
    text: 'A registered school nurse who works with the child may read health needs and immunisations for early help.',
    purposes: ['early-help'],
    fields: ['name', 'date_of_birth', 'school', 'allocated_worker', 'health_needs', 'immunisations'],
    recipients: to('health', 'school-nurse'),
    presence: 'not-required',
    involvement: 'required',
    registrations: ['NMC'],
    override: {
      roles: ['school-nurse'],
      grounds: ['risk-of-significant-harm', 'vital-interests'],
      fields: ['name', 'allocated_worker', 'health_needs'],
      minutes: 30,
    },
  }),
  prohibit({
    ...about,
    id: 'no-birth-family',
    text: 'Nobody may be given what is held about a child’s birth family before adoption. The identity before and the identity after adoption are never linked through this protocol.',
    purposes: ['safeguarding-children', 'early-help', 'emergency-care'],
    fields: ['birth_family'],
    recipients: everybody,
  }),
  prohibit({
    ...about,
    id: 'no-protected-address',
    text: 'Where an address is protected, because a family is hiding from someone who may hurt them, only social workers may be told where the child lives, goes to school, or who lives with them.',
    purposes: ['safeguarding-children', 'early-help', 'emergency-care'],
    fields: ['address', 'school', 'gp', 'household'],
    recipients: everybody.filter((one) => !socialWorkers.includes(one)),
    conditions: [{ attribute: 'address_protected', operator: 'eq', value: true }],
  }),
];

export function children({ federation, today }: Setting, frameworkHash: string): Protocol {
  const parties = childrenParties.map((code) =>
    party(code, law.safeguardingChildren[agencyOf(code).kind]!, {
      essential: code === gateshead || code === newcastle,
    }),
  );
  return {
    type: 'wayleave-protocol',
    federation,
    id: 'safeguarding-children',
    version: 1,
    tier: 'operational',
    framework: { id: 'north-east-framework', hash: frameworkHash },
    title: 'Safeguarding children in Gateshead and Newcastle',
    summary:
      'Who may see which part of a child’s social care record, so that those who work with the child know enough to keep them safe.',
    parties,
    purposes: [
      {
        code: 'safeguarding-children',
        name: 'Protecting a child from harm',
        aim: 'That everybody who works with a child at risk knows who else does, and what they need to know to act.',
        benefit:
          'Reviews of children’s deaths have found again and again that each agency held a piece. Put together in time, the pieces protect.',
        necessity:
          'The agencies cannot protect a child who moves between two areas by telephone and goodwill alone; less than these fields has been shown not to be enough.',
      },
      {
        code: 'early-help',
        name: 'Early help for a family',
        aim: 'Help before things get worse, agreed with the family.',
        benefit: 'A family is asked once, and the school, the nurse and the council pull in one direction.',
        necessity: 'Only what the family agreed to, or what a nurse who works with the child needs, is given.',
      },
      {
        code: 'emergency-care',
        name: 'A child in unplanned care',
        aim: 'That a nurse or doctor who meets a child for the first time knows whether there is a child protection plan.',
        benefit: 'An injury is seen in the light of what is known, and the right social worker is rung the same hour.',
        necessity: 'Staff in unplanned care cannot know where to ask; the flag and a name are the least that helps.',
      },
    ],
    data_subjects: ['Children known to children’s services of Gateshead or Newcastle', 'Members of their households'],
    clauses,
    pins: pinsFor({ clauses, parties }),
    ...operationalTerms(
      today,
      'NE-DPIA-014',
      'Children are among those who can least speak for themselves. The risks looked at were a violent person finding a family, a child being labelled, and too many people looking; protected addresses, narrow fields and the log answer them.',
    ),
    privacy_notice:
      'If we think that you may not be safe, we tell the people who can help: your social worker, your nurse, your school or the police. We tell them only what they need. We tell you that we did, unless that would put you in danger.',
    guidance:
      'You do not need anybody’s consent to share where a child may be at risk of significant harm. For early help you do: ask, write down the answer, and respect it. If you are refused here and you fear for a child, ring the duty desk now.',
    valid: { from: daysFrom(today, -380), until: daysFrom(today, 700) },
    review: daysFrom(today, 200),
    examples: [
      {
        name: 'A teacher sees strengths and the child’s view when the family agreed',
        role: 'teacher',
        agency: 'URN:146752',
        action: 'read',
        asset: 'child-record',
        holder: gateshead,
        purpose: 'early-help',
        facts: { present: false, consent: true, involvement: false },
        expect: {
          decision: true,
          reason: 'permitted',
          fields: ['name', 'school', 'allocated_worker', 'strengths', 'childs_view'],
        },
      },
      {
        name: 'A school nurse who works with the child sees health needs and immunisations',
        role: 'school-nurse',
        agency: 'RTD',
        action: 'read',
        asset: 'child-record',
        holder: gateshead,
        purpose: 'early-help',
        facts: { present: false, consent: false, involvement: true },
        expect: {
          decision: true,
          reason: 'permitted',
          fields: ['name', 'date_of_birth', 'school', 'allocated_worker', 'health_needs', 'immunisations'],
        },
      },
    ],
  };
}
