/** Builders for deciding: a register state by hand, people, partners, and a context that lives in memory. */
import { createHash } from 'node:crypto';
import type { Partner } from '../../../directory/partners/partner.ts';
import type { Post, Standing } from '../../../directory/people/standing.ts';
import type { Appended, Guard, LogEvent } from '../../../platform/log/event.ts';
import { canonicalText } from '../../../platform/json.ts';
import type { PolicyContext } from '../../../policy/decisions/deciding/context.ts';
import type { DecisionRequest, DutyDesk } from '../../../policy/decisions/deciding/decision.ts';
import type { Presence } from '../../../policy/decisions/deciding/presence.ts';
import type { Consent } from '../../../policy/decisions/consent/consent.ts';
import type { Involvement } from '../../../policy/decisions/involvement/involvement.ts';
import { createPseudonym } from '../../../policy/decisions/involvement/pseudonym.ts';
import type { Opening } from '../../../policy/decisions/overrides/open_review.ts';
import type { AssetDefinition, Clause, Party, Protocol } from '../../../policy/register/protocols/document.ts';
import type { ProtocolStatus, RegisteredProtocol, RegisterState } from '../../../policy/register/chain/state.ts';
import { keepRules } from '../../../policy/decisions/rules/compile.ts';

/** The moment at which tests decide: 1 October 2026, 12:00 UTC. */
export const noon = Date.UTC(2026, 9, 1, 12) / 1000;

export const gateshead = 'E08000037';
export const newcastle = 'E08000021';
export const northumbria = 'E23000007';
export const hospitals = 'RTD';
const kinds: Record<string, string> = {
  [gateshead]: 'council',
  [newcastle]: 'council',
  [northumbria]: 'police',
  [hospitals]: 'health',
};

export const masterKey = Buffer.alloc(32, 7);
export const pseudonym = createPseudonym(masterKey);

/** A child's record, with attributes of each type to test conditions on. */
export function anAsset(changes: Partial<AssetDefinition> = {}): AssetDefinition {
  const fields = [
    'name',
    'date_of_birth',
    'address',
    'school',
    'allocated_worker',
    'plan',
    'health_summary',
    'offences',
  ];
  return {
    type: 'wayleave-asset',
    code: 'child-record',
    name: 'Child’s record',
    description: 'What the council holds about a child it works with',
    about_a_person: true,
    actions: ['read', 'update'],
    fields: fields.map((name) => ({ name, title: name, sensitivity: 'ordinary' })),
    attributes: [
      { name: 'shielded', type: 'boolean' },
      { name: 'risk', type: 'number' },
      { name: 'opened', type: 'time' },
      { name: 'area', type: 'string' },
    ],
    ...changes,
  };
}

/** A permission that asks for nothing: health visitors may read a child's name for safeguarding. */
export function aClause(changes: Partial<Clause> = {}): Clause {
  return {
    id: 'c1',
    text: 'Health visitors see who the child is.',
    effect: 'permit',
    actions: ['read'],
    asset: 'child-record',
    fields: ['name'],
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

export function aParty(agency: string): Party {
  const contact = { name: 'A. Officer', email: 'officer@agency.example' };
  return {
    agency,
    name: agency,
    kind: kinds[agency] ?? 'council',
    controller: 'controller',
    regime: 'uk-gdpr',
    essential: false,
    signs_as: 'director',
    senior_officer: contact,
    dpo: contact,
    lawful_basis: {
      article6: ['e'],
      article9: [],
      schedule_conditions: [],
      statutory_powers: [],
      confidence_basis: 'Public interest',
    },
  };
}

/** An operational protocol between a council, a hospital trust and the police. */
export function aProtocol(changes: Partial<Protocol> = {}): Protocol {
  const said = 'As agreed.';
  const purpose = { name: said, aim: said, benefit: said, necessity: said };
  return {
    type: 'wayleave-protocol',
    federation: 'test.wayleave.example',
    id: 'safeguarding',
    version: 1,
    tier: 'operational',
    title: 'Safeguarding children',
    summary: said,
    parties: [gateshead, hospitals, northumbria].map(aParty),
    purposes: [
      { code: 'safeguarding', ...purpose },
      { code: 'early-help', ...purpose },
    ],
    data_subjects: ['children'],
    clauses: [aClause()],
    pins: { assets: {}, roles: {}, kinds: {} },
    dpia: { reference: 'DPIA 1', completed: '2026-01-01', summary: said },
    privacy_notice: said,
    rights: said,
    accuracy: said,
    retention: said,
    security: said,
    breach: said,
    complaints: said,
    training: said,
    guidance: said,
    valid: { from: '2026-01-01', until: '2027-12-31' },
    review: '2027-01-01',
    examples: [],
    ...changes,
  };
}

export type Standings = { protocol: Protocol; status?: ProtocolStatus; withdrawn?: string[] };

/** A verified state that holds these protocols. Pins of the assets are put in where a protocol names none. */
export function aState(
  protocols: (Protocol | Standings)[],
  changes: Partial<RegisterState> & { assets?: never; assetList?: AssetDefinition[] } = {},
): RegisterState {
  const { assetList = [anAsset()], ...rest } = changes;
  const assets = new Map(
    assetList.map((definition) => [definition.code, { definition, hash: hashOf(definition), position: 1 }]),
  );
  const pinned = Object.fromEntries([...assets].map(([code, { hash }]) => [code, hash]));
  const registered = protocols.map((one) => ('protocol' in one ? one : { protocol: one })).map(toRegistered(pinned));
  return {
    federation: 'test.wayleave.example',
    head: { sequence: 7, hash: 'head-7' },
    agencies: new Map(
      Object.entries(kinds).map(([code, kind]) => [
        code,
        { code, name: code, kind, admittedAt: 1, keys: new Map(), officers: new Map() },
      ]),
    ),
    assets,
    roles: new Map(),
    kinds: new Map(),
    definitions: new Map([...assets.values()].map((known) => [known.hash, known])),
    protocols: new Map(registered.map((one) => [one.hash, one])),
    damaged: new Map(),
    ...rest,
  };
}

function toRegistered(pinned: Record<string, string>) {
  return ({ protocol, status = 'in-force', withdrawn = [] }: Standings): RegisteredProtocol => {
    const pins = Object.keys(protocol.pins.assets).length > 0 ? protocol.pins : { ...protocol.pins, assets: pinned };
    const document = { ...protocol, pins };
    return {
      hash: hashOf(document),
      document,
      signatures: [],
      rejected: [],
      acceded: [],
      unsigned: [],
      withdrawn,
      suspendedBy: [],
      status,
    };
  };
}

const hashOf = (value: object): string =>
  createHash('sha256')
    .update(canonicalText(value as never))
    .digest('base64url');

/** A post held since last year; a health visitor at the hospital trust unless said otherwise. */
export function aHeldPost(changes: Partial<Post> = {}): Post {
  const agency = changes.agency ?? hospitals;
  return {
    id: 'post-hv',
    agency,
    agencyName: agency,
    agencyKind: kinds[agency] ?? 'council',
    team: 'team-1',
    teamName: 'Team one',
    role: 'health-visitor',
    roleName: 'Health visitor',
    kind: 'substantive',
    from: noon - 31_536_000,
    suspended: false,
    ...changes,
  };
}

/** A practitioner of checked identity with one post. */
export function aStanding(changes: Partial<Standing> = {}): Standing {
  return {
    practitioner: 'hv-1',
    name: 'Ada Robson',
    email: 'ada@trust.example',
    status: 'active',
    identity: { level: 2, checkedBy: 'the trust', checkedAt: noon - 1000 },
    posts: [aHeldPost()],
    registrations: [],
    appointedBy: [],
    ...changes,
  };
}

/** A live sign-in of `aStanding()` at `askingPartner()`, with a second factor. */
export function aPresence(changes: Partial<Presence> = {}): Presence {
  return {
    practitioner: 'hv-1',
    post: 'post-hv',
    clientId: 'casebook',
    session: 'session-1',
    authenticationLevel: 2,
    authenticatedAt: noon - 60,
    expiresAt: noon + 240,
    ...changes,
  };
}

/** Gateshead's case system, which understands lists of fields. */
export function askingPartner(changes: Partial<Partner> = {}): Partner {
  return {
    clientId: 'casebook',
    name: 'Casebook',
    agency: gateshead,
    status: 'active',
    holds: [gateshead],
    understands: ['fields'],
    scopes: ['decisions', 'audit.read'],
    redirectUris: [],
    postLogoutRedirectUris: [],
    authentication: { method: 'client_secret_basic', secretHash: '' },
    ...changes,
  };
}

export const childId = { system: 'https://fhir.nhs.uk/Id/nhs-number', value: '943 476 5919' };
export const theChild = pseudonym(childId);

/** A health visitor's question about a child's name. */
export function aRequest(
  changes: Partial<DecisionRequest> = {},
  resource: Partial<DecisionRequest['resource']> = {},
): DecisionRequest {
  return {
    subject: { type: 'practitioner', id: 'hv-1' },
    action: 'read',
    resource: {
      type: 'child-record',
      id: 'case-17',
      agency: gateshead,
      dataSubject: childId,
      fields: ['name'],
      attributes: {},
      ...resource,
    },
    purpose: 'safeguarding',
    ...changes,
  };
}

export const gatesheadDesk: DutyDesk = {
  agency: gateshead,
  name: 'Gateshead duty desk',
  phone: '0191 433 2653',
  hours: 'day and night',
};

export type InMemory = {
  state?: RegisterState | undefined;
  standings?: Standing[];
  partners?: Partner[];
  /** By user token. */
  presences?: Record<string, Presence>;
  consents?: Consent[];
  involvements?: Involvement[];
  desks?: DutyDesk[];
  now?: number;
};

/** A context without a database: what would have been recorded stands in `recorded`, facts that were read in `read`. */
export function inMemory(world: InMemory = {}): PolicyContext & {
  recorded: (LogEvent & { guard?: Guard | undefined })[];
  read: string[];
  world: InMemory;
  outcomes: Appended[];
  /** Reviews that overrides opened. */
  opened: Opening[];
} {
  const recorded: (LogEvent & { guard?: Guard | undefined })[] = [];
  const read: string[] = [];
  const outcomes: Appended[] = [];
  const opened: Opening[] = [];
  const note = <V>(what: string, value: V): Promise<V> => {
    read.push(what);
    return Promise.resolve(value);
  };
  let position = 0;
  return {
    world,
    recorded,
    read,
    /** What the log is to say next; `recorded` when empty. */
    outcomes,
    opened,
    db: undefined as never,
    log: {
      append: async (event, guard) => {
        const told = outcomes.shift();
        if (told !== undefined && told.outcome !== 'recorded') return told;
        recorded.push({ ...event, guard });
        return { outcome: 'recorded', id: event.id ?? '', position: position++, time: noon };
      },
      fence: {
        epoch: () => {
          read.push('epoch');
          return 5;
        },
        catchUp: async () => void read.push('caught up'),
      },
    },
    register: { state: () => world.state, verify: async () => void read.push('register verified') },
    clock: () => world.now ?? noon,
    masterKey,
    pseudonym,
    rules: keepRules(),
    findPresence: (token) => note('presence', world.presences?.[token]),
    standings: {
      get: (id) =>
        note(
          'standing',
          (world.standings ?? [aStanding()]).find((one) => one.practitioner === id),
        ),
    },
    partners: {
      get: (id) =>
        note(
          'partner',
          (world.partners ?? [askingPartner()]).find((one) => one.clientId === id),
        ),
    },
    dutyDesks: {
      get: (agency) =>
        note(
          'desk',
          (world.desks ?? [gatesheadDesk]).find((desk) => desk.agency === agency),
        ),
    },
    consents: { get: (subject) => note('consent', subject === theChild ? (world.consents ?? []) : []) },
    involvements: { get: (subject) => note('involvement', subject === theChild ? (world.involvements ?? []) : []) },
    reviews: {
      open: async (opening) => void opened.push(opening),
      findRunning: (id, opener) =>
        note(
          'review',
          opened.find(
            (one) =>
              one.id === id && Object.entries(opener).every(([key, value]) => value === one[key as keyof Opening]),
          ),
        ),
    },
  };
}
