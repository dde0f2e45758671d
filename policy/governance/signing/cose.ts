/** A passkey's public key as its authenticator writes it (COSE, RFC 9052), as the register keeps it (JWK). */
import { COSEALG, cose, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers';
import { PublicKey } from '../../register/signatures/keys.ts';

/** The algorithms that the register knows: EdDSA with Ed25519, and ECDSA with P-256. */
export const algorithms = [COSEALG.EdDSA, COSEALG.ES256];

/** Throws ZodError for a key of another kind. */
export function toJwk(bytes: Uint8Array<ArrayBuffer>): PublicKey {
  const key = decodeCredentialPublicKey(bytes);
  const { crv, x, y } = cose.COSEKEYS;
  if (cose.isCOSEPublicKeyOKP(key) && key.get(crv) === cose.COSECRV.ED25519) {
    return PublicKey.parse({ kty: 'OKP', crv: 'Ed25519', x: text(key.get(x)) });
  }
  if (cose.isCOSEPublicKeyEC2(key) && key.get(crv) === cose.COSECRV.P256) {
    return PublicKey.parse({ kty: 'EC', crv: 'P-256', x: text(key.get(x)), y: text(key.get(y)) });
  }
  return PublicKey.parse(undefined);
}

function text(bytes: Uint8Array = new Uint8Array()): string {
  return Buffer.from(bytes).toString('base64url');
}
