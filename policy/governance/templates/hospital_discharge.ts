/** Operational: older people’s way home from hospital, between hospital, council and charity, in both directions. */
import { commonTerms, gives, healthCondition, names, permit, prohibit, publicTask, refuses, to } from './parts.ts';
import type { Template, TemplateClause } from './template.ts';

const purpose = 'hospital-discharge';
const older = { attribute: 'age_years', operator: 'gte' as const, value: 65 };
const fromHospital = {
  asset: 'hospital-discharge-record',
  holders: ['health'],
  purposes: [purpose],
  conditions: [older],
};
const fromCouncil = { asset: 'adult-care-record', holders: ['council'], purposes: [purpose], conditions: [older] };

const planners = to('council', 'social-worker', 'senior-social-worker', 'occupational-therapist');
const housing = to('council', 'housing-officer');
const charity = to('voluntary', 'care-navigator', 'carers-support-worker');
const ward = to('health', 'discharge-coordinator');
const nurses = to('health', 'district-nurse', 'physiotherapist', 'occupational-therapist');

const fields = {
  planners: names(
    'name date_of_birth address nhs_number ward expected_discharge_date mobility equipment_needed care_needs capacity_and_wishes next_of_kin',
  ),
  housing: ['name', 'address', 'expected_discharge_date', 'equipment_needed'],
  charity: ['name', 'address', 'expected_discharge_date', 'care_needs'],
  ward: names('name date_of_birth address allocated_worker care_package carer equipment_in_place advance_wishes'),
  nurses: ['name', 'address', 'allocated_worker', 'care_package', 'carer', 'equipment_in_place', 'key_safe'],
};

const clauses: TemplateClause[] = [
  permit({
    ...fromHospital,
    id: 'planning-the-way-home',
    text: 'The hospital’s system may give a registered social worker or occupational therapist of a council what is needed to plan the way home of a patient of 65 or older.',
    fields: fields.planners,
    recipients: planners,
    presence: 'not-required',
    registrations: ['SWE', 'HCPC'],
  }),
  permit({
    ...fromHospital,
    id: 'home-made-ready',
    text: 'A housing officer may know when a patient comes home and what equipment the home must take, so that it is ready, and tells the ward when it is.',
    fields: fields.housing,
    recipients: housing,
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
    id: 'help-from-a-charity',
    text: 'A charity may know who comes home and what help they need, so that somebody is there; the patient is told first, and can say no.',
    fields: fields.charity,
    recipients: charity,
    identity_level: 1,
  }),
  permit({
    ...fromCouncil,
    id: 'what-is-in-place',
    text: 'A discharge coordinator may read what care, carer and equipment a patient of 65 or older already has, and what they wish for.',
    fields: fields.ward,
    recipients: ward,
  }),
  permit({
    ...fromCouncil,
    id: 'care-at-home',
    text: 'A registered district nurse or therapist who works with the person may read what care is in place and how to get in.',
    fields: fields.nurses,
    recipients: nurses,
    involvement: 'required',
    registrations: ['NMC', 'HCPC'],
    override: {
      roles: ['district-nurse'],
      grounds: ['vital-interests', 'risk-of-significant-harm'],
      fields: ['name', 'address', 'key_safe', 'carer'],
      minutes: 60,
    },
  }),
  prohibit({
    ...fromCouncil,
    id: 'no-money-matters',
    text: 'What a person can pay for care is nobody’s business on the ward: the financial assessment is never given.',
    fields: ['financial_assessment'],
    recipients: [...ward, ...nurses],
    conditions: [],
  }),
];

const present = { present: true, consent: false, involvement: false };
const nobody = { present: false, consent: false, involvement: false };
const hospital = { asset: 'hospital-discharge-record', holderKind: 'health', purpose };
const council = { asset: 'adult-care-record', holderKind: 'council', purpose };

export const hospitalDischarge: Template = {
  code: 'hospital-discharge',
  tier: 'operational',
  title: 'Hospital discharge of older people',
  summary:
    'What hospital, council and charity tell each other so that an older person comes home on the right day, to a home that is ready and to people who know what they need.',
  kinds: ['council', 'health', 'voluntary'],
  purposes: [
    {
      code: purpose,
      name: 'A safe way home from hospital',
      aim: 'That care, equipment and company are there on the day a person comes home.',
      benefit: 'Fewer days on a ward, fewer falls in the first week, and nobody tells the same story four times.',
      necessity:
        'Ward, social worker, housing and charity each do one part. None can do it without the date, the needs and what is already in place.',
    },
  ],
  dataSubjects: ['Patients of 65 or older who are leaving hospital', 'Their carers and next of kin'],
  lawfulBasis: {
    council: publicTask(
      ['h'],
      [healthCondition],
      ['Care Act 2014 s.3, s.6, s.9 and s.74 with Schedule 3', 'Health and Social Care Act 2012 s.251B'],
      'The person expects those who arrange their way home to know what it takes: implied consent to direct care.',
    ),
    health: publicTask(
      ['h'],
      [healthCondition],
      ['Health and Social Care Act 2012 s.251B', 'Health and Care Act 2022 s.91', 'Care Act 2014 s.74 and Schedule 3'],
      'Implied consent to direct care, by people who care for the patient.',
    ),
    voluntary: {
      article6: ['f'],
      article9: ['h'],
      schedule_conditions: [healthCondition],
      statutory_powers: [],
      confidence_basis: 'The patient was told that the charity would help, and did not object.',
    },
  },
  clauses,
  examples: [
    gives(
      'The hospital’s system gives a social worker what a plan needs',
      { ...hospital, role: 'social-worker', kind: 'council', facts: nobody },
      fields.planners,
    ),
    gives(
      'A housing officer sees when the home must be ready',
      { ...hospital, role: 'housing-officer', kind: 'council', facts: nobody },
      fields.housing,
    ),
    gives(
      'A charity’s care navigator sees who comes home and what help they need',
      { ...hospital, role: 'care-navigator', kind: 'voluntary', facts: present },
      fields.charity,
    ),
    gives(
      'A discharge coordinator sees what care is in place',
      { ...council, role: 'discharge-coordinator', kind: 'health', facts: present },
      fields.ward,
    ),
    refuses(
      'A district nurse who does not work with the person is asked to confirm that she does',
      { ...council, role: 'district-nurse', kind: 'health', facts: present },
      'involvement-needed',
    ),
  ],
  dpia: 'The greatest risks: that a key safe’s number reaches somebody who should not have it, and that more of the clinical record moves than the way home needs. Confirmed involvement, short lists of fields and the prohibition on money matters meet them.',
  terms: {
    ...commonTerms,
    privacy_notice:
      'Each patient is told on admission, on one page, who will be told what to get them home, and can object to any part of it.',
    guidance:
      'When is consent needed? Not to be asked for: this is care that people expect. Tell them who will know what, and listen. What may be shared without it? What the clauses give. What if a person objects? Leave the charity out; for the rest, talk about what cannot be arranged without it, and write down what was decided. If they cannot decide for themselves, act in their best interests with those close to them. Who decides? The patient, if they can; otherwise the discharge coordinator with the social worker.',
  },
};
