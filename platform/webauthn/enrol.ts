/** Enrolling a passkey (Web Authentication Level 3, section 7.1), for whoever keeps it: nothing here knows whose it is, or what for. */
import {
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type RegistrationResponseJSON,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { COSEALG, cose, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers';
import type { Site } from './assertion.ts';

/** A passkey as its authenticator gave it: the credential's id in base64url, and the public key as a JWK. */
type NewPasskey = { id: string; jwk: { kty: string; crv: string; x: string; y?: string } };

/** EdDSA with Ed25519, and ECDSA with P-256. */
const algorithms = [COSEALG.EdDSA, COSEALG.ES256];

/** What `navigator.credentials.create` takes. User verification is required, attestation is not asked for. `known`: ids to leave out. */
export function creationOptions(
  { domain }: Site,
  name: { account: string; shown: string },
  known: readonly string[],
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  return generateRegistrationOptions({
    rpName: 'Wayleave',
    rpID: domain,
    userName: name.account,
    userDisplayName: name.shown,
    attestationType: 'none',
    supportedAlgorithmIDs: algorithms,
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    excludeCredentials: known.map((id) => ({ id })),
  });
}

/** What was enrolled; throws where it is not an answer to this challenge, on this site, by somebody who was verified. */
export async function verifyEnrolment(
  { domain, origin }: Site,
  challenge: string,
  response: RegistrationResponseJSON,
): Promise<NewPasskey> {
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: domain,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  });
  if (!verified) throw new Error('not verified');
  const { id, publicKey } = registrationInfo.credential;
  return { id, jwk: toJwk(publicKey) };
}

/** A public key as authenticators write it (COSE, RFC 9052), as a JWK. */
function toJwk(bytes: Uint8Array<ArrayBuffer>): NewPasskey['jwk'] {
  const key = decodeCredentialPublicKey(bytes);
  const { crv, x, y } = cose.COSEKEYS;
  if (cose.isCOSEPublicKeyOKP(key) && key.get(crv) === cose.COSECRV.ED25519) {
    return { kty: 'OKP', crv: 'Ed25519', x: text(key.get(x)) };
  }
  if (cose.isCOSEPublicKeyEC2(key) && key.get(crv) === cose.COSECRV.P256) {
    return { kty: 'EC', crv: 'P-256', x: text(key.get(x)), y: text(key.get(y)) };
  }
  throw new TypeError('a passkey has an Ed25519 or a P-256 key');
}

function text(bytes: Uint8Array = new Uint8Array()): string {
  return Buffer.from(bytes).toString('base64url');
}
