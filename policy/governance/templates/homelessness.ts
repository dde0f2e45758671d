/** Operational: people who are homeless or may become so, and households that move from one area to another. */
import {
  commonTerms,
  gives,
  healthCondition,
  permit,
  prohibit,
  publicTask,
  refuses,
  safeguardingCondition,
  statutoryCondition,
  to,
} from './parts.ts';
import type { Template, TemplateClause } from './template.ts';

const homes = 'preventing-homelessness';
const moving = 'moving-between-areas';
const about = { asset: 'housing-support-record', holders: ['council', 'voluntary'] };
const current = { attribute: 'case_status', operator: 'in' as const, value: ['open', 'review'] };
const housing = to('council', 'housing-officer');
const socialWorkers = to('council', 'social-worker', 'senior-social-worker');
const charity = to('voluntary', 'housing-officer', 'substance-misuse-worker', 'family-support-worker');
const health = to(
  'health',
  'community-psychiatric-nurse',
  'discharge-coordinator',
  'health-visitor',
  'substance-misuse-worker',
);

const fields = {
  housing: ['name', 'date_of_birth', 'address', 'household', 'housing_situation', 'allocated_worker', 'support_needs'],
  charity: ['name', 'household', 'housing_situation', 'allocated_worker', 'support_needs'],
  health: ['name', 'date_of_birth', 'housing_situation', 'allocated_worker'],
  moving: ['name', 'date_of_birth', 'household', 'housing_situation', 'allocated_worker', 'support_needs'],
};

const clauses: TemplateClause[] = [
  permit({
    ...about,
    id: 'housing-officers',
    text: 'A housing officer of a council may read what a housing service holds about a household that is homeless or may become so within eight weeks, to find or keep a home for them.',
    purposes: [homes],
    fields: fields.housing,
    recipients: housing,
    conditions: [current],
  }),
  permit({
    ...about,
    id: 'support-workers',
    text: 'A support worker of a charity may read how a person is housed, what support they need and who works with them, to help them keep or find a home.',
    purposes: [homes],
    fields: fields.charity,
    recipients: charity,
    conditions: [current],
    identity_level: 1,
  }),
  permit({
    ...about,
    id: 'health-practitioners',
    text: 'A nurse, health visitor, discharge coordinator or substance misuse worker may read whether a patient has a home and who is finding one, so that nobody is discharged to the street or lost to care.',
    purposes: [homes],
    fields: fields.health,
    recipients: health,
    conditions: [current],
  }),
  permit({
    ...about,
    id: 'when-a-household-moves',
    text: 'When a household moves, a housing officer or registered social worker of the council that receives them may read who they are, what support they had and who worked with them, so that help goes on from the first day. They tell the worker in the old area that the household arrived.',
    purposes: [moving],
    fields: fields.moving,
    recipients: [...housing, ...socialWorkers],
    obligations: [
      {
        id: 'tell-the-old-area',
        type: 'notification',
        text: 'Tell the worker in the area that they came from that they arrived.',
        properties: { who: 'allocated-worker', within_hours: 72 },
      },
    ],
  }),
  prohibit({
    ...about,
    id: 'no-old-address-on-a-move',
    text: 'The address that a household came from, or went to, is not given because of a move: some move to be safe from somebody. Ask the worker.',
    purposes: [moving],
    fields: ['address'],
    recipients: [...housing, ...socialWorkers],
  }),
];

const asked = { asset: 'housing-support-record', holderKind: 'council', purpose: homes };
const present = { present: true, consent: false, involvement: false };
const nobody = { present: false, consent: false, involvement: false };

export const homelessness: Template = {
  code: 'homelessness',
  tier: 'operational',
  title: 'Homelessness, and people who move between areas',
  summary:
    'What housing services, health and charities tell each other about people who are homeless or may become so, and what the old area tells the new one when a household moves.',
  kinds: ['council', 'health', 'voluntary'],
  purposes: [
    {
      code: homes,
      name: 'Preventing homelessness',
      aim: 'That whoever meets a person without a home knows who is already helping them, and adds to it.',
      benefit: 'Fewer people lose their home or are passed from desk to desk; nobody leaves hospital for the street.',
      necessity:
        'Public bodies must refer people who are homeless, and councils must help them. Neither can without knowing what is known.',
    },
    {
      code: moving,
      name: 'Help that moves with a household',
      aim: 'That a household that moves to another area is known there before the first crisis.',
      benefit: 'School, health visitor and support go on. People in danger who move are not lost.',
      necessity: 'The old area knows what helps; the new one has nobody to ask. Names and needs are enough to begin.',
    },
  ],
  dataSubjects: ['People who are homeless or may become so', 'Households that move from one area to another'],
  lawfulBasis: {
    council: publicTask(
      ['g', 'h'],
      [statutoryCondition, safeguardingCondition],
      ['Housing Act 1996 s.179, s.184, s.189A and s.195', 'Homelessness Reduction Act 2017', 'Care Act 2014 s.37'],
      'People who ask for help with housing expect those who help to know of each other; they are told, and can object.',
    ),
    health: publicTask(
      ['h'],
      [healthCondition],
      ['Housing Act 1996 s.213B (duty to refer)', 'Health and Social Care Act 2012 s.251B'],
      'Implied consent to direct care; a referral under the duty to refer is made with the person’s agreement.',
    ),
    voluntary: {
      article6: ['f'],
      article9: ['g'],
      schedule_conditions: [safeguardingCondition],
      statutory_powers: [],
      confidence_basis: 'The person was told who works together to find them a home, and did not object.',
    },
  },
  clauses,
  examples: [
    gives(
      'A housing officer sees what is needed to find a home',
      { ...asked, role: 'housing-officer', kind: 'council', facts: present },
      fields.housing,
    ),
    gives(
      'A support worker of a charity sees what support is needed',
      { ...asked, role: 'substance-misuse-worker', kind: 'voluntary', facts: present },
      fields.charity,
    ),
    gives(
      'A discharge coordinator sees whether a patient has a home',
      { ...asked, role: 'discharge-coordinator', kind: 'health', facts: present },
      fields.health,
    ),
    gives(
      'The council that receives a household sees what support it had, and not where it lived',
      { ...asked, purpose: moving, role: 'housing-officer', kind: 'council', facts: present },
      fields.moving,
    ),
    refuses(
      'A housing officer who is not signed in sees nothing',
      { ...asked, role: 'housing-officer', kind: 'council', facts: nobody },
      'sign-in-needed',
    ),
  ],
  dpia: 'The greatest risks: that somebody who fled is found through a record of a move, and that people without a home stay away because they feel watched. The prohibition on addresses, short lists of fields and plain notices meet them.',
  terms: {
    ...commonTerms,
    privacy_notice:
      'People are told at the first conversation, and by a card that they can keep, who works together to find them a home and what each is told.',
    guidance:
      'When is consent needed? For a referral to a council under the duty to refer: ask first. For what the clauses give, people are told and can object. What may be shared without it? What the clauses give, and what is needed where somebody may come to serious harm. What if it is refused? Respect it, unless somebody may come to serious harm; tell the person where they can turn, whenever they wish. Who decides? The person. Where there is a risk of harm: you, with your manager.',
  },
};
