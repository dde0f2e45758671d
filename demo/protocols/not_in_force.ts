/** Two protocols that give nothing: one still waits for a signature, one was suspended by a party. */
import { permit, to } from '../../policy/governance/templates/parts.ts';
import type { Clause, Protocol } from '../../policy/register/protocols/document.ts';
import { agencyOf } from '../region/agencies.ts';
import * as law from './law.ts';
import { daysFrom, party, pinsFor, type Setting } from './parts.ts';
import { operationalTerms } from './terms.ts';

const movingParties = ['E08000037', 'E08000021', 'E08000024'] as const;
/** The party whose officer has not signed yet. */
export const movingUnsigned = 'E08000024';
const catchUpParties = ['RTD', 'URN:146752', 'E08000021'] as const;
/** Who suspended it, and why. */
export const catchUpSuspension = {
  agency: 'RTD',
  reason: 'The list named pupils who had moved away. Suspended until the source is put right.',
} as const;

const movingClauses: Clause[] = [
  permit({
    id: 'receiving-area',
    text: 'When a homeless household moves, a housing officer of the receiving council may read who they are and what help they had.',
    asset: 'housing-support-record',
    fields: ['name', 'household', 'housing_situation', 'allocated_worker', 'support_needs'],
    holders: [...movingParties],
    recipients: to('council', 'housing-officer'),
    purposes: ['continuing-support'],
    presence: 'not-required',
  }),
];

const catchUpClauses: Clause[] = [
  permit({
    id: 'catch-up-list',
    text: 'A teacher who is named for it may know which pupils missed an immunisation.',
    asset: 'school-health-record',
    fields: ['name', 'school', 'immunisations'],
    holders: ['RTD'],
    recipients: to('school', 'teacher', 'designated-safeguarding-lead'),
    purposes: ['catching-up-immunisations'],
    presence: 'not-required',
    identity_level: 1,
  }),
];

/** People who move between areas: written, signed by two of three. */
export function movingBetweenAreas({ federation, today }: Setting, frameworkHash: string): Protocol {
  const parties = movingParties.map((code) => party(code, law.framework[agencyOf(code).kind]!));
  return {
    type: 'wayleave-protocol',
    federation,
    id: 'moving-between-areas',
    version: 1,
    tier: 'operational',
    framework: { id: 'north-east-framework', hash: frameworkHash },
    title: 'Homeless households that move between areas',
    summary: 'What a council tells the next one when a homeless household moves there.',
    parties,
    purposes: [
      {
        code: 'continuing-support',
        name: 'Support that goes on',
        aim: 'That help does not stop at the boundary.',
        benefit: 'Nobody starts from nothing after each move.',
        necessity: 'The receiving council does not know that they came.',
      },
    ],
    data_subjects: ['Members of homeless households'],
    clauses: movingClauses,
    pins: pinsFor({ clauses: movingClauses, parties }),
    ...operationalTerms(
      today,
      'NE-DPIA-027',
      'The risk looked at was a violent partner finding a household through its move; nothing is given where an address is protected.',
    ),
    privacy_notice: 'If you move, the new council learns who you are and what help you had, so that it can go on.',
    guidance:
      'Tell the household before you use this. If they are hiding from somebody, do not use it: ring the duty desk.',
    valid: { from: daysFrom(today, -20), until: daysFrom(today, 700) },
    review: daysFrom(today, 340),
    examples: [],
  };
}

/** A catch-up after missed immunisations: signed by all, suspended by the hospital that holds the records. */
export function immunisationCatchUp({ federation, today }: Setting, frameworkHash: string): Protocol {
  const parties = catchUpParties.map((code) => party(code, law.safeguardingChildren[agencyOf(code).kind]!));
  return {
    type: 'wayleave-protocol',
    federation,
    id: 'immunisation-catch-up',
    version: 1,
    tier: 'operational',
    framework: { id: 'north-east-framework', hash: frameworkHash },
    title: 'Immunisation catch-up in schools',
    summary: 'Which pupils missed an immunisation, so that the school can help the nurse to reach them.',
    parties,
    purposes: [
      {
        code: 'catching-up-immunisations',
        name: 'Catching up on immunisations',
        aim: 'That no child misses one for want of a letter.',
        benefit: 'Fewer outbreaks in schools.',
        necessity: 'The school knows how to reach the family; the nurse knows who missed one.',
      },
    ],
    data_subjects: ['Pupils of the schools that are parties'],
    clauses: catchUpClauses,
    pins: pinsFor({ clauses: catchUpClauses, parties }),
    ...operationalTerms(
      today,
      'NE-DPIA-011',
      'The risk looked at was a pupil being singled out; the list goes to one person in each school and nowhere else.',
    ),
    privacy_notice: 'The school nurse tells one teacher who missed an immunisation, so that your family gets a letter.',
    guidance: 'Do not talk about it in class. The list is for writing to families, nothing else.',
    valid: { from: daysFrom(today, -390), until: daysFrom(today, 400) },
    review: daysFrom(today, 60),
    examples: [],
  };
}
