/** Operational: early help, agreed with the family. The one template in which nothing is given without agreement. */
import {
  commonTerms,
  gives,
  healthCondition,
  names,
  permit,
  prohibit,
  publicTask,
  refuses,
  statutoryCondition,
  to,
} from './parts.ts';
import type { Template, TemplateClause } from './template.ts';

const purpose = 'early-help';
const about = {
  asset: 'child-record',
  holders: ['council'],
  purposes: [purpose],
  conditions: [{ attribute: 'case_status', operator: 'in' as const, value: ['open', 'review'] }],
  consent: { rule: 'required' as const, as: 'confidence' as const },
};
const schools = to('school', 'teacher', 'headteacher', 'special-needs-coordinator', 'designated-safeguarding-lead');
const nurses = to('health', 'health-visitor', 'school-nurse');
const workers = to('voluntary', 'family-support-worker', 'youth-worker');
const everybody = [...schools, ...nurses, ...workers];

const fields = {
  schools: ['name', 'school', 'allocated_worker', 'strengths', 'childs_view'],
  nurses: names('name date_of_birth gp school allocated_worker strengths childs_view health_needs immunisations'),
  workers: ['name', 'allocated_worker', 'household', 'strengths', 'childs_view', 'housing_situation'],
};

const clauses: TemplateClause[] = [
  permit({
    ...about,
    id: 'schools',
    text: 'Where the family agreed to early help, a teacher, headteacher, special needs coordinator or safeguarding lead of a school may read what is going well, what the child says and who their worker is.',
    fields: fields.schools,
    recipients: schools,
    identity_level: 1,
  }),
  permit({
    ...about,
    id: 'nurses',
    text: 'Where the family agreed to early help, a registered health visitor or school nurse may also read health needs and immunisations.',
    fields: fields.nurses,
    recipients: nurses,
    registrations: ['NMC'],
  }),
  permit({
    ...about,
    id: 'family-workers',
    text: 'Where the family agreed to early help, a family support worker or youth worker of a charity may read who lives in the home, how they are housed, what is going well and what the child says.',
    fields: fields.workers,
    recipients: workers,
    identity_level: 1,
    obligations: [
      {
        id: 'tell-the-worker-what-was-agreed',
        type: 'notification',
        text: 'Tell the allocated worker within a week what you and the family agreed to do.',
        properties: { who: 'allocated-worker', within_hours: 168 },
      },
    ],
  }),
  prohibit({
    ...about,
    id: 'no-police-markers',
    text: 'Early help is an offer, not an investigation: police markers and a child’s birth family before adoption are given to nobody for it.',
    fields: ['police_markers', 'birth_family'],
    recipients: everybody,
    conditions: [],
    consent: { rule: 'not-required' },
  }),
];

const asked = { asset: 'child-record', holderKind: 'council', purpose };
const agreed = { present: true, consent: true, involvement: false };
const notAgreed = { present: true, consent: false, involvement: false };

export const earlyHelp: Template = {
  code: 'early-help',
  tier: 'operational',
  title: 'Early help for families',
  summary:
    'What the council tells schools, nurses and charities about a family that agreed to be helped, so that everybody pulls in one direction before things get worse.',
  kinds: ['council', 'school', 'health', 'voluntary'],
  purposes: [
    {
      code: purpose,
      name: 'Early help for a family',
      aim: 'Help before things get worse, agreed with the family.',
      benefit: 'A family is asked once, and the school, the nurse and the council pull in one direction.',
      necessity:
        'Those who help see the child on different days and in different places. Only what the family agreed to is given.',
    },
  ],
  dataSubjects: ['Children whose family agreed to early help', 'Those who live with them'],
  lawfulBasis: {
    council: publicTask(
      ['g', 'h'],
      [statutoryCondition, healthCondition],
      ['Children Act 1989 s.17', 'Children Act 2004 s.10'],
      'The agreement of the child, or of somebody with parental responsibility, is asked for before anything is given.',
    ),
    school: publicTask(
      ['g'],
      [statutoryCondition],
      ['Children Act 2004 s.10(5)', 'Education Act 2002 s.175'],
      'The agreement of the child, or of somebody with parental responsibility.',
    ),
    health: publicTask(
      ['h'],
      [healthCondition],
      ['Children Act 2004 s.10', 'Health and Social Care Act 2012 s.251B'],
      'The agreement of the child, or of somebody with parental responsibility.',
    ),
    voluntary: {
      article6: ['f'],
      article9: ['h'],
      schedule_conditions: [healthCondition],
      statutory_powers: [],
      confidence_basis: 'The agreement of the child, or of somebody with parental responsibility.',
    },
  },
  clauses,
  examples: [
    gives(
      'A teacher sees what is going well where the family agreed',
      { ...asked, role: 'teacher', kind: 'school', facts: agreed },
      fields.schools,
    ),
    refuses(
      'A teacher sees nothing where the family was not asked',
      { ...asked, role: 'teacher', kind: 'school', facts: notAgreed },
      'consent-needed',
    ),
    gives(
      'A school nurse sees health needs where the family agreed',
      { ...asked, role: 'school-nurse', kind: 'health', facts: agreed },
      fields.nurses,
    ),
    gives(
      'A family support worker sees who lives in the home where the family agreed',
      { ...asked, role: 'family-support-worker', kind: 'voluntary', facts: agreed },
      fields.workers,
    ),
    refuses(
      'A family support worker sees nothing where the family was not asked',
      { ...asked, role: 'family-support-worker', kind: 'voluntary', facts: notAgreed },
      'consent-needed',
    ),
  ],
  dpia: 'The greatest risks: that families feel watched and stay away from help, and that agreement is taken for granted. Agreement that is asked for, written down and easily taken back, and short lists of fields, meet them.',
  terms: {
    ...commonTerms,
    privacy_notice:
      'Before anything is shared a worker goes through the common consent form with the family: who is told what, for how long, and how to change their mind. A child who understands is asked too.',
    rights: `${commonTerms.rights} Agreement can be taken back at any time, with a word to any of the agencies; from that moment nothing more is given.`,
    guidance:
      'When is consent needed? Always, under this protocol: of the child if they understand, otherwise of somebody with parental responsibility. It is agreement under the duty of confidence; the legal basis is the agencies’ public task. What may be shared without it? Nothing under this protocol. Where a child is, or may be, at risk of significant harm, another protocol and the law apply, and consent is not needed. What if it is refused? Respect it. Help what you can help alone, say what that means, and ask again when things change; refusing early help is never by itself a reason to worry. Who decides? The family. Whether a child is at risk: you, with your safeguarding lead.',
  },
};
