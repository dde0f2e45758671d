/** Operational protocol: children in trouble with the law, between police, youth justice services and mental health. */
import { names, permit, prohibit, to } from '../../policy/governance/templates/parts.ts';
import type { Clause, Protocol } from '../../policy/register/protocols/document.ts';
import { agencyOf } from '../region/agencies.ts';
import * as law from './law.ts';
import { daysFrom, party, pinsFor, type Setting } from './parts.ts';
import { operationalTerms } from './terms.ts';

const police = 'E23000007';
const councils = ['E08000037', 'E08000021', 'E08000024'];
const youthParties = [...councils, police, 'RX4'] as const;

const child = { attribute: 'age_years', operator: 'lt' as const, value: 18 };
const preventing = { purposes: ['preventing-offending'] };
const custody = { asset: 'custody-record', holders: [police] };
const youthRecord = { asset: 'youth-justice-record', holders: councils };

const clauses: Clause[] = [
  permit({
    ...custody,
    ...preventing,
    id: 'child-in-custody',
    text: 'When a child is held in custody, the custody system tells a youth justice worker of the child’s council at once.',
    fields: names('name date_of_birth address offence custody_time appropriate_adult vulnerabilities disposal'),
    recipients: to('council', 'youth-justice-worker'),
    conditions: [child],
    presence: 'not-required',
    consent: { rule: 'not-required' },
  }),
  permit({
    ...custody,
    ...preventing,
    id: 'intelligence-in-person',
    text: 'Police intelligence about a child is shown only to a youth justice worker who signed in with a passkey or security key, to plan how to keep people safe.',
    fields: ['name', 'intelligence'],
    recipients: to('council', 'youth-justice-worker'),
    conditions: [child],
    consent: { rule: 'not-required' },
    authentication_level: 3,
    explain: 'policy',
  }),
  permit({
    ...youthRecord,
    ...preventing,
    id: 'police-and-orders',
    text: 'A police officer may read which order a child is under, who works with them, and what risk to others was found.',
    fields: ['name', 'date_of_birth', 'allocated_worker', 'order', 'order_end_date', 'risk_to_others'],
    recipients: to('police', 'police-officer', 'public-protection-officer'),
  }),
  permit({
    ...youthRecord,
    id: 'missing-child',
    text: 'When a child is reported missing, the police system may ask for the name and the worker to ring, on behalf of a police officer.',
    purposes: ['finding-a-missing-child'],
    fields: ['name', 'date_of_birth', 'allocated_worker'],
    recipients: to('police', 'police-officer', 'public-protection-officer'),
    presence: 'not-required',
    consent: { rule: 'not-required' },
  }),
  permit({
    ...youthRecord,
    ...preventing,
    id: 'mental-health',
    text: 'A registered mental health nurse who works with the child may read what risk to themselves was found and the safety plan.',
    fields: ['name', 'date_of_birth', 'allocated_worker', 'risk_to_self', 'safety_plan'],
    recipients: to('health', 'community-psychiatric-nurse'),
    involvement: 'required',
    registrations: ['NMC'],
    override: {
      roles: ['community-psychiatric-nurse'],
      grounds: ['vital-interests'],
      fields: ['name', 'allocated_worker', 'safety_plan'],
      minutes: 60,
    },
  }),
  prohibit({
    ...youthRecord,
    id: 'no-victim-information',
    text: 'What is held about the victim is given to nobody under this protocol.',
    purposes: ['preventing-offending', 'finding-a-missing-child'],
    fields: ['victim_information'],
    recipients: [
      ...to('police', 'police-officer', 'public-protection-officer'),
      ...to('health', 'community-psychiatric-nurse'),
    ],
  }),
];

export function youth({ federation, today }: Setting, frameworkHash: string): Protocol {
  const parties = youthParties.map((code) => {
    const basis = law.youthOffending[agencyOf(code).kind]!;
    return code === police ? party(code, basis, { essential: true, part3: law.lawEnforcement }) : party(code, basis);
  });
  return {
    type: 'wayleave-protocol',
    federation,
    id: 'youth-offending',
    version: 1,
    tier: 'operational',
    framework: { id: 'north-east-framework', hash: frameworkHash },
    title: 'Children in trouble with the law',
    summary:
      'What police, youth justice services and mental health tell each other, so that a child who offends is helped to stop and nobody is hurt.',
    parties,
    purposes: [
      {
        code: 'preventing-offending',
        name: 'Preventing offending by children',
        aim: 'The aim that the law gives the youth justice system: that children do not offend, or not again (Crime and Disorder Act 1998, s.37).',
        benefit:
          'A child who is met by the right worker in the first hours is less likely to be charged and less likely to come back.',
        necessity:
          'Police and youth justice services work with the same child under different laws; neither can plan without the fields named here.',
      },
      {
        code: 'finding-a-missing-child',
        name: 'Finding a missing child',
        aim: 'That the police can ring the worker who knows the child.',
        benefit: 'The first hours matter most.',
        necessity: 'A name and a number; nothing more is given.',
      },
    ],
    data_subjects: ['Children aged 10 to 17 who are suspected of an offence or work with a youth justice service'],
    clauses,
    pins: pinsFor({ clauses, parties }),
    ...operationalTerms(
      today,
      'NE-DPIA-018',
      'The risks looked at were a child being marked for life, intelligence leaking, and victims being found; narrow fields, sign-in with a key for intelligence, and the prohibition on victims’ information answer them.',
    ),
    privacy_notice:
      'If you get into trouble with the police, they tell the youth justice service, so that somebody can help you. The police learn which order you are under and who your worker is. What you say about how you feel is only for those who help you.',
    guidance:
      'Welfare comes first: a child in custody is a child. If a child or somebody else may come to serious harm, ring the duty desk now.',
    valid: { from: daysFrom(today, -250), until: daysFrom(today, 600) },
    review: daysFrom(today, 100),
    examples: [
      {
        name: 'A police officer looking for a missing child gets a name and a worker',
        role: 'police-officer',
        agency: police,
        action: 'read',
        asset: 'youth-justice-record',
        holder: 'E08000037',
        purpose: 'finding-a-missing-child',
        facts: { present: false, consent: false, involvement: false },
        expect: { decision: true, reason: 'permitted', fields: ['name', 'date_of_birth', 'allocated_worker'] },
      },
    ],
  };
}
