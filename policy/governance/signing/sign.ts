/** An officer signs with their passkey: the service's key signs first, and counts only with the passkey's answer beside it. */
import type { ActingPerson } from '../../../directory/actor.ts';
import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { originOf, requestOptions, siteOf } from '../../../platform/webauthn/assertion.ts';
import { PolicyError } from '../../errors.ts';
import type { Officer } from '../../register/chain/state.ts';
import type { Capacity } from '../../register/signatures/capacity.ts';
import { hashOf } from '../../register/signatures/canonical.ts';
import { Assertion, type Header, headerOf, notValid, signFlattened } from '../../register/signatures/flattened.ts';
import { challengeOf, verifyOfficerSignature } from '../../register/signatures/officer.ts';
import type { PublicKey } from '../../register/signatures/keys.ts';
import { type Ceremony, getCeremony, keepCeremony, type Signatory, takeCeremony } from './ceremony.ts';
import { findMeans, type KeyContext, type Means, memberOf, stateOf } from './context.ts';
import { openHeldKey } from './held_keys.ts';
import type { SignedBytes, Subject } from './kinds/kind.ts';
import { kinds, type SigningKind } from './kinds/table.ts';

/** What somebody is about to sign: canonical bytes. `about`: the draft that is signed, or the accession that is countersigned. */
export type ToSign = { kind: SigningKind; capacity: Capacity; bytes: Uint8Array; about?: string };

/** What was signed, ready to be handed in. */
type Signed = SignedBytes & { kind: SigningKind };

/** What stands before the officer while the passkey is asked. */
export type Asked = {
  kind: SigningKind;
  /** What `navigator.credentials.get` takes. */
  options: PublicKeyCredentialRequestOptionsJSON;
  subject: Subject;
  bytes: Uint8Array;
  /** SHA-256 of the bytes, base64url. */
  hash: string;
  header: Header;
  endsAt: number;
};

/**
 * Prepares a signature and keeps it for five minutes; returns the ceremony's id. The challenge is SHA-256 of the JWS signing
 * input, so the passkey answers for this text, officer, capacity and time alone. Throws `no-passkey`, `capacity-missing`.
 */
export async function prepareSigning(context: KeyContext, who: Signatory, toSign: ToSign): Promise<string> {
  const { kind, capacity, bytes, about } = toSign;
  const { officer, key } = requirePasskey(context, who);
  if (!officer.capacities.includes(capacity)) {
    throw new PolicyError('forbidden', 'capacity-missing', `The register does not give you the capacity ${capacity}.`);
  }
  kinds[kind].read(bytes); // nothing is signed that could not be handed in
  const held = await openHeldKey(context, who.agency, key.kid);
  if (held === undefined) throw noPasskey('the service does not have the key that the register says it holds');
  const header = {
    typ: kinds[kind].type,
    iat: Math.floor(context.clock()),
    agency: who.agency,
    officer: who.practitioner,
    capacity,
  };
  const signature = await signFlattened(bytes, header, held);
  const challenge = challengeOf(signature.protected, bytes);
  return keepCeremony(context, who, { kind, challenge, bytes, signature, ...(about !== undefined && { about }) });
}

/** What is being signed, for the page that asks the passkey. Throws `ceremony-over`. */
export async function getAsked(context: KeyContext, who: Signatory, id: string): Promise<Asked> {
  const { kind, bytes, signature, challenge, endsAt } = signing(await getCeremony(context, who, id));
  const { officer } = requirePasskey(context, who);
  const site = siteOf(context.config.baseUrl);
  return {
    kind,
    subject: kinds[kind].read(bytes),
    bytes,
    hash: hashOf(bytes),
    header: headerOf(signature),
    endsAt,
    options: requestOptions(site, challenge, officer.passkey?.credential_id ?? ''),
  };
}

/**
 * Takes the passkey's answer, once: whatever comes of it, the ceremony is over. Returns what was signed, to be handed in.
 * Throws `ceremony-over`, `signature-not-valid`.
 */
export async function completeSigning(
  context: KeyContext,
  who: Signatory,
  id: string,
  response: AuthenticationResponseJSON,
): Promise<Signed> {
  const { kind, bytes, signature: sealed, about } = signing(await takeCeremony(context, who, id));
  const { officer, key } = requirePasskey(context, who);
  const signature = { ...sealed, assertion: readAnswer(context, officer, response) };
  const known = { jwk: key.jwk as PublicKey, held: key.held, passkey: officer.passkey };
  await verifyOfficerSignature(signature, bytes, known, kinds[kind].type);
  return { kind, bytes, signature, ...(about !== undefined && { about }) };
}

/** Hands in what was signed, with a passkey here or with a key of one's own elsewhere. Says what it was about. */
export async function handIn(context: KeyContext, actor: ActingPerson, { kind, ...signed }: Signed): Promise<Subject> {
  const subject = kinds[kind].read(signed.bytes);
  await kinds[kind].handIn(context, actor, signed);
  return subject;
}

// The register's own verification asks for the site; here it is the one origin that this service answers on.
function readAnswer(context: KeyContext, officer: Officer, { id, response }: AuthenticationResponseJSON): Assertion {
  if (id !== officer.passkey?.credential_id) throw notValid('another passkey answered than the one in the register');
  const { authenticatorData, clientDataJSON, signature } = response;
  const parsed = Assertion.safeParse({
    authenticator_data: authenticatorData,
    client_data: clientDataJSON,
    signature,
  });
  if (!parsed.success) throw notValid('what the passkey answered cannot be read', parsed.error);
  if (originOf(parsed.data) !== siteOf(context.config.baseUrl).origin)
    throw notValid('the passkey answered on another site');
  return parsed.data;
}

function requirePasskey(context: KeyContext, who: ActingPerson): Means {
  memberOf(context, who.agency);
  const means = findMeans(stateOf(context), who);
  if (means === undefined) throw noPasskey('the register does not name you as an officer with a current key');
  if (means.by !== 'passkey') throw noPasskey('the register names a key that you hold yourself: sign with that');
  if (means.officer.passkey === undefined) throw noPasskey('the register names no passkey of yours');
  return means;
}

function signing(ceremony: Ceremony) {
  const { kind, bytes, signature } = ceremony;
  if (kind === 'enrolment' || bytes === undefined || signature === undefined) {
    throw notValid('the passkey was asked for something else');
  }
  return { ...ceremony, kind, bytes, signature };
}

function noPasskey(why: string): PolicyError {
  return new PolicyError('conflict', 'no-passkey', `You cannot sign with a passkey: ${why}.`);
}
