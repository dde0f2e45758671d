/** Builders for deciding: a register state by hand, people, partners, and a context that lives in memory. */
import type { Partner } from '../../../directory/partners/partner.ts';
import type { Post, Standing } from '../../../directory/people/standing.ts';
import type { Appended, Guard, LogEvent } from '../../../platform/log/event.ts';
import type { PolicyContext } from '../../../policy/decisions/deciding/context.ts';
import type { DecisionRequest, DutyDesk } from '../../../policy/decisions/deciding/decision.ts';
import type { Presence } from '../../../policy/decisions/deciding/presence.ts';
import type { Consent } from '../../../policy/decisions/consent/consent.ts';
import type { Involvement } from '../../../policy/decisions/involvement/involvement.ts';
import { createPseudonym } from '../../../policy/decisions/involvement/pseudonym.ts';
import type { Opening } from '../../../policy/decisions/overrides/open_review.ts';
import type { AssetDefinition, Protocol } from '../../../policy/register/protocols/document.ts';
import type { ProtocolStatus, RegisteredProtocol, RegisterState } from '../../../policy/register/chain/state.ts';
import { hashOfJson } from '../../../policy/register/signatures/canonical.ts';
import { keepRules } from '../../../policy/decisions/rules/compile.ts';
import { gateshead, hospitals, newcastle, northumbria } from '../directory/directory.ts';
import { aParty, definitions, federationName, pinsOf } from './documents.ts';

/** The moment at which tests decide: 1 October 2026, 12:00 UTC. */
export const noon = Date.UTC(2026, 9, 1, 12) / 1000;

export const masterKey = Buffer.alloc(32, 7);
export const pseudonym = createPseudonym(masterKey);

export type Standings = { protocol: Protocol; status?: ProtocolStatus; withdrawn?: string[] };

/** A verified state that holds these protocols, each of which pins these assets. */
export function aState(
  protocols: (Protocol | Standings)[],
  changes: Partial<RegisterState> & { assets?: never; assetList?: AssetDefinition[] } = {},
): RegisterState {
  const { assetList = [definitions['child-record']], ...rest } = changes;
  const known = assetList.map((definition) => ({ definition, hash: hashOfJson(definition), position: 1 }));
  const pins = pinsOf(assetList);
  const registered = protocols.map((one) => toRegistered('protocol' in one ? one : { protocol: one }, pins.assets));
  return {
    federation: federationName,
    head: { sequence: 7, hash: 'head-7' },
    agencies: new Map(
      [gateshead, newcastle, northumbria, hospitals].map((code) => [
        code,
        { code, name: code, kind: aParty(code).kind, admittedAt: 1, keys: new Map(), officers: new Map() },
      ]),
    ),
    assets: new Map(known.map((one) => [one.definition.code, one])),
    roles: new Map(),
    kinds: new Map(),
    definitions: new Map(known.map((one) => [one.hash, one])),
    protocols: new Map(registered.map((one) => [one.hash, one])),
    damaged: new Map(),
    ...rest,
  };
}

function toRegistered(
  { protocol, status = 'in-force', withdrawn = [] }: Standings,
  assets: Record<string, string>,
): RegisteredProtocol {
  const document = { ...protocol, pins: { ...protocol.pins, assets } };
  const nothing = { signatures: [], rejected: [], acceded: [], unsigned: [], suspendedBy: [] };
  return { hash: hashOfJson(document), document, withdrawn, status, ...nothing };
}

/** A post held since last year; a health visitor at the hospital trust unless said otherwise. */
export function aHeldPost(changes: Partial<Post> = {}): Post {
  const agency = changes.agency ?? hospitals;
  return {
    id: 'post-hv',
    agency,
    agencyName: agency,
    agencyKind: aParty(agency).kind,
    team: 'team-1',
    teamName: 'Team one',
    listed: true,
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
      open: async (opening) => {
        opened.push(opening);
        return opening.id;
      },
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
