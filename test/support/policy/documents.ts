/** What agencies of the test region agree on: definitions, and protocols that are valid by default. */
import type {
  AssetDefinition,
  Clause,
  KindDefinition,
  Party,
  Protocol,
  RoleDefinition,
} from '../../../policy/register/protocols/document.ts';
import { protocolBytes } from '../../../policy/register/protocols/read.ts';
import type { z } from 'zod';
import { hashOf, hashOfJson } from '../../../policy/register/signatures/canonical.ts';
import { gateshead, hospitals, northumbria } from '../directory/directory.ts';

export type ProtocolInput = z.input<typeof Protocol>;
export type Definition = AssetDefinition | RoleDefinition | KindDefinition;
/** An agency as a party names it. */
export type Member = { code: string; name: string; kind: string; signsAs: Party['signs_as'] };

export const federationName = 'test.wayleave.example';

/** The parties of every protocol that names no others. */
export const members = {
  council: { code: gateshead, name: 'Gateshead Council', kind: 'council', signsAs: 'director' },
  health: { code: hospitals, name: 'Newcastle Hospitals', kind: 'health', signsAs: 'caldicott-guardian' },
  police: { code: northumbria, name: 'Northumbria Police', kind: 'police', signsAs: 'siro' },
} as const satisfies Record<string, Member>;

/** A child's record, with attributes of each type to test conditions on. */
export function anAsset(changes: Partial<AssetDefinition> = {}): AssetDefinition {
  return {
    type: 'wayleave-asset',
    code: 'child-record',
    name: 'Child’s record',
    description: 'What children’s services hold about one child.',
    about_a_person: true,
    actions: ['read', 'update'],
    fields: [
      { name: 'name', title: 'Name', sensitivity: 'ordinary' },
      { name: 'date_of_birth', title: 'Date of birth', sensitivity: 'ordinary' },
      { name: 'address', title: 'Address', sensitivity: 'ordinary' },
      { name: 'school', title: 'School', sensitivity: 'ordinary' },
      { name: 'allocated_worker', title: 'Allocated worker', sensitivity: 'ordinary' },
      { name: 'plan', title: 'Protection plan', sensitivity: 'restricted' },
      { name: 'health_summary', title: 'Health summary', sensitivity: 'special-category' },
      { name: 'offences', title: 'Offences', sensitivity: 'criminal' },
    ],
    attributes: [
      { name: 'category', type: 'string' },
      { name: 'risk', type: 'number' },
      { name: 'shielded', type: 'boolean' },
      { name: 'opened', type: 'time' },
      { name: 'area', type: 'string' },
    ],
    ...changes,
  };
}

export const definitions = {
  council: { type: 'wayleave-kind', code: 'council', name: 'Council', description: 'A local authority.' },
  health: { type: 'wayleave-kind', code: 'health', name: 'Health', description: 'An NHS trust.' },
  police: { type: 'wayleave-kind', code: 'police', name: 'Police', description: 'A police force.' },
  'social-worker': aRole('social-worker', 'Social worker', 'council'),
  'health-visitor': aRole('health-visitor', 'Health visitor', 'health'),
  'police-officer': aRole('police-officer', 'Police officer', 'police'),
  'housing-officer': aRole('housing-officer', 'Housing officer', 'council'),
  'child-record': anAsset(),
} satisfies Record<string, Definition>;

function aRole(code: string, name: string, kind: string): RoleDefinition {
  return { type: 'wayleave-role', code, name, description: `A ${name.toLowerCase()}.`, kinds: [kind] };
}

/** The hashes by which a protocol pins these definitions. */
export function pinsOf(known: readonly Definition[]): Protocol['pins'] {
  const pinned = (type: Definition['type']) =>
    Object.fromEntries(known.filter((one) => one.type === type).map((one) => [one.code, hashOfJson(one)]));
  return { assets: pinned('wayleave-asset'), roles: pinned('wayleave-role'), kinds: pinned('wayleave-kind') };
}

const pins = pinsOf(Object.values(definitions));
const contact = (name: string) => ({ name, email: `${name.toLowerCase().replace(' ', '.')}@agency.example` });

/** A party of a protocol. An agency that is known by its code only is a council. */
export function aParty(agency: Member | string, changes: Partial<Party> = {}): Party {
  const { code, name, kind, signsAs } = typeof agency === 'string' ? memberOf(agency) : agency;
  return {
    agency: code,
    name,
    kind,
    controller: 'controller',
    regime: 'uk-gdpr',
    essential: false,
    signs_as: signsAs,
    senior_officer: contact('Sam Taylor'),
    dpo: contact('Pat Dodds'),
    caldicott_guardian: contact('Lee Hall'),
    siro: contact('Kim Tait'),
    lawful_basis: {
      article6: ['e'],
      article9: ['g'],
      schedule_conditions: ['Schedule 1, paragraph 18: safeguarding'],
      statutory_powers: ['Children Act 2004, section 11'],
      confidence_basis: 'The public interest in protecting children.',
    },
    ...changes,
  };
}

function memberOf(code: string): Member {
  const known = Object.values(members).find((one) => one.code === code);
  return known ?? { code, name: code, kind: 'council', signsAs: 'director' };
}

/** A permission that asks for nothing: health visitors may read where a child of the council lives and goes to school. */
export function aClause(changes: Partial<Clause> = {}): Clause {
  return {
    id: 'c1',
    text: 'Health visitors may read where a child lives and goes to school.',
    effect: 'permit',
    actions: ['read'],
    asset: 'child-record',
    fields: ['name', 'address', 'school'],
    holders: [gateshead],
    recipients: [{ role: 'health-visitor', kind: 'health' }],
    purposes: ['safeguarding'],
    conditions: [],
    presence: 'not-required',
    consent: { rule: 'not-required' },
    involvement: 'not-required',
    registrations: [],
    identity_level: 0,
    authentication_level: 1,
    obligations: [],
    explain: 'policy',
    open_to_accession: false,
    ...changes,
  };
}

/** A health visitor of the trust reads where a child lives, as an example that must hold. */
export function anExample(changes: Partial<Protocol['examples'][number]> = {}): Protocol['examples'][number] {
  return {
    name: 'A health visitor sees where a child lives and goes to school',
    role: 'health-visitor',
    agency: hospitals,
    action: 'read',
    asset: 'child-record',
    holder: gateshead,
    purpose: 'safeguarding',
    facts: { present: false, consent: false, involvement: false },
    expect: { decision: true, reason: 'permitted', fields: ['name', 'address', 'school'] },
    ...changes,
  };
}

/** A framework between the three members. */
export function aFramework(changes: Partial<Protocol> = {}): Protocol {
  return {
    type: 'wayleave-protocol',
    federation: federationName,
    id: 'regional-framework',
    version: 1,
    tier: 'framework',
    title: 'Framework for sharing information',
    summary: 'How the agencies of the region share information.',
    parties: Object.values(members).map((member) => aParty(member)),
    purposes: [
      {
        code: 'safeguarding',
        name: 'Safeguarding children',
        aim: 'Keep children safe.',
        benefit: 'Those who work with a child know each other.',
        necessity: 'No agency sees the whole.',
      },
      {
        code: 'early-help',
        name: 'Early help',
        aim: 'Help families soon.',
        benefit: 'Help comes before harm.',
        necessity: 'No agency sees the whole.',
      },
    ],
    data_subjects: ['Children under 18'],
    clauses: [],
    pins,
    dpia: { reference: 'DPIA-1', completed: '2026-01-10', summary: 'Risks were assessed.' },
    privacy_notice: 'We tell people how we share.',
    rights: 'People may ask what we hold.',
    accuracy: 'Mistakes are put right within five days.',
    retention: 'Nothing is kept longer than the holder keeps it.',
    security: 'Encrypted on the way and at rest.',
    breach: 'The holder is told within 24 hours.',
    complaints: 'Write to the data protection officer.',
    training: 'Everybody is trained each year.',
    guidance: 'Ask before you guess.',
    valid: { from: '2026-02-01', until: '2028-01-31' },
    review: '2027-02-01',
    examples: [],
    ...changes,
  };
}

/** An operational protocol between the three members with one clause, for tests that sign nothing: it stands under no framework. */
export function aProtocol(changes: Partial<Protocol> = {}): Protocol {
  return aFramework({
    id: 'safeguarding-children',
    tier: 'operational',
    title: 'Safeguarding children',
    clauses: [aClause()],
    ...changes,
  });
}

/** An operational protocol that may be signed, for it stands under this framework. */
export function anOperationalProtocol(framework: ProtocolInput, changes: Partial<ProtocolInput> = {}): ProtocolInput {
  return {
    ...aProtocol({ framework: { id: framework.id, hash: hashOf(protocolBytes(framework)) } }),
    ...changes,
  };
}
