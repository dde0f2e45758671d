/** An officer signs a protocol for their agency. */
import type { PolicyError } from '../../errors.ts';
import { checkProtocol } from '../protocols/check.ts';
import { endOfDay } from '../protocols/dates.ts';
import type { Protocol } from '../protocols/document.ts';
import { prohibits, type ReadProtocol } from '../protocols/read.ts';
import { type Header, headerOf, readHeader, signedInput, types } from '../signatures/flattened.ts';
import { type Derivation, type ProtocolRecord, stillStands } from '../chain/derivation.ts';
import { termsSoFar } from '../chain/terms.ts';
import type { EventOf } from '../chain/event.ts';
import { refuse } from '../chain/refuse.ts';
import { checkSignedAt, refuseCompromised, verifyOfficer } from '../chain/signer.ts';
import type { VerifiedSignature } from '../chain/state.ts';

/** The text that a protocol event is about: what it says, and its bytes where a signature is to be verified over them. */
export type Text = ReadProtocol & { bytes: Uint8Array | undefined };

/**
 * Verifies everything about a party's signature on a protocol; throws PolicyError where it does not count. `proved`: this
 * very signature verified before, and only what it rests on is looked at.
 */
export async function checkProtocolSigned(
  derivation: Derivation,
  event: EventOf<'protocol-signed'>,
  { hash, document, bytes }: Text,
  proved = false,
): Promise<VerifiedSignature> {
  const { data, sequence, time } = event;
  if (data.protocol !== hash || data.id !== document.id || data.version !== document.version) {
    throw refuse('invalid', 'wrong-text', 'The event names another protocol than the text that was signed.');
  }
  if (data.prohibits !== prohibits(document)) throw refuse('invalid', 'wrong-text', 'The event misstates the text.');
  if (derivation.given.has(signedInput(data.signature, hash))) {
    throw refuse('conflict', 'signature-replayed', 'This very signature was given before. Sign again.');
  }
  checkText(derivation, hash, document);
  checkCurrent(derivation, document, time);
  checkUnsigned(derivation, data.agency, hash);
  const header = proved ? headerOf(data.signature) : readHeader(data.signature);
  checkHeader(header, data.agency, document, time);
  refuseCompromised(derivation, header.kid, sequence);
  const given = { signature: data.signature, header, type: types.protocol, position: sequence };
  // What verified before was over a text of this hash, with the key of this thumbprint: both are the same now.
  return verifyOfficer(derivation, { ...given, bytes: proved ? undefined : whole(bytes) });
}

function whole(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw new TypeError('a signature is verified over bytes');
  return bytes;
}

// A text is checked against the register once, when its first signature arrives: what it pins cannot change afterwards.
function checkText(derivation: Derivation, hash: string, document: Protocol): void {
  if (derivation.protocols.get(hash)?.sound) return;
  const terms = termsSoFar(derivation);
  const namesake = terms.listVersions(document.id).find((one) => one.version === document.version && one.hash !== hash);
  if (namesake !== undefined && namesake.signedBy.length > 0) {
    throw refuse(
      'conflict',
      'version-known',
      `Another text of ${document.id} version ${document.version} is signed. Give this one the next number.`,
    );
  }
  const issues = checkProtocol(document, terms);
  if (issues.length > 0)
    throw refuse('invalid', 'protocol-not-sound', 'The protocol cannot be signed as it stands.', issues);
}

/** Refuses a text that has expired, or whose place a later version has taken. */
export function checkCurrent(derivation: Derivation, document: Protocol, time: number): void {
  if (endOfDay(document.valid.until) <= time) throw refuse('conflict', 'protocol-expired', 'The protocol has expired.');
  const later = (derivation.versions.get(document.id) ?? [])
    .map((one) => derivation.protocols.get(one))
    .find((one) => one !== undefined && one.version > document.version && one.completedAt !== undefined);
  if (later !== undefined) {
    throw refuse(
      'conflict',
      'protocol-superseded',
      `Version ${later.version} has taken the place of this one. Sign that.`,
    );
  }
}

function checkUnsigned(derivation: Derivation, agency: string, hash: string): void {
  const record = derivation.protocols.get(hash);
  const before = record?.signatures.get(agency);
  if (before !== undefined && stillStands(derivation, before) && !record?.suspended.has(agency)) {
    throw refuse('conflict', 'already-signed', `${agency} has signed this protocol.`);
  }
}

function checkHeader(header: Header, agency: string, document: Protocol, time: number): void {
  const party = document.parties.find((one) => one.agency === agency);
  if (party === undefined) throw refuse('forbidden', 'not-a-party', `${agency} is not a party to this protocol.`);
  if (header.agency !== agency) throw refuse('forbidden', 'wrong-agency', `The signature is not one of ${agency}.`);
  if (header.capacity !== party.signs_as) {
    throw refuse('forbidden', 'capacity-missing', `For ${agency} this protocol must be signed as ${party.signs_as}.`);
  }
  checkSignedAt(header, time);
}

/** Notes a signature that counts. */
export function applyProtocolSigned(
  derivation: Derivation,
  event: EventOf<'protocol-signed'>,
  document: Protocol,
  signature: VerifiedSignature,
): void {
  const record = recordOf(derivation, event);
  record.document = document;
  record.sound = true;
  derivation.given.add(signedInput(event.data.signature, record.hash));
  record.signatures.set(signature.agency, signature);
  record.suspended.delete(signature.agency);
  record.withdrawn.delete(signature.agency);
  const signed = (agency: string): boolean => {
    const one = record.signatures.get(agency);
    return record.withdrawn.has(agency) || (one !== undefined && stillStands(derivation, one));
  };
  if (document.parties.every(({ agency }) => signed(agency))) record.completedAt ??= event.sequence;
}

const unsound = ['wrong-text', 'signature-replayed', 'version-known', 'protocol-not-sound'];

/** Notes a signature that does not count, and why. */
export function applyRejected(
  derivation: Derivation,
  event: EventOf<'protocol-signed'>,
  document: Protocol,
  error: PolicyError,
): void {
  const record = recordOf(derivation, event);
  record.document = document;
  record.sound ||= !unsound.includes(error.code);
  record.rejected.push({ agency: event.data.agency, position: event.sequence, why: error.message });
}

/** Notes a signature that cannot be verified, because the text that it is over is gone. */
export function applyUnreadable(derivation: Derivation, event: EventOf<'protocol-signed'>): void {
  recordOf(derivation, event).unverified.add(event.data.agency);
}

function recordOf(derivation: Derivation, { data, sequence }: EventOf<'protocol-signed'>): ProtocolRecord {
  const known = derivation.protocols.get(data.protocol);
  if (known !== undefined) return known;
  const record: ProtocolRecord = {
    hash: data.protocol,
    id: data.id,
    version: data.version,
    prohibits: data.prohibits,
    position: sequence,
    sound: false,
    document: undefined,
    signatures: new Map(),
    rejected: [],
    unverified: new Set(),
    suspended: new Map(),
    withdrawn: new Map(),
    acceded: new Map(),
    unverifiedAccessions: new Set(),
  };
  derivation.protocols.set(record.hash, record);
  derivation.versions.set(record.id, [...(derivation.versions.get(record.id) ?? []), record.hash]);
  return record;
}
