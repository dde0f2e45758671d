/** Operational: domestic abuse at high risk. What the multi-agency risk assessment conference (MARAC) needs, and no more. */
import {
  commonTerms,
  crimeCondition,
  gives,
  healthCondition,
  names,
  permit,
  prohibit,
  publicTask,
  refuses,
  safeguardingCondition,
  to,
} from './parts.ts';
import type { Template, TemplateClause } from './template.ts';

const purpose = 'safety-from-domestic-abuse';
const about = { asset: 'domestic-abuse-case-record', holders: ['police'], purposes: [purpose] };
const highRisk = { attribute: 'risk_level', operator: 'eq' as const, value: 'high' };
const advisers = to('voluntary', 'domestic-abuse-adviser');
const socialWorkers = to('council', 'social-worker', 'senior-social-worker');
const housing = to('council', 'housing-officer');
const health = to('health', 'midwife', 'health-visitor', 'community-psychiatric-nurse', 'safeguarding-lead');
const police = to('police', 'public-protection-officer');
const everybody = [...advisers, ...socialWorkers, ...housing, ...health, ...police];

const fields = {
  advisers: names(
    'name date_of_birth safe_contact children risk_level risk_assessment victims_view adviser protective_orders actions_agreed',
  ),
  socialWorkers: names(
    'name date_of_birth safe_contact children risk_level risk_assessment victims_view adviser perpetrator protective_orders actions_agreed',
  ),
  housing: ['name', 'safe_contact', 'children', 'risk_level', 'adviser', 'actions_agreed'],
  health: ['name', 'date_of_birth', 'safe_contact', 'children', 'risk_level', 'adviser', 'actions_agreed'],
  police: names(
    'name date_of_birth safe_contact children risk_level risk_assessment adviser perpetrator incidents protective_orders actions_agreed',
  ),
};

const safeContact = {
  id: 'safe-contact-only',
  type: 'custom' as const,
  text: 'Use only the safe way of contact. Never leave a message, and never say in front of others why you ring.',
  properties: { duty: 'safe-contact-only' },
};

const clauses: TemplateClause[] = [
  permit({
    ...about,
    id: 'independent-advisers',
    text: 'A domestic abuse adviser who supports the victim may read the risk assessment, what the victim wants, and what the conference agreed, to keep the victim safe.',
    fields: fields.advisers,
    recipients: advisers,
    conditions: [highRisk],
    obligations: [safeContact],
  }),
  permit({
    ...about,
    id: 'social-workers',
    text: 'A registered social worker may read the risk to an adult and to the children who live with the abuse, and who causes it, to protect them.',
    fields: fields.socialWorkers,
    recipients: socialWorkers,
    conditions: [highRisk],
    consent: { rule: 'not-required' },
    registrations: ['SWE'],
    obligations: [safeContact],
  }),
  permit({
    ...about,
    id: 'housing-officers',
    text: 'A housing officer may read how to reach the victim safely, which children there are and what the conference agreed, to make or find a safe home.',
    fields: fields.housing,
    recipients: housing,
    conditions: [highRisk],
    obligations: [safeContact],
  }),
  permit({
    ...about,
    id: 'health-practitioners',
    text: 'A midwife, health visitor, community psychiatric nurse or safeguarding lead in health may read that a person is at high risk, how to reach them safely and what was agreed, to care for them and their children.',
    fields: fields.health,
    recipients: health,
    conditions: [highRisk],
    obligations: [safeContact],
  }),
  permit({
    ...about,
    id: 'public-protection',
    text: 'A public protection officer may read the whole case but for where a refuge is, signed in with a passkey or security key, to prevent further harm.',
    fields: fields.police,
    recipients: police,
    consent: { rule: 'not-required' },
    authentication_level: 3,
    obligations: [safeContact],
  }),
  prohibit({
    ...about,
    id: 'no-refuge-address',
    text: 'Nobody is given the address of a refuge through this protocol. Those who need to meet somebody there ask the refuge.',
    fields: ['refuge_address'],
    recipients: everybody,
  }),
];

const asked = { asset: 'domestic-abuse-case-record', holderKind: 'police', purpose };
const present = { present: true, consent: false, involvement: false };
const nobody = { present: false, consent: false, involvement: false };

export const domesticAbuse: Template = {
  code: 'domestic-abuse',
  tier: 'operational',
  title: 'Domestic abuse: people at high risk (MARAC)',
  summary:
    'What the agencies of a multi-agency risk assessment conference tell each other about a person at high risk of serious harm from a partner or relative, to make and carry out a plan for their safety.',
  kinds: ['police', 'council', 'health', 'voluntary'],
  purposes: [
    {
      code: purpose,
      name: 'Safety from domestic abuse',
      aim: 'That everybody who can make a person at high risk safer knows the risk, and does their part of one plan.',
      benefit: 'A victim tells the story once. Fewer people are hurt again, and children who live with abuse are seen.',
      necessity:
        'High-risk cases escalate within days. What one agency holds does not show the risk; less than these fields has been found not to be enough to plan for safety.',
    },
  ],
  dataSubjects: [
    'Adults and young people of 16 or older at high risk of serious harm from domestic abuse',
    'Children who live with the abuse',
    'People who are said to cause it',
  ],
  lawfulBasis: {
    police: publicTask(
      ['g'],
      [safeguardingCondition, crimeCondition],
      ['Crime and Disorder Act 1998 s.115', 'Domestic Abuse Act 2021 Part 3', 'common-law duty to protect life'],
      'The public interest in preventing serious harm and crime outweighs confidence.',
    ),
    council: publicTask(
      ['g', 'h'],
      [safeguardingCondition, healthCondition],
      [
        'Care Act 2014 s.42 to s.45',
        'Children Act 1989 s.47',
        'Domestic Abuse Act 2021 Part 4',
        'Housing Act 1996 s.189',
      ],
      'The public interest in preventing serious harm to an adult or a child outweighs confidence.',
    ),
    health: publicTask(
      ['g', 'h'],
      [safeguardingCondition, healthCondition],
      ['Children Act 2004 s.11', 'Care Act 2014 s.6', 'Crime and Disorder Act 1998 s.115'],
      'Direct care, or the public interest in preventing death or serious harm (Caldicott principles; GMC guidance on confidentiality).',
    ),
    voluntary: {
      article6: ['f'],
      article9: ['g'],
      schedule_conditions: [safeguardingCondition],
      statutory_powers: [],
      confidence_basis:
        'What the victim told the adviser is shared with their agreement where that is safe to ask, otherwise where they or a child may come to serious harm.',
    },
  },
  clauses,
  examples: [
    gives(
      'An adviser sees the risk and what the victim wants',
      { ...asked, role: 'domestic-abuse-adviser', kind: 'voluntary', facts: present },
      fields.advisers,
    ),
    gives(
      'A social worker sees the risk to the children, and from whom',
      { ...asked, role: 'social-worker', kind: 'council', facts: present },
      fields.socialWorkers,
    ),
    gives(
      'A housing officer sees how to reach the victim safely, and not who causes the harm',
      { ...asked, role: 'housing-officer', kind: 'council', facts: present },
      fields.housing,
    ),
    gives(
      'A midwife sees that a mother is at high risk',
      { ...asked, role: 'midwife', kind: 'health', facts: present },
      fields.health,
    ),
    gives(
      'A public protection officer of the same or another force sees the incidents',
      { ...asked, role: 'public-protection-officer', kind: 'police', facts: present },
      fields.police,
    ),
    refuses(
      'A system may not ask without a person who is signed in',
      { ...asked, role: 'midwife', kind: 'health', facts: nobody },
      'sign-in-needed',
    ),
  ],
  dpia: 'The greatest risks: that the person who causes harm learns where the victim is or that they spoke, and that somebody in an agency knows either of them. Safe contact, strong sign-in, the prohibition on refuges, and the record of every answer meet them.',
  terms: {
    ...commonTerms,
    privacy_notice:
      'Victims are told, where and when it is safe, that agencies meet to make them safer and what each is told. The person who causes the harm is never told that a case was discussed.',
    rights: `${commonTerms.rights} Before anything is given to the person who causes the harm, or to anybody in their household, the party speaks to the chair of the conference: what could put somebody in danger is withheld.`,
    guidance:
      'When is consent needed? Ask the victim where it is safe: most agree, and what they want shapes the plan. At high risk of serious harm it is not needed. What may be shared without it? What the clauses give, where the risk is high; less than that is shared only with agreement. What if it is refused? If the risk is high, share what is needed and write down why it is proportionate; tell the victim if that is safe. Never tell the person who causes the harm. Who decides? The practitioner who holds the information, with their agency’s representative at the conference; the chair settles a doubt.',
  },
};
