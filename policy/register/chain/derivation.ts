/** The register while it is being derived: what the events so far amount to. Only events change it. */
import type { JWK } from 'jose';
import type { AssetDefinition, KindDefinition, Party, Protocol, RoleDefinition } from '../protocols/document.ts';
import { type PublicKey, publicPart, thumbprint } from '../signatures/keys.ts';
import { type Head, origin } from './chain.ts';
import type { RegisteredAgency, RejectedSignature, VerifiedSignature } from './state.ts';
import type { Registered } from '../protocols/terms.ts';

/** What is trusted without proof; everything else follows from it and the chain. None of it comes from the database alone. */
export type Trust = {
  federation: string;
  /** The federation operator's key, from configuration. */
  rootKey: JWK;
  /** The service's 'register' keys, current and rotated out. */
  sealKeys: JWK[];
};

/** An accession that counted when it arrived: the agency's own signature and the host's. */
type AccessionRecord = { party: Party; signatures: [VerifiedSignature, VerifiedSignature]; position: number };

/** One protocol's history so far. */
export type ProtocolRecord = {
  hash: string;
  id: string;
  version: number;
  prohibits: boolean;
  position: number;
  /** True once the text was found to make sense against the register of the time; what it pins cannot change afterwards. */
  sound: boolean;
  /** Absent while its text in the database is missing or damaged. */
  document: Protocol | undefined;
  /** The last valid signature of each party. */
  signatures: Map<string, VerifiedSignature>;
  rejected: RejectedSignature[];
  /** Agencies that signed a text which cannot be read now. */
  unverified: Set<string>;
  /** Position of each agency's suspension or withdrawal that a signature has not answered since. */
  suspended: Map<string, number>;
  withdrawn: Map<string, number>;
  /** The last accession of each agency that joined; gone once it withdraws. */
  acceded: Map<string, AccessionRecord>;
  /** Agencies whose accession cannot be verified now, because a text that it rests on cannot be read. */
  unverifiedAccessions: Set<string>;
  /** Position at which the last party's signature arrived; a later withdrawal does not undo it. */
  completedAt?: number;
};

export type Derivation = {
  trust: Trust;
  rootKey: PublicKey;
  sealKeys: PublicKey[];
  /** By key: the position from which on nothing signed with it counts. Known before the first event is read. */
  compromises: ReadonlyMap<string, number>;
  /** A link declared a further compromise: what went before must be derived anew. */
  outdated: boolean;
  head: Head;
  /** Time of the last event. */
  time: number;
  agencies: Map<string, RegisteredAgency>;
  /** Every key ever registered, even without effect: a key is registered once and never again. */
  keys: Set<string>;
  /** Keys registered by an event that a compromise made void: what they signed is void too. */
  voidKeys: Set<string>;
  /** Events without effect, because a compromised key signed them or something that they rest on. */
  voided: { position: number; why: string }[];
  assets: Map<string, Registered<AssetDefinition>>;
  roles: Map<string, Registered<RoleDefinition>>;
  kinds: Map<string, Registered<KindDefinition>>;
  definitions: Map<string, Registered<AssetDefinition | RoleDefinition | KindDefinition>>;
  protocols: Map<string, ProtocolRecord>;
  /** Hashes of the versions of each protocol. */
  versions: Map<string, string[]>;
  /** Links that verified, each known by its bytes and seal. */
  verified: Map<number, string>;
  /** What each protocol signature covered, so that none counts a second time. */
  given: Set<string>;
};

/** An empty register of the federation. */
export function beginDerivation(trust: Trust, compromises: ReadonlyMap<string, number> = new Map()): Derivation {
  return {
    trust,
    rootKey: publicPart(trust.rootKey),
    sealKeys: trust.sealKeys.map(publicPart),
    compromises,
    outdated: false,
    head: origin(trust.federation),
    time: 0,
    agencies: new Map(),
    keys: new Set(),
    voidKeys: new Set(),
    voided: [],
    assets: new Map(),
    roles: new Map(),
    kinds: new Map(),
    definitions: new Map(),
    protocols: new Map(),
    versions: new Map(),
    verified: new Map(),
    given: new Set(),
  };
}

/** Name of the root key. */
export function rootKid(derivation: Derivation): string {
  return thumbprint(derivation.rootKey);
}

/** An agency that belongs to the federation now. */
export function findMember(derivation: Derivation, code: string): RegisteredAgency | undefined {
  const agency = derivation.agencies.get(code);
  return agency?.endedAt === undefined ? agency : undefined;
}

/** True where a signature still stands: its agency has belonged to the federation ever since. */
export function stillStands(derivation: Derivation, signature: VerifiedSignature): boolean {
  const agency = findMember(derivation, signature.agency);
  return agency !== undefined && agency.admittedAt < signature.position;
}

/** True where the agency is a party whose signature stands, or joined by an accession of which both signatures do. */
export function belongsTo(derivation: Derivation, record: ProtocolRecord, agency: string): boolean {
  const signature = record.signatures.get(agency);
  return (signature !== undefined && stillStands(derivation, signature)) || accessionStands(derivation, record, agency);
}

/** True while both signatures of an agency's accession stand. */
export function accessionStands(derivation: Derivation, { acceded }: ProtocolRecord, agency: string): boolean {
  return acceded.get(agency)?.signatures.every((one) => stillStands(derivation, one)) === true;
}
