/** An officer's passkey: what a browser and an authenticator would make, with whatever an attacker would change. */
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { challengeOf } from '../../../policy/register/signatures/officer.ts';
import type { Assertion, PrivateKey, Signature } from '../../../policy/register/signatures/flattened.ts';
import { generateKey } from '../../../policy/register/signatures/generate.ts';
import { type Passkey, publicPart } from '../../../policy/register/signatures/keys.ts';

export type TestPasskey = { key: PrivateKey; entry: Passkey };

export function aPasskey(algorithm: 'EdDSA' | 'ES256' = 'ES256', rpId = 'wayleave.example'): TestPasskey {
  const key = generateKey(algorithm);
  return { key, entry: { credential_id: 'Y3JlZGVudGlhbA', jwk: publicPart(key), rp_id: rpId } };
}

/** What differs from an assertion that counts. `flags`: 1 user present, 4 user verified. */
export type Assertive = {
  type?: string;
  challenge?: string;
  origin?: string;
  crossOrigin?: boolean;
  rpId?: string;
  flags?: number;
  by?: PrivateKey;
};

/** The passkey's answer to what a signature covers. */
export function assertFor(
  { protected: header }: Pick<Signature, 'protected'>,
  bytes: Uint8Array,
  passkey: TestPasskey,
  changes: Assertive = {},
): Assertion {
  const rpId = passkey.entry.rp_id;
  const client = {
    type: changes.type ?? 'webauthn.get',
    challenge: changes.challenge ?? challengeOf(header, bytes),
    origin: changes.origin ?? `https://${rpId}`,
    crossOrigin: changes.crossOrigin ?? false,
  };
  const clientData = Buffer.from(JSON.stringify(client));
  const authenticatorData = Buffer.concat([
    sha256(Buffer.from(changes.rpId ?? rpId)),
    Buffer.from([changes.flags ?? 0x05, 0, 0, 0, 0]),
  ]);
  const input = Buffer.concat([authenticatorData, sha256(clientData)]);
  return {
    authenticator_data: authenticatorData.toString('base64url'),
    client_data: clientData.toString('base64url'),
    signature: signWith(input, changes.by ?? passkey.key).toString('base64url'),
  };
}

/** The signature with the passkey's answer beside it. */
export function withAssertion(
  signature: Signature,
  bytes: Uint8Array,
  passkey: TestPasskey,
  changes?: Assertive,
): Signature {
  return { ...signature, assertion: assertFor(signature, bytes, passkey, changes) };
}

function signWith(input: Buffer, key: PrivateKey): Buffer {
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  return key.kty === 'OKP' ? sign(null, input, privateKey) : sign('sha256', input, privateKey);
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
