/** Operational protocol: older people's way home from hospital, in both directions between hospital, council and charity. */
import { names, permit, prohibit, to } from '../../policy/governance/templates/parts.ts';
import type { Clause, Party, Protocol } from '../../policy/register/protocols/document.ts';
import { agencyOf } from '../region/agencies.ts';
import * as law from './law.ts';
import { daysFrom, party, pinsFor, type Setting } from './parts.ts';
import { operationalTerms } from './terms.ts';

const councils = ['E08000037', 'E08000021', 'E06000047'];
const hospitals = ['RR7', 'RTD', 'RXP'];
const dischargeParties = [...councils, ...hospitals, 'CHARITY:702561'] as const;
/** A trust that joined once its district nurses had patients across the boundary. */
const joinedLater = 'R0B';

const older = { attribute: 'age_years', operator: 'gte' as const, value: 65 };
const fromHospital = {
  asset: 'hospital-discharge-record',
  holders: hospitals,
  purposes: ['hospital-discharge'],
  conditions: [older],
};
const fromCouncil = { asset: 'adult-care-record', holders: councils };
const careAtHome = {
  recipients: to('health', 'district-nurse', 'general-practitioner'),
  presence: 'not-required' as const,
  registrations: ['NMC', 'GMC'],
};

const clauses: Clause[] = [
  permit({
    ...fromHospital,
    id: 'referral-to-social-care',
    text: 'The hospital’s system may send a registered social worker or occupational therapist of a council what is needed to plan the way home of a patient of 65 or older.',
    fields: names(
      'name date_of_birth address nhs_number ward expected_discharge_date mobility equipment_needed care_needs next_of_kin',
    ),
    recipients: to('council', 'social-worker', 'senior-social-worker', 'occupational-therapist'),
    presence: 'not-required',
    registrations: ['SWE', 'HCPC'],
  }),
  permit({
    ...fromHospital,
    id: 'home-made-ready',
    text: 'A housing officer may know when a patient comes home and what equipment the home must take, so that it is ready. The ward is told when it is.',
    fields: ['name', 'address', 'expected_discharge_date', 'equipment_needed'],
    recipients: to('council', 'housing-officer'),
    presence: 'not-required',
    obligations: [
      {
        id: 'tell-the-ward',
        type: 'notification',
        text: 'Tell the ward when the home is ready.',
        properties: { who: 'ward', within_hours: 48 },
      },
    ],
  }),
  permit({
    ...fromHospital,
    id: 'charity-at-the-door',
    text: 'A charity that is a party may know who comes home and what help they need, for patients who agreed to be helped by it.',
    fields: ['name', 'address', 'expected_discharge_date', 'care_needs'],
    recipients: to('voluntary', 'care-navigator', 'carers-support-worker'),
    presence: 'not-required',
    consent: { rule: 'required', as: 'lawful-basis' },
    identity_level: 1,
    explain: 'policy',
  }),
  permit({
    ...fromCouncil,
    id: 'discharge-coordinators',
    text: 'A discharge coordinator may read what care, carer and equipment a patient of 65 or older already has, and what they wish for.',
    purposes: ['hospital-discharge'],
    fields: names('name date_of_birth address allocated_worker care_package carer equipment_in_place advance_wishes'),
    recipients: to('health', 'discharge-coordinator'),
    conditions: [older],
  }),
  permit({
    ...fromCouncil,
    id: 'care-at-home',
    text: 'A registered district nurse or GP who gives care at home may read what care and equipment are in place, and who the carer is.',
    purposes: ['care-at-home'],
    fields: ['name', 'address', 'allocated_worker', 'care_package', 'carer', 'equipment_in_place', 'advance_wishes'],
    ...careAtHome,
  }),
  permit({
    ...fromCouncil,
    id: 'way-in',
    text: 'A registered district nurse or GP who gives care at home may read how to get in. Agencies that join later ring the council for it.',
    purposes: ['care-at-home'],
    fields: ['name', 'key_safe'],
    ...careAtHome,
    open_to_accession: false,
  }),
  prohibit({
    ...fromCouncil,
    id: 'no-financial-assessment',
    text: 'What a person owns and earns is the council’s business alone. Nobody who gives care may be told.',
    purposes: ['hospital-discharge', 'care-at-home'],
    fields: ['financial_assessment'],
    recipients: to('health', 'discharge-coordinator', 'district-nurse', 'general-practitioner'),
  }),
];

export function discharge({ federation, today }: Setting, frameworkHash: string): Protocol {
  const parties = dischargeParties.map((code) => party(code, law.hospitalDischarge[agencyOf(code).kind]!));
  return {
    type: 'wayleave-protocol',
    federation,
    id: 'hospital-discharge',
    version: 1,
    tier: 'operational',
    framework: { id: 'north-east-framework', hash: frameworkHash },
    title: 'Going home from hospital: older people',
    summary:
      'What hospitals, councils and a charity tell each other so that a person of 65 or older leaves hospital on time and is safe at home.',
    parties,
    purposes: [
      {
        code: 'hospital-discharge',
        name: 'Planning the way home',
        aim: 'That care, equipment and company stand ready on the day a patient is well enough to leave.',
        benefit: 'A day in bed that is not needed costs an older person strength that does not come back.',
        necessity: 'Each side knows half: the hospital what the person needs now, the council what they had before.',
      },
      {
        code: 'care-at-home',
        name: 'Giving care at home',
        aim: 'That a nurse or doctor who visits knows what others do there, and can get in.',
        benefit: 'Nobody stands before a locked door, and nobody is asked the same questions three times.',
        necessity: 'Visits are short and often urgent; asking the council by telephone at night does not work.',
      },
    ],
    data_subjects: ['Patients of 65 or older who leave hospital', 'Their family carers'],
    clauses,
    pins: pinsFor({ clauses, parties }),
    ...operationalTerms(
      today,
      'NE-DPIA-021',
      'The risks looked at were strangers learning that a frail person lives alone and how to get in, and money deciding care; key safes go to registered clinicians only, finances to nobody.',
    ),
    privacy_notice:
      'To get you home safely, the hospital and the council tell each other what help you need. A charity hears of you only if you say yes. What you own and earn stays with the council.',
    guidance:
      'For planning the way home you need not ask for consent, but tell the person. For the charity you must ask. If somebody is in danger at home, ring the duty desk now.',
    valid: { from: daysFrom(today, -300), until: daysFrom(today, 800) },
    review: daysFrom(today, 150),
    examples: [
      {
        name: 'A charity is told only with agreement',
        role: 'care-navigator',
        agency: 'CHARITY:702561',
        action: 'read',
        asset: 'hospital-discharge-record',
        holder: 'RR7',
        purpose: 'hospital-discharge',
        facts: { present: false, consent: true, involvement: false },
        expect: {
          decision: true,
          reason: 'permitted',
          fields: ['name', 'address', 'expected_discharge_date', 'care_needs'],
        },
      },
    ],
  };
}

/** The agencies that acceded to it, as parties. */
export function joinedDischarge(): Party[] {
  return [party(joinedLater, law.hospitalDischarge[agencyOf(joinedLater).kind]!)];
}
