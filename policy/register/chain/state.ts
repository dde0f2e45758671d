/** What the register says: derived from the verified chain alone, never from tables. */
import type { JWK } from 'jose';
import type { AssetDefinition, KindDefinition, Party, Protocol, RoleDefinition } from '../protocols/document.ts';
import type { Registered } from '../protocols/terms.ts';
import type { Capacity } from '../signatures/capacity.ts';
import type { Passkey } from '../signatures/keys.ts';

/** Times are epoch seconds; `position` is the sequence number of the event that made it so. */
export type AgencyKey = {
  /** The key's RFC 7638 thumbprint, so that a name cannot be borrowed. */
  kid: string;
  jwk: JWK;
  alg: 'EdDSA' | 'ES256';
  /** What it may sign: the agency's keys and officers, or what its officers sign. Never both: nobody appoints themselves. */
  use: KeyUse;
  /** Absent: the agency holds it. */
  held?: 'service';
  from: number;
  revokedAt?: number;
  compromisedFrom?: number;
};
export type KeyUse = 'administration' | 'officer';

/** `kid` names the one key that this officer signs with. */
export type Officer = {
  practitioner: string;
  name: string;
  agency: string;
  capacities: Capacity[];
  kid: string;
  /** The passkey that must stand by what a key held by the service signs for them. */
  passkey?: Passkey;
  from: number;
  endedAt?: number;
};

export type RegisteredAgency = {
  code: string;
  name: string;
  kind: string;
  admittedAt: number;
  endedAt?: number;
  keys: Map<string, AgencyKey>;
  officers: Map<string, Officer>;
};

/** A signature that verified, by a key and an officer that were entitled to give it at that position. */
export type VerifiedSignature = {
  agency: string;
  officer: string;
  officerName: string;
  capacity: Capacity;
  kid: string;
  signedAt: number;
  position: number;
  /** What the officer answered with: a key in their agency's hands, or their passkey over what the service's key signed. */
  with: 'agency-key' | 'passkey';
};

/** An agency that joined a text after it was agreed. It receives what is open to accession; it holds nothing under it. */
export type Acceded = {
  agency: string;
  kind: string;
  party: Party;
  /** The agency's own signature and the host's countersignature. */
  signatures: [VerifiedSignature, VerifiedSignature];
  position: number;
  /** True while its officer has stopped it for this agency; the others go on. */
  suspended: boolean;
};

/** A signature that does not count, and why, in words. */
export type RejectedSignature = { agency: string; position: number; why: string };

export const protocolStatuses = [
  'awaiting-signatures',
  'not-yet-valid',
  'in-force',
  'expired',
  'suspended',
  'superseded',
  'withdrawn',
  'framework-not-in-force',
  'text-damaged',
] as const;
export type ProtocolStatus = (typeof protocolStatuses)[number];

export type RegisteredProtocol = {
  /** SHA-256 of the canonical bytes, base64url. */
  hash: string;
  /** The signed text as read. Of a text that is damaged nothing is known: such a protocol stands in `damaged` instead. */
  document: Protocol;
  /** The signatures that count now, one a party. */
  signatures: VerifiedSignature[];
  rejected: RejectedSignature[];
  /** Agencies that joined since, whose two signatures count now. */
  acceded: Acceded[];
  /** Parties whose signature is still to come. */
  unsigned: string[];
  /** Parties that left (it, its framework, or the federation): what they give and receive under it has ended. */
  withdrawn: string[];
  /** Parties whose officer stopped it until they sign again. */
  suspendedBy: string[];
  /** For an operational protocol: hash of the framework text it stands under now (a later version applies once signed). */
  framework?: string;
  status: ProtocolStatus;
};

/** What the chain itself says of a protocol whose text cannot be read. */
export type DamagedProtocol = { hash: string; id: string; version: number; signedBy: string[]; prohibits: boolean };

export type RegisterState = {
  federation: string;
  /** Sequence number (0 for an empty chain) and hash of the last event. */
  head: { sequence: number; hash: string };
  agencies: Map<string, RegisteredAgency>;
  assets: Map<string, Registered<AssetDefinition>>;
  roles: Map<string, Registered<RoleDefinition>>;
  kinds: Map<string, Registered<KindDefinition>>;
  /** Every definition ever published, by hash: what a protocol pins stays what it was when it was signed. */
  definitions: Map<string, Registered<AssetDefinition | RoleDefinition | KindDefinition>>;
  /** By hash of the text. */
  protocols: Map<string, RegisteredProtocol>;
  /** Signed protocols whose text in the database is missing or not what was signed. */
  damaged: Map<string, DamagedProtocol>;
  /** Epoch seconds at which a status above may next change by date alone; the state is derived again then. */
  nextBoundary?: number;
};

/** Something in the database that the signed chain does not say: a row edited by hand, a broken link, a missing text. */
export type RegisterProblem = { where: string; what: string; noticedAt: number };

/** The register as the rest of the service sees it. */
export type Register = {
  /** The last state that verified as a whole, or undefined while the chain does not verify: then nothing is in force. */
  state(): RegisterState | undefined;
  problems(): readonly RegisterProblem[];
  /** Epoch seconds of the last verification, whatever its outcome. */
  verifiedAt(): number;
  /** Reads and verifies the whole chain and its index tables again, now. */
  verify(): Promise<void>;
  close(): Promise<void>;
};
