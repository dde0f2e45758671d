/** Operational: keeping children safe. Councils tell those who work with a child what they need to know to act in time. */
import {
  commonTerms,
  gives,
  healthCondition,
  permit,
  prohibit,
  publicTask,
  refuses,
  safeguardingCondition,
  to,
} from './parts.ts';
import type { Template, TemplateClause } from './template.ts';

const purpose = 'safeguarding-children';
const about = { asset: 'child-record', holders: ['council'] };
const openCase = { attribute: 'case_status', operator: 'in' as const, value: ['open', 'review'] };
const socialWorkers = to('council', 'social-worker', 'senior-social-worker');
const health = to('health', 'health-visitor', 'school-nurse', 'midwife', 'paediatrician');
const atTheDoor = to('health', 'emergency-department-doctor', 'paediatrician', 'midwife');
const police = to('police', 'police-officer', 'public-protection-officer');
const schools = to('school', 'designated-safeguarding-lead', 'headteacher');
const everybody = [...socialWorkers, ...health, ...to('health', 'emergency-department-doctor'), ...police, ...schools];

const core = ['name', 'date_of_birth', 'address', 'allocated_worker', 'child_protection_plan', 'household'];
const fields = {
  socialWorkers: [
    ...core,
    'school',
    'gp',
    'strengths',
    'childs_view',
    'health_needs',
    'police_markers',
    'housing_situation',
  ],
  health: [...core, 'gp', 'childs_view', 'health_needs', 'immunisations'],
  police: [...core, 'police_markers'],
  schools: ['name', 'date_of_birth', 'school', 'allocated_worker', 'child_protection_plan', 'strengths', 'childs_view'],
  door: ['name', 'date_of_birth', 'allocated_worker', 'child_protection_plan'],
};

const clauses: TemplateClause[] = [
  permit({
    ...about,
    id: 'social-workers',
    text: 'A registered social worker of a council may read what another council’s children’s services hold about a child whose case is open, to protect that child. They tell the allocated worker that they did.',
    purposes: [purpose],
    fields: fields.socialWorkers,
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
    ...about,
    id: 'health-practitioners',
    text: 'A registered health visitor, school nurse, midwife or paediatrician who works with the child may read what they need to protect the child. In an emergency they may see where the child is and who answers for them before their involvement is confirmed.',
    purposes: [purpose],
    fields: fields.health,
    recipients: health,
    involvement: 'required',
    registrations: ['NMC', 'GMC'],
    override: {
      roles: ['health-visitor', 'school-nurse', 'midwife', 'paediatrician'],
      grounds: ['risk-of-significant-harm', 'vital-interests'],
      fields: ['name', 'address', 'allocated_worker', 'child_protection_plan'],
      minutes: 30,
    },
  }),
  permit({
    ...about,
    id: 'police',
    text: 'A police officer may read where a child lives and with whom, whether there is a child protection plan, and police warning markers, to protect that child.',
    purposes: [purpose],
    fields: fields.police,
    recipients: police,
    consent: { rule: 'not-required' },
  }),
  permit({
    ...about,
    id: 'schools',
    text: 'The person who leads on safeguarding in a child’s school, or its headteacher, may read whether there is a child protection plan, who the allocated worker is, what is going well and what the child says.',
    purposes: [purpose],
    fields: fields.schools,
    recipients: schools,
    conditions: [openCase],
  }),
  permit({
    ...about,
    id: 'plan-flag-in-emergency-care',
    text: 'Where a child is brought to unplanned care, the hospital’s system may ask for a registered midwife or doctor whether there is a child protection plan and whom to ring.',
    purposes: ['emergency-care'],
    fields: fields.door,
    recipients: atTheDoor,
    conditions: [{ attribute: 'age_years', operator: 'lt', value: 18 }],
    presence: 'not-required',
    registrations: ['NMC', 'GMC'],
    identity_level: 1,
  }),
  prohibit({
    ...about,
    id: 'no-birth-family',
    text: 'Nobody may be given what is held about a child’s birth family before adoption. Who a child was before adoption and who they are now is never linked through this protocol.',
    purposes: [purpose, 'emergency-care'],
    fields: ['birth_family'],
    recipients: everybody,
  }),
  prohibit({
    ...about,
    id: 'no-protected-address',
    text: 'Where an address is protected, because a family is hiding from someone who may hurt them, only social workers may be told where the child lives or goes to school, or who lives with them.',
    purposes: [purpose, 'emergency-care'],
    fields: ['address', 'school', 'gp', 'household'],
    recipients: everybody.filter((one) => !socialWorkers.includes(one)),
    conditions: [{ attribute: 'address_protected', operator: 'eq', value: true }],
  }),
];

const asked = { asset: 'child-record', holderKind: 'council', purpose };
const present = { present: true, consent: false, involvement: false };
const working = { present: true, consent: false, involvement: true };
const nobody = { present: false, consent: false, involvement: false };

export const safeguardingChildren: Template = {
  code: 'safeguarding-children',
  tier: 'operational',
  title: 'Safeguarding children',
  summary:
    'Who may see which part of a child’s social care record, so that those who work with the child know enough to keep them safe.',
  kinds: ['council', 'health', 'police', 'school'],
  purposes: [
    {
      code: purpose,
      name: 'Protecting a child from harm',
      aim: 'That everybody who works with a child at risk knows who else does, and what they need to know to act.',
      benefit:
        'Reviews of children’s deaths have found again and again that each agency held a piece. Put together in time, the pieces protect.',
      necessity:
        'The agencies cannot protect a child by telephone and goodwill alone. Each role is given what it has been shown to need, and no more.',
    },
    {
      code: 'emergency-care',
      name: 'A child in unplanned care',
      aim: 'That a nurse or doctor who meets a child for the first time knows whether there is a child protection plan.',
      benefit: 'An injury is seen in the light of what is known, and the right social worker is rung the same hour.',
      necessity: 'At night and at weekends nobody answers in time. Four fields are enough.',
    },
  ],
  dataSubjects: ['Children known to children’s services', 'Their families and those who live with them'],
  lawfulBasis: {
    council: publicTask(
      ['g', 'h'],
      [safeguardingCondition, healthCondition],
      ['Children Act 1989 s.17 and s.47', 'Children Act 2004 s.10 and s.11'],
      'The public interest in protecting a child from harm outweighs confidence.',
    ),
    health: publicTask(
      ['g', 'h'],
      [safeguardingCondition, healthCondition],
      ['Children Act 2004 s.10 and s.11', 'Health and Social Care Act 2012 s.251B'],
      'Direct care by people who work with the child, or the public interest in protecting a child from harm.',
    ),
    police: publicTask(
      ['g'],
      [safeguardingCondition],
      ['Children Act 2004 s.10 and s.11', 'Children Act 1989 s.46'],
      'The public interest in protecting a child and in preventing crime.',
    ),
    school: publicTask(
      ['g'],
      [safeguardingCondition],
      ['Education Act 2002 s.175', 'Children Act 2004 s.10(5)'],
      'The public interest in protecting a child from harm.',
    ),
  },
  clauses,
  examples: [
    gives(
      'A social worker of another council sees what protects the child',
      { ...asked, role: 'social-worker', kind: 'council', facts: present },
      fields.socialWorkers,
    ),
    gives(
      'A health visitor who works with the child sees what she needs',
      { ...asked, role: 'health-visitor', kind: 'health', facts: working },
      fields.health,
    ),
    refuses(
      'A health visitor who does not work with the child is asked to confirm that she does',
      { ...asked, role: 'health-visitor', kind: 'health', facts: present },
      'involvement-needed',
    ),
    gives(
      'A police officer sees where the child lives and whether there is a plan',
      { ...asked, role: 'police-officer', kind: 'police', facts: present },
      fields.police,
    ),
    gives(
      'The safeguarding lead of a school sees the plan and who to ring',
      { ...asked, role: 'designated-safeguarding-lead', kind: 'school', facts: present },
      fields.schools,
    ),
    gives(
      'The system of an emergency department sees the plan flag at night',
      { ...asked, purpose: 'emergency-care', role: 'emergency-department-doctor', kind: 'health', facts: nobody },
      fields.door,
    ),
    refuses(
      'Nobody sees anything without signing in',
      { ...asked, role: 'police-officer', kind: 'police', facts: nobody },
      'sign-in-needed',
    ),
  ],
  dpia: 'The greatest risks: that an address reaches someone who means harm, that a birth family is linked after adoption, and that too many people look. Prohibitions, roles, confirmed involvement and the record of every answer meet them.',
  terms: {
    ...commonTerms,
    privacy_notice:
      'Families are told at the first visit, and in each agency’s published notice, that those who work with a child tell each other what they need to keep the child safe. Nobody is told where telling them would put a child at risk.',
    guidance:
      'When is consent needed? Not to protect a child who is, or may be, at risk of significant harm. Be open with the family about what you share and why, unless that would put the child or anybody else in danger. What may be shared without it? What the clauses give, and whatever else is needed and fair to protect the child. What if it is refused? If the child may be at risk, share, say that you did, and write down why. If not, the family’s wish counts: use an early help agreement instead. Who decides? You do, with your manager or safeguarding lead; a doubt is a reason to talk to them today, not to wait.',
  },
};
