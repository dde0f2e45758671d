/** A federation with real keys and a real chain in memory. */
import type { z } from 'zod';
import type { Clause } from '../../../policy/register/protocols/document.ts';
import { prohibits, protocolBytes, readProtocol } from '../../../policy/register/protocols/read.ts';
import { type Head, linkBody, origin, sealLink, type StoredLink } from '../../../policy/register/chain/chain.ts';
import type { Trust } from '../../../policy/register/chain/derivation.ts';
import { derive } from '../../../policy/register/ledger/derive.ts';
import { stateAt } from '../../../policy/register/chain/state_at.ts';
import type { Source } from '../../../policy/register/ledger/read_page.ts';
import type { EventData, EventType, RegisterEvent } from '../../../policy/register/events/table.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import type { Capacity } from '../../../policy/register/signatures/capacity.ts';
import { hashOf } from '../../../policy/register/signatures/canonical.ts';
import type { PrivateKey, Signature } from '../../../policy/register/signatures/flattened.ts';
import { generateKey } from '../../../policy/register/signatures/generate.ts';
import { publicPart, thumbprint } from '../../../policy/register/signatures/keys.ts';
import {
  type EventSigner,
  type OfficerSigner,
  proposeEvent,
  signEvent,
  signProtocol,
} from '../../../policy/register/events/sign.ts';
import {
  aFramework,
  anOperationalProtocol,
  definitions,
  federationName,
  type Member,
  members,
  type ProtocolInput,
} from './documents.ts';

/** Noon on 1 June 2026. */
export const testNow = Date.UTC(2026, 5, 1, 12) / 1000;

export type TestAgency = Member & {
  /** Signs for the agency's keys and officers. */
  administration: PrivateKey;
  officer: OfficerSigner;
};

/** An agency with fresh keys and one officer who may sign for it. */
export function anAgencyThatSigns(member: Member): TestAgency {
  const { code, signsAs: capacity } = member;
  const officer = { agency: code, officer: `officer-of-${code.toLowerCase()}`, capacity, key: generateKey() };
  return { ...member, administration: generateKey(), officer };
}

/** The members with fresh keys. */
export function testAgencies(): Record<keyof typeof members, TestAgency> {
  const { council, health, police } = members;
  return {
    council: anAgencyThatSigns(council),
    health: anAgencyThatSigns(health),
    police: anAgencyThatSigns(police),
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

/** Verifies a chain as a whole and says what it amounts to at `now` (epoch seconds). Throws `register-broken`. */
export async function deriveState(source: Source, trust: Trust, now: number): Promise<RegisterState> {
  return stateAt(await derive(source, trust), now);
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
  const framework = aFramework();
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
