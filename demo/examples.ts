/** Questions that a machine may ask of the demo region, with the answers that the signed protocols give: every reason once at least. */
import { names } from '../policy/governance/templates/parts.ts';
import type { ReasonCode } from '../policy/decisions/deciding/reasons.ts';
import { findCase } from './casebook/cases.ts';
import { bedline, casebook, custody, type DemoPartner, wardview } from './partners.ts';
import { subjectOf } from './facts.ts';
import { assets } from './protocols/assets.ts';
import { namedPerson } from './region/people.ts';
import type { DemoPractitioner } from './region/practitioner.ts';
import { inventPractitioners } from './region/practitioners.ts';
import { demoId } from './region/random.ts';

export type Example = {
  name: string;
  partner: string;
  request: object;
  expect: { decision: boolean; reason: ReasonCode; fields: string[] };
};

type Question = {
  who: Pick<DemoPractitioner, 'id' | 'posts'>;
  /** Which of their posts; none named when `undefined` is given on purpose. */
  post?: number | 'unnamed';
  asset: string;
  purpose: string;
  record: { id: string; properties: Record<string, unknown> };
  fields?: string[];
};

type Answer = string[] | ReasonCode;

/** Every example, in an order that tells a story. */
export function listExamples(): Example[] {
  return [...inCasebook(), ...aboutPeople(), ...onTheWard(), ...inCustody()];
}

function inCasebook(): Example[] {
  const doctor = (reference: string, more: Partial<Question> = {}): Question => ({
    ...child(reference, 'emergency-doctor', 'emergency-care'),
    ...more,
  });
  const flag = ['name', 'date_of_birth', 'allocated_worker', 'child_protection_plan'];
  const earlyHelp = (reference: string, key: string) => child(reference, key, 'early-help');
  const nursed = ['name', 'date_of_birth', 'school', 'allocated_worker', 'health_needs', 'immunisations'];
  const athome = {
    who: namedPerson('district-nurse'),
    asset: 'adult-care-record',
    purpose: 'care-at-home',
    record: record('GC-2001'),
  };
  const whatIsInPlace = names('name address allocated_worker care_package carer equipment_in_place advance_wishes');
  return [
    example(
      'A doctor in the emergency department learns of a child protection plan',
      casebook,
      doctor('GC-1001', { fields: flag }),
      flag,
    ),
    example(
      'Asked for everything, Wayleave gives the doctor the four fields of the clause',
      casebook,
      doctor('GC-1005'),
      flag,
    ),
    example(
      'A purpose that no clause covers gives nothing',
      casebook,
      doctor('GC-1001', { purpose: 'service-planning' }),
      'purpose-not-covered',
    ),
    example(
      'A field that no clause gives to this role is withheld',
      casebook,
      doctor('GC-1001', { fields: ['housing_situation'] }),
      'fields-not-covered',
    ),
    example(
      'Nobody is given a child’s birth family before adoption',
      casebook,
      doctor('GC-1006', { fields: ['birth_family'] }),
      'prohibited',
    ),
    example(
      'A teacher sees strengths when the family agreed',
      casebook,
      earlyHelp('GC-1001', 'teacher'),
      names('name school allocated_worker strengths childs_view'),
    ),
    example(
      'A protected address keeps the school back, even with agreement',
      casebook,
      earlyHelp('GC-1002', 'teacher'),
      ['name', 'allocated_worker', 'strengths', 'childs_view'],
    ),
    example(
      'Nobody asked the family: the teacher sees nothing',
      casebook,
      earlyHelp('GC-1003', 'teacher'),
      'consent-needed',
    ),
    example(
      'The family said no: the teacher sees nothing',
      casebook,
      earlyHelp('GC-1005', 'teacher'),
      'consent-refused',
    ),
    example(
      'The case is closed: agreement given while it was open does not help',
      casebook,
      earlyHelp('GC-1004', 'teacher'),
      'condition-not-met',
    ),
    example(
      'A school nurse who works with the child sees health needs',
      casebook,
      earlyHelp('GC-1001', 'school-nurse'),
      nursed,
    ),
    example(
      'A school nurse who does not work with the child is offered an override',
      casebook,
      earlyHelp('GC-1003', 'school-nurse'),
      'involvement-needed',
    ),
    example(
      'A social worker must be there in person',
      casebook,
      child('GC-1001', 'social-worker', 'safeguarding-children'),
      'sign-in-needed',
    ),
    example(
      'A council that has not signed the protocol is given nothing',
      casebook,
      child('GC-1001', 'outside-social-worker', 'safeguarding-children'),
      'not-a-party',
    ),
    example(
      'A role that no clause names is given nothing',
      casebook,
      child('GC-1001', 'discharge-coordinator', 'safeguarding-children'),
      'role-not-covered',
    ),
    example(
      'A district nurse sees what care is in place, and how to get in',
      casebook,
      athome,
      names('name address allocated_worker care_package carer key_safe equipment_in_place advance_wishes'),
    ),
    example(
      'A hospital that joined the protocol later is given what the clauses open to it give',
      casebook,
      { ...athome, who: namedPerson('joined-district-nurse'), fields: whatIsInPlace },
      whatIsInPlace,
    ),
    example(
      'A clause that is not open to agencies that joined later gives them nothing: how to get in is withheld',
      casebook,
      { ...athome, who: namedPerson('joined-district-nurse'), fields: ['key_safe'] },
      'fields-not-covered',
    ),
    example(
      'What a person owns is given to nobody',
      casebook,
      { ...athome, fields: ['financial_assessment'] },
      'prohibited',
    ),
    example(
      'No protocol covers education, health and care plans',
      casebook,
      {
        who: namedPerson('teacher'),
        asset: 'education-health-care-plan',
        purpose: 'early-help',
        record: { id: 'EHCP-17', properties: { data_subject: subjectOf('GC-1003') } },
      },
      'no-protocol',
    ),
    example(
      'A protocol that waits for a signature gives nothing',
      casebook,
      {
        who: namedPerson('housing-officer'),
        asset: 'housing-support-record',
        purpose: 'continuing-support',
        record: { id: 'HS-204', properties: { case_status: 'open' } },
      },
      'protocol-not-in-force',
    ),
  ];
}

function aboutPeople(): Example[] {
  const visit = (key: string): Question => child('GC-1001', key, 'emergency-care');
  const missing = {
    asset: 'youth-justice-record',
    purpose: 'finding-a-missing-child',
    record: { id: 'YJ-88', properties: { age_years: 15, case_status: 'open', data_subject: subjectOf('GC-1003') } },
  };
  const twoPosts = { who: namedPerson('two-posts'), ...missing };
  return [
    example('Identity not checked yet: nothing is given', casebook, visit('unchecked'), 'identity-level-too-low'),
    example(
      'A lapsed registration counts for nothing',
      casebook,
      {
        who: namedPerson('registration-lapsed'),
        asset: 'adult-care-record',
        purpose: 'care-at-home',
        record: record('GC-2001'),
      },
      'registration-lapsed',
    ),
    example('A post that ended gives nothing', casebook, visit('post-ended'), 'post-ended'),
    example(
      'A suspended person is given nothing',
      casebook,
      child('GC-1001', 'suspended', 'safeguarding-children'),
      'suspended',
    ),
    example(
      'Somebody whom the directory does not know is given nothing',
      casebook,
      { ...visit('health-visitor'), who: { id: demoId('nobody'), posts: [] } },
      'unknown-subject',
    ),
    example('As a police officer she is told whom to ring about a missing child', casebook, twoPosts, [
      'name',
      'date_of_birth',
      'allocated_worker',
    ]),
    example(
      'The same person as a charity’s youth worker is told nothing',
      casebook,
      { ...twoPosts, post: 1 },
      'not-a-party',
    ),
    example(
      'With two posts and none named, she must sign in and choose',
      casebook,
      { ...twoPosts, post: 'unnamed' },
      'sign-in-needed',
    ),
  ];
}

function onTheWard(): Example[] {
  const patient = (age: number) => ({
    id: 'W-3391',
    properties: { age_years: age, fit_for_discharge: true, data_subject: subjectOf('GC-2002') },
  });
  const leaving = { asset: 'hospital-discharge-record', purpose: 'hospital-discharge', record: patient(79) };
  const planning = { who: namedPerson('hospital-social-worker'), ...leaving };
  const housing = { who: namedPerson('housing-officer'), ...leaving };
  const charity = { who: somebody('CHARITY:702561', 'care-navigator'), ...leaving };
  const referral = names(
    'name date_of_birth address nhs_number ward expected_discharge_date mobility equipment_needed care_needs next_of_kin',
  );
  const home = ['name', 'address', 'expected_discharge_date', 'equipment_needed'];
  const catchUp = {
    who: namedPerson('teacher'),
    asset: 'school-health-record',
    purpose: 'catching-up-immunisations',
    record: { id: 'SH-12', properties: { age_years: 15 } },
  };
  return [
    example('A hospital refers an older patient to social care', wardview, planning, referral),
    example('A patient under 65 is not covered', wardview, { ...planning, record: patient(58) }, 'condition-not-met'),
    example('A housing officer is told what the home must take, with a duty to tell the ward', wardview, housing, home),
    example(
      'Without the patient’s agreement a charity is told only that a condition is not met',
      wardview,
      charity,
      'condition-not-met',
    ),
    example(
      'With the patient’s agreement the charity is told who comes home',
      wardview,
      {
        ...charity,
        record: { ...patient(84), properties: { ...patient(84).properties, data_subject: subjectOf('GC-2001') } },
      },
      ['name', 'address', 'expected_discharge_date', 'care_needs'],
    ),
    example(
      'A system that reads only yes or no gets yes when it asks for no more than is given',
      bedline,
      { ...planning, fields: referral },
      referral,
    ),
    example('The same system gets no when it asks for everything', bedline, planning, 'fields-not-covered'),
    example(
      'A system that does not understand a duty is given nothing that carries one',
      bedline,
      { ...housing, fields: home },
      'obligation-not-supported',
    ),
    example('A protocol that its holder suspended gives nothing', bedline, catchUp, 'protocol-not-in-force'),
  ];
}

function inCustody(): Example[] {
  const held = (age: number) => ({ id: 'C-70215', properties: { age_years: age, data_subject: subjectOf('GC-1003') } });
  const worker = {
    who: namedPerson('youth-justice-worker'),
    asset: 'custody-record',
    purpose: 'preventing-offending',
    record: held(15),
  };
  return [
    example(
      'A child in custody: the youth justice worker is told at once',
      custody,
      worker,
      names('name date_of_birth address offence custody_time appropriate_adult vulnerabilities disposal'),
    ),
    example(
      'An adult in custody is not a matter for youth justice',
      custody,
      { ...worker, record: held(19), fields: ['offence', 'custody_time'] },
      'condition-not-met',
    ),
    example(
      'Police intelligence is shown only to somebody who is there',
      custody,
      { ...worker, fields: ['intelligence'] },
      'sign-in-needed',
    ),
  ];
}

function example(name: string, partner: DemoPartner, question: Question, answer: Answer): Example {
  const { asset, purpose, record: about, fields } = question;
  const holder = partner.holds[0]!;
  const asked = fields === undefined ? {} : { fields };
  const given = Array.isArray(answer) ? answer : [];
  return {
    name,
    partner: partner.clientId,
    request: {
      subject: { type: 'practitioner', id: question.who.id, ...postOf(question) },
      action: { name: 'read' },
      resource: { type: asset, id: about.id, properties: { agency: holder, ...about.properties, ...asked } },
      context: { purpose },
    },
    expect: {
      decision: given.length > 0,
      reason: Array.isArray(answer) ? 'permitted' : answer,
      fields: inOrder(asset, given),
    },
  };
}

function postOf({ who, post = 0 }: Question): { properties?: { post: string } } {
  const held = post === 'unnamed' ? undefined : who.posts[post];
  return held === undefined ? {} : { properties: { post: held.id } };
}

// As the asset names them: the order in which they are answered when none is asked for by name.
function inOrder(asset: string, fields: string[]): string[] {
  const known = assets.find((one) => one.code === asset)?.fields.map((one) => one.name) ?? [];
  return fields.toSorted((left, right) => known.indexOf(left) - known.indexOf(right));
}

function child(reference: string, key: string, purpose: string): Question {
  return { who: namedPerson(key), asset: 'child-record', purpose, record: record(reference) };
}

function record(reference: string): Question['record'] {
  const { attributes, dataSubject } = findCase(reference, 0)!;
  return { id: reference, properties: { ...attributes, data_subject: dataSubject } };
}

function somebody(agency: string, role: string): DemoPractitioner {
  const found = inventPractitioners().find(
    (one) => one.agency === agency && one.posts[0]?.role === role && one.identity.level > 0,
  );
  if (found === undefined) throw new Error(`The demo region has no ${role} in ${agency}.`);
  return found;
}
