/** Builders for the policy floor: a federation with real keys and a real chain in memory, and protocols that are valid by default. */
import type { z } from 'zod';
import type {
  AssetDefinition,
  Clause,
  KindDefinition,
  Party,
  Protocol,
  RoleDefinition,
} from '../../../policy/register/protocols/document.ts';
import { prohibits, protocolBytes, readProtocol } from '../../../policy/register/protocols/read.ts';
import { type Head, linkBody, origin, sealLink, type StoredLink } from '../../../policy/register/chain/chain.ts';
import type { Trust } from '../../../policy/register/chain/derivation.ts';
import { deriveState } from '../../../policy/register/ledger/derive.ts';
import type { Source } from '../../../policy/register/ledger/read_page.ts';
import type { EventData, EventType, RegisterEvent } from '../../../policy/register/chain/event.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import type { Capacity } from '../../../policy/register/signatures/capacity.ts';
import { hashOf, hashOfJson } from '../../../policy/register/signatures/canonical.ts';
import type { PrivateKey, Signature } from '../../../policy/register/signatures/flattened.ts';
import { generateKey } from '../../../policy/register/signatures/generate.ts';
import { publicPart, thumbprint } from '../../../policy/register/signatures/keys.ts';
import {
  type EventSigner,
  type OfficerSigner,
  proposeEvent,
  signEvent,
  signProtocol,
} from '../../../policy/register/chain/sign.ts';

export type ProtocolInput = z.input<typeof Protocol>;
export type Definition = AssetDefinition | RoleDefinition | KindDefinition;

export const federationName = 'test.wayleave.example';
/** Noon on 1 June 2026. */
export const testNow = Date.UTC(2026, 5, 1, 12) / 1000;

export type TestAgency = {
  code: string;
  name: string;
  kind: string;
  signsAs: Party['signs_as'];
  /** Signs for the agency's keys and officers. */
  administration: PrivateKey;
  officer: OfficerSigner;
};

/** A council, a health trust and a police force of the North East, each with one officer who may sign for it. */
export function testAgencies(): { council: TestAgency; health: TestAgency; police: TestAgency } {
  const agency = (code: string, name: string, kind: string, signsAs: Party['signs_as']): TestAgency => ({
    code,
    name,
    kind,
    signsAs,
    administration: generateKey(),
    officer: { agency: code, officer: `officer-of-${code.toLowerCase()}`, capacity: signsAs, key: generateKey() },
  });
  return {
    council: agency('E08000021', 'Newcastle upon Tyne', 'council', 'director'),
    health: agency('RTD', 'Newcastle Hospitals', 'health', 'caldicott-guardian'),
    police: agency('E23000007', 'Northumbria Police', 'police', 'siro'),
  };
}

/** What `agency-admitted` says of a test agency. */
export function admissionOf(agency: TestAgency): EventData<'agency-admitted'> {
  const { officer } = agency;
  return {
    agency: agency.code,
    name: agency.name,
    kind: agency.kind,
    keys: [
      { jwk: publicPart(agency.administration), use: 'administration' },
      { jwk: publicPart(officer.key), use: 'officer' },
    ],
    officers: [officerEntry(officer)],
  };
}

export function officerEntry({ officer, capacity, key }: OfficerSigner): EventData<'officer-appointed'>['officer'] {
  return { practitioner: officer, name: 'Robin Okafor', capacities: [capacity], kid: thumbprint(publicPart(key)) };
}

export const definitions = {
  council: { type: 'wayleave-kind', code: 'council', name: 'Council', description: 'A local authority.' },
  health: { type: 'wayleave-kind', code: 'health', name: 'Health', description: 'An NHS trust.' },
  police: { type: 'wayleave-kind', code: 'police', name: 'Police', description: 'A police force.' },
  'social-worker': aRole('social-worker', 'Social worker', 'council'),
  'health-visitor': aRole('health-visitor', 'Health visitor', 'health'),
  'police-officer': aRole('police-officer', 'Police officer', 'police'),
  'housing-officer': aRole('housing-officer', 'Housing officer', 'council'),
  'child-record': {
    type: 'wayleave-asset',
    code: 'child-record',
    name: 'Child record',
    description: 'What children’s services hold about one child.',
    about_a_person: true,
    actions: ['read', 'update'],
    fields: [
      { name: 'name', title: 'Name', sensitivity: 'ordinary' },
      { name: 'address', title: 'Address', sensitivity: 'ordinary' },
      { name: 'school', title: 'School', sensitivity: 'ordinary' },
      { name: 'health_needs', title: 'Health needs', sensitivity: 'special-category' },
      { name: 'plan', title: 'Protection plan', sensitivity: 'restricted' },
    ],
    attributes: [
      { name: 'category', type: 'string' },
      { name: 'age', type: 'number' },
      { name: 'open', type: 'boolean' },
      { name: 'opened_at', type: 'time' },
    ],
  },
} as const satisfies Record<string, Definition>;

function aRole<Code extends string>(code: Code, name: string, kind: string) {
  return {
    type: 'wayleave-role',
    code,
    name,
    description: `A ${name.toLowerCase()}.`,
    kinds: [kind],
  } satisfies RoleDefinition;
}

/** Hash of a definition, as protocols pin it. */
export const hashOfDefinition = (definition: Definition): string => hashOfJson(definition);

const contact = { name: 'Sam Taylor', email: 'sam.taylor@agency.example' };

/** A party of a protocol, valid by default. */
export function aParty(
  agency: Pick<TestAgency, 'code' | 'name' | 'kind' | 'signsAs'>,
  changes: Partial<Party> = {},
): Party {
  return {
    agency: agency.code,
    name: agency.name,
    kind: agency.kind,
    controller: 'controller',
    regime: 'uk-gdpr',
    essential: false,
    signs_as: agency.signsAs,
    senior_officer: contact,
    dpo: contact,
    caldicott_guardian: contact,
    siro: contact,
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

/** A clause, valid by default: health visitors may read where a child of the council lives and goes to school. */
export function aClause(changes: Partial<z.input<typeof Clause>> = {}): z.input<typeof Clause> {
  return {
    id: 'where-a-child-is',
    text: 'Health visitors may read where a child lives and goes to school.',
    effect: 'permit',
    actions: ['read'],
    asset: 'child-record',
    fields: ['name', 'address', 'school'],
    holders: ['E08000021'],
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

/** A protocol, valid by default: a framework between the three test agencies unless told otherwise. */
export function aProtocol(changes: Partial<ProtocolInput> = {}): ProtocolInput {
  const agencies = Object.values(testAgencies());
  const pinned = (type: Definition['type']): Record<string, string> =>
    Object.fromEntries(
      Object.values(definitions).flatMap((one) => (one.type === type ? [[one.code, hashOfDefinition(one)]] : [])),
    );
  return {
    type: 'wayleave-protocol',
    federation: federationName,
    id: 'regional-framework',
    version: 1,
    tier: 'framework',
    title: 'Framework for sharing information',
    summary: 'How the agencies of the region share information.',
    parties: agencies.map((agency) => aParty(agency)),
    purposes: [
      {
        code: 'safeguarding',
        name: 'Safeguarding children',
        aim: 'Keep children safe.',
        benefit: 'Those who work with a child know each other.',
        necessity: 'No agency sees the whole.',
      },
    ],
    data_subjects: ['Children under 18'],
    clauses: [],
    pins: { assets: pinned('wayleave-asset'), roles: pinned('wayleave-role'), kinds: pinned('wayleave-kind') },
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

/** An operational protocol under a framework, with one clause unless told otherwise. */
export function anOperationalProtocol(framework: ProtocolInput, changes: Partial<ProtocolInput> = {}): ProtocolInput {
  return aProtocol({
    id: 'safeguarding-children',
    tier: 'operational',
    title: 'Safeguarding children',
    framework: { id: framework.id, hash: hashOf(protocolBytes(framework)) },
    clauses: [aClause()],
    ...changes,
  });
}

/** What a signed protocol's event says. */
export function signedData(
  document: ProtocolInput,
  agency: string,
  signature: Signature,
): EventData<'protocol-signed'> {
  const read = readProtocol(protocolBytes(document));
  return {
    protocol: read.hash,
    id: document.id,
    version: document.version,
    agency,
    prohibits: prohibits(read.document),
    signature,
  };
}

/** A federation in memory. It writes whatever it is told to, sealed like the service's own: verification is what is tested. */
export type Federation = {
  root: PrivateKey;
  seal: PrivateKey;
  trust: Trust;
  agencies: ReturnType<typeof testAgencies>;
  links: StoredLink[];
  texts: Map<string, Uint8Array>;
  source: Source;
  head(): Head;
  /** Appends an event, signed by the root key unless another signer or ready signatures are given. */
  append<Type extends EventType>(type: Type, data: EventData<Type>, options?: AppendOptions): Promise<RegisterEvent>;
  /** Appends the signature of one agency's officer on a protocol. */
  sign(
    document: ProtocolInput,
    agency: TestAgency,
    changes?: Partial<OfficerSigner> & { time?: number },
  ): Promise<RegisterEvent>;
  /** Appends the signatures of all parties among the test agencies. */
  signByAll(document: ProtocolInput): Promise<void>;
  state(now?: number): Promise<RegisterState>;
};

export type AppendOptions = { by?: EventSigner; signatures?: Signature[]; time?: number; signedAt?: number };

/** A federation with a root key, three agencies with keys and officers, and definitions; no protocol yet. */
export async function aFederation(options: { empty?: boolean } = {}): Promise<Federation> {
  const [root, seal] = [generateKey(), generateKey()];
  const agencies = testAgencies();
  const trust: Trust = { federation: federationName, rootKey: publicPart(root), sealKeys: [publicPart(seal)] };
  const links: StoredLink[] = [];
  const texts = new Map<string, Uint8Array>();
  const source: Source = {
    links: (after, limit) => Promise.resolve(links.slice(after, after + limit)),
    texts: (hashes) =>
      Promise.resolve(new Map(hashes.flatMap((hash) => (texts.has(hash) ? [[hash, texts.get(hash)!]] : [])))),
  };
  const head = (): Head => {
    const last = links.at(-1);
    return last === undefined ? origin(federationName) : { sequence: last.sequence, hash: last.hash };
  };
  const append: Federation['append'] = async (
    type,
    data,
    { by = { key: root }, signatures, time = testNow, signedAt } = {},
  ) => {
    const event = proposeEvent(head(), { federation: federationName, type, data, time });
    const bare = type === 'protocol-signed' || type === 'protocol-acceded';
    const given = signatures ?? (bare ? [] : [await signEvent(event, by, signedAt)]);
    const { body, hash } = linkBody(event, given);
    links.push({ sequence: event.sequence, body, hash, seal: await sealLink(event, hash, seal, time) });
    return event;
  };
  const sign: Federation['sign'] = async (document, agency, { time = testNow, ...changes } = {}) => {
    const bytes = protocolBytes(document);
    texts.set(hashOf(bytes), bytes);
    const signature = await signProtocol({ ...agency.officer, ...changes, document: bytes, time });
    return append('protocol-signed', signedData(document, agency.code, signature), { time });
  };
  const federation: Federation = {
    root,
    seal,
    trust,
    agencies,
    links,
    texts,
    source,
    head,
    append,
    sign,
    signByAll: async (document) => {
      for (const agency of Object.values(agencies)) {
        if (document.parties.some((party) => party.agency === agency.code)) await sign(document, agency);
      }
    },
    state: (now = testNow) => deriveState(source, trust, now),
  };
  if (options.empty !== true) await furnish(federation);
  return federation;
}

async function furnish({ append, agencies }: Federation): Promise<void> {
  for (const definition of Object.values(definitions)) await append('definition-published', { definition });
  for (const agency of Object.values(agencies)) await append('agency-admitted', admissionOf(agency));
}

/**
 * The short way for tests of decisions: a federation in which a framework and one operational protocol with the given
 * clauses are signed by all, and its state.
 */
export async function aFederationWith(
  clauses: z.input<typeof Clause>[],
  changes: Partial<ProtocolInput> = {},
): Promise<{ federation: Federation; framework: ProtocolInput; protocol: ProtocolInput; state: RegisterState }> {
  const federation = await aFederation();
  const framework = aProtocol();
  await federation.signByAll(framework);
  const protocol = anOperationalProtocol(framework, { clauses, ...changes });
  await federation.signByAll(protocol);
  return { federation, framework, protocol, state: await federation.state() };
}

/** An officer with a capacity that agencies give and a name of their own, appointed by the agency. */
export async function appointOfficer(
  federation: Federation,
  agency: TestAgency,
  capacity: Capacity,
  officer = 'another-officer',
): Promise<OfficerSigner> {
  const key = generateKey();
  const by = { agency: agency.code, key: agency.administration };
  await federation.append('key-added', { agency: agency.code, key: { jwk: publicPart(key), use: 'officer' } }, { by });
  const signer: OfficerSigner = { agency: agency.code, officer, capacity, key };
  await federation.append('officer-appointed', { agency: agency.code, officer: officerEntry(signer) }, { by });
  return signer;
}
