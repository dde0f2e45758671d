/** Who may sign which event, and whether this signature is theirs. */
import { clocksApartSeconds } from '../../../platform/clock.ts';
import { canonicalBytes } from '../../../platform/json.ts';
import {
  type Header,
  readHeader,
  type Signature,
  type SignatureType,
  verifyFlattened,
} from '../signatures/flattened.ts';
import type { PublicKey } from '../signatures/keys.ts';
import { answeredWith, verifyOfficerSignature } from '../signatures/officer.ts';
import type { Link } from './chain.ts';
import { type Derivation, findMember, rootKid } from './derivation.ts';
import { refuse, VoidEvent } from './refuse.ts';
import type { AgencyKey, KeyUse, Officer, VerifiedSignature } from './state.ts';

/**
 * Who signs an event: the federation's root key, an agency's administration, or one of its officers. `removes`: it only takes
 * rights away, so it stands even if its key turns out to have been compromised by then.
 */
export type SignerRule = { as: SignatureType; by: ('root' | 'administration' | 'officer')[]; removes?: true };

/** A signature made away from the service may reach it a week later. One on an event is made on the spot. */
const underwaySeconds = 7 * 86_400;

/** `held`: an administration key that the service holds. */
export type Signer = { header: Header; held?: 'service' };

/** Finds who signed the event and verifies that they could; throws in words why not, or VoidEvent. */
export async function verifySigner(derivation: Derivation, link: Link, rule: SignerRule): Promise<Signer> {
  const { event } = link;
  const [signature] = link.signatures;
  if (signature === undefined) throw refuse('invalid', 'signature-missing', 'The event is not signed.');
  const header = readHeader(signature);
  const bytes = canonicalBytes(event);
  if (Math.abs(header.iat - event.time) > clocksApartSeconds) {
    throw refuse(
      'invalid',
      'signature-time',
      'The signature’s time lies more than five minutes from the event’s. Sign again.',
    );
  }
  if (header.agency === undefined) {
    if (!rule.by.includes('root')) throw notEntitled('The federation’s root key', event.type);
    if (header.kid !== rootKid(derivation)) throw unknownKey('It is not the federation’s root key');
    await verifyFlattened(signature, bytes, derivation.rootKey, rule.as);
    return { header };
  }
  if (header.agency !== event.data.agency) {
    throw refuse('forbidden', 'wrong-agency', `${header.agency} cannot sign what concerns another agency.`);
  }
  const use: KeyUse = rule.by.includes('officer') ? 'officer' : 'administration';
  if (!rule.by.includes(use)) throw notEntitled(`A key of ${header.agency}`, event.type);
  if (rule.removes === undefined) refuseCompromised(derivation, header.kid, event.sequence);
  if (use === 'officer') {
    await verifyOfficer(derivation, { signature, header, bytes, type: rule.as, position: event.sequence });
    return { header };
  }
  const key = getKey(derivation, header, use);
  await verifyFlattened(signature, bytes, key.jwk as PublicKey, rule.as);
  return { header, ...(key.held && { held: key.held }) };
}

/** `bytes` undefined: this very signature verified before, and only what it rests on is looked at. */
type OfficerSignature = {
  signature: Signature;
  header: Header;
  bytes: Uint8Array | undefined;
  type: SignatureType;
  position: number;
};

/** Verifies an officer's signature with the key, the capacity and the passkey that the register knows; throws in words. */
export async function verifyOfficer(derivation: Derivation, given: OfficerSignature): Promise<VerifiedSignature> {
  const { signature, header, bytes, type, position } = given;
  const key = getKey(derivation, header, 'officer');
  const officer = getOfficer(derivation, header);
  const known = { jwk: key.jwk as PublicKey, held: key.held, passkey: officer.passkey };
  const answered =
    bytes === undefined
      ? answeredWith(signature, known)
      : (await verifyOfficerSignature(signature, bytes, known, type)).with;
  return {
    agency: officer.agency,
    officer: officer.practitioner,
    officerName: officer.name,
    capacity: header.capacity ?? 'director',
    kid: key.kid,
    signedAt: header.iat,
    position,
    with: answered,
  };
}

/** Refuses a signature on a document that was made too long before the event, or after it. */
export function checkSignedAt({ iat }: Header, time: number): void {
  if (iat >= time - underwaySeconds && iat <= time + clocksApartSeconds) return;
  throw refuse(
    'invalid',
    'signature-time',
    'The signature was made more than seven days ago, or in the future. Sign again.',
  );
}

/** The key that a header names, among the keys of the agency that it names; throws unless it may sign this now. */
function getKey(derivation: Derivation, header: Header, use: KeyUse): AgencyKey {
  if (derivation.voidKeys.has(header.kid)) throw new VoidEvent('The key was registered with a compromised one.');
  const agency = findMember(derivation, header.agency ?? '');
  if (agency === undefined) {
    throw refuse('forbidden', 'unknown-agency', `${header.agency} does not belong to the federation.`);
  }
  const key = agency.keys.get(header.kid);
  if (key === undefined) throw unknownKey(`It is no key of ${agency.code}`);
  if (key.revokedAt !== undefined) {
    throw refuse('forbidden', 'key-revoked', `The key was revoked by event ${key.revokedAt}. Sign with a current one.`);
  }
  if (key.use !== use) {
    throw refuse(
      'forbidden',
      'key-use',
      `This key of ${agency.code} is for use by its ${key.use === 'officer' ? 'officers' : 'administration'} only.`,
    );
  }
  return key;
}

/** The officer that a header names; throws unless they hold that capacity now and this is their own key. */
function getOfficer(derivation: Derivation, header: Header): Officer {
  const { agency, officer: practitioner, capacity, kid } = header;
  const officer = derivation.agencies.get(agency ?? '')?.officers.get(practitioner ?? '');
  if (officer === undefined) {
    throw refuse('forbidden', 'unknown-officer', `The register knows no such officer of ${agency}.`);
  }
  if (officer.endedAt !== undefined) {
    throw refuse('forbidden', 'officer-ended', `This officer’s appointment was ended by event ${officer.endedAt}.`);
  }
  if (capacity === undefined || !officer.capacities.includes(capacity)) {
    throw refuse(
      'forbidden',
      'capacity-missing',
      `This officer of ${agency} does not hold the capacity ${capacity ?? '(none named)'}.`,
    );
  }
  if (officer.kid !== kid)
    throw refuse('forbidden', 'not-their-key', 'This is not the key that the officer signs with.');
  return officer;
}

/** Throws VoidEvent where the key counts as compromised at that position. */
export function refuseCompromised(derivation: Derivation, kid: string, position: number): void {
  const from = derivation.compromises.get(kid);
  if (from !== undefined && position >= from) {
    throw new VoidEvent(`The key counts as compromised from event ${from} on.`);
  }
}

function notEntitled(who: string, type: string): Error {
  return refuse('forbidden', 'not-entitled', `${who} cannot sign an event of type ${type}.`);
}

function unknownKey(what: string): Error {
  return refuse('forbidden', 'unknown-key', `The key is unknown. ${what}.`);
}
