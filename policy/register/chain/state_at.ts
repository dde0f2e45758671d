/** What the derived register says at a moment: which protocols are in force, and until when that holds by date alone. */
import { endOfDay, startOfDay } from '../protocols/dates.ts';
import type { Protocol } from '../protocols/document.ts';
import { accessionStands, belongsTo, type Derivation, type ProtocolRecord, stillStands } from './derivation.ts';
import type {
  Acceded,
  DamagedProtocol,
  ProtocolStatus,
  RegisteredAgency,
  RegisteredProtocol,
  RegisterState,
} from './state.ts';
import { hasBegun, isReadable, laterVersions, type Readable, resolveFramework } from './versions.ts';

/** What is looked up again and again while one state is made. */
type View = {
  derivation: Derivation;
  now: number;
  /** Agencies that signed a text with a prohibition which cannot be read: what it forbids them to give is unknown. */
  gagged: ReadonlySet<string>;
  /** Frameworks described so far: many protocols stand under one. */
  frameworks: Map<string, RegisteredProtocol>;
};

/** The state at `now` (epoch seconds). It shares nothing that a later event changes. */
export function stateAt(derivation: Derivation, now: number): RegisterState {
  const damaged = listDamaged(derivation);
  const gagged = new Set(damaged.filter((one) => one.prohibits).flatMap((one) => one.signedBy));
  const view: View = { derivation, now, gagged, frameworks: new Map() };
  const protocols = new Map<string, RegisteredProtocol>();
  for (const record of derivation.protocols.values())
    if (isReadable(record)) protocols.set(record.hash, describe(view, record));
  const boundary = nextBoundary(derivation, now);
  return {
    federation: derivation.trust.federation,
    head: { ...derivation.head },
    agencies: copyAgencies(derivation.agencies),
    assets: new Map(derivation.assets),
    roles: new Map(derivation.roles),
    kinds: new Map(derivation.kinds),
    definitions: new Map(derivation.definitions),
    protocols,
    damaged: new Map(damaged.map((one) => [one.hash, one])),
    ...(boundary !== undefined && { nextBoundary: boundary }),
  };
}

function listDamaged({ protocols }: Derivation): DamagedProtocol[] {
  return [...protocols.values()]
    .filter((record) => !isReadable(record))
    .map(({ hash, id, version, prohibits, unverified }) => ({
      hash,
      id,
      version,
      prohibits,
      signedBy: [...unverified],
    }));
}

function describe(view: View, record: Readable): RegisteredProtocol {
  const { derivation } = view;
  const framework = record.document.framework && resolveFramework(derivation, record.document.framework.hash, view.now);
  const withdrawn = listWithdrawn(view, record, framework);
  const signatures = [...record.signatures.values()].filter((one) => !withdrawn.includes(one.agency));
  const signed = new Set(signatures.map((one) => one.agency));
  const unsigned = record.document.parties
    .map(({ agency }) => agency)
    .filter((agency) => !signed.has(agency) && !withdrawn.includes(agency));
  const suspendedBy = [...record.suspended.keys()].filter((agency) => signed.has(agency));
  const facts = { withdrawn, unsigned, suspendedBy, framework };
  return {
    hash: record.hash,
    document: record.document,
    signatures,
    rejected: [...record.rejected],
    acceded: listAcceded(view, record, framework),
    unsigned,
    withdrawn,
    suspendedBy,
    ...(framework && { framework: framework.hash }),
    status: statusOf(view, record, facts),
  };
}

function describeOnce(view: View, framework: Readable): RegisteredProtocol {
  const described = view.frameworks.get(framework.hash) ?? describe(view, framework);
  view.frameworks.set(framework.hash, described);
  return described;
}

type Facts = { withdrawn: string[]; unsigned: string[]; suspendedBy: string[]; framework: Readable | undefined };

function statusOf(view: View, record: Readable, facts: Facts): ProtocolStatus {
  const { document } = record;
  const later = laterVersions(view.derivation, record);
  if (later.some((one) => !isReadable(one)) || isGagged(view, document)) return 'text-damaged';
  if (later.some((one) => hasBegun(one, view.now))) return 'superseded';
  const left = (agency: string): boolean => facts.withdrawn.includes(agency);
  const parties = document.parties;
  if (parties.every(({ agency }) => left(agency)) || parties.some((one) => one.essential && left(one.agency)))
    return 'withdrawn';
  if (facts.unsigned.length > 0) return 'awaiting-signatures';
  if (facts.suspendedBy.length > 0) return 'suspended';
  if (view.now < startOfDay(document.valid.from)) return 'not-yet-valid';
  if (view.now >= endOfDay(document.valid.until)) return 'expired';
  if (document.tier === 'operational' && !standsUnder(view, document, facts)) return 'framework-not-in-force';
  return 'in-force';
}

/** True where a prohibition that nobody can read might bind what this protocol gives. */
function isGagged({ gagged }: View, { clauses }: Protocol): boolean {
  return (
    gagged.size > 0 &&
    clauses.some(({ effect, holders }) => effect === 'permit' && holders.some((one) => gagged.has(one)))
  );
}

function standsUnder(view: View, document: Protocol, { withdrawn, framework }: Facts): boolean {
  if (framework === undefined || framework.document.tier !== 'framework') return false;
  if (describeOnce(view, framework).status !== 'in-force') return false;
  const members = new Set(framework.document.parties.map(({ agency }) => agency));
  return document.parties.every(({ agency }) => withdrawn.includes(agency) || members.has(agency));
}

/** Parties that withdrew, from this or from the framework above it, or that left the federation since they signed. */
function listWithdrawn(view: View, record: Readable, framework: Readable | undefined): string[] {
  return record.document.parties
    .map(({ agency }) => agency)
    .filter((agency) => hasLeft(view, record, agency) || (framework !== undefined && hasLeft(view, framework, agency)));
}

function hasLeft({ derivation }: View, record: ProtocolRecord, agency: string): boolean {
  if (record.withdrawn.has(agency)) return true;
  const signature = record.signatures.get(agency);
  return signature !== undefined && !stillStands(derivation, signature);
}

/** Agencies that joined and whose two signatures stand; under a framework, only those that belong to it too. */
function listAcceded(
  { derivation }: View,
  record: Readable,
  framework: Readable | undefined,
): RegisteredProtocol['acceded'] {
  const stands = (agency: string): boolean =>
    accessionStands(derivation, record, agency) &&
    (record.document.tier === 'framework' || (framework !== undefined && belongsTo(derivation, framework, agency)));
  const suspended = (agency: string): boolean =>
    record.suspended.has(agency) || framework?.suspended.has(agency) === true;
  const joined: Acceded[] = [];
  for (const [agency, { party, signatures, position }] of record.acceded) {
    if (!stands(agency)) continue;
    joined.push({ agency, kind: party.kind, party, signatures, position, suspended: suspended(agency) });
  }
  return joined;
}

function nextBoundary({ protocols }: Derivation, now: number): number | undefined {
  let next: number | undefined;
  for (const { document } of protocols.values()) {
    if (document === undefined) continue;
    for (const moment of [startOfDay(document.valid.from), endOfDay(document.valid.until)]) {
      if (moment > now && (next === undefined || moment < next)) next = moment;
    }
  }
  return next;
}

function copyAgencies(agencies: ReadonlyMap<string, RegisteredAgency>): Map<string, RegisteredAgency> {
  const copies = [...agencies].map(([code, agency]): [string, RegisteredAgency] => [
    code,
    {
      ...agency,
      keys: new Map([...agency.keys].map(([kid, key]) => [kid, { ...key }])),
      officers: new Map(
        [...agency.officers].map(([id, officer]) => [id, { ...officer, capacities: [...officer.capacities] }]),
      ),
    },
  ]);
  return new Map(copies);
}
