/** A browser and its authenticator in a few lines: what `navigator.credentials` would answer, with whatever an attacker would change. */
import { createHash, randomBytes } from 'node:crypto';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import type { Asked } from '../../../policy/governance/signing/sign.ts';
import { type Assertive, assertFor, aPasskey, type TestPasskey } from './passkey.ts';

/** A new passkey for the site, with a credential id of its own. */
export function aNewPasskey(): TestPasskey {
  const { key, entry } = aPasskey('ES256', 'localhost');
  return { key, entry: { ...entry, credential_id: randomBytes(16).toString('base64url') } };
}

/** What creating it answers: attestation none (WebAuthn section 8.7). */
export function registrationOf(
  passkey: TestPasskey,
  challenge: string,
  origin: string,
  { flags = 0x45, rpId = 'localhost' }: { flags?: number; rpId?: string } = {},
): RegistrationResponseJSON {
  const { credential_id: id, jwk } = passkey.entry;
  const credential = Buffer.from(id, 'base64url');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(credential.length);
  const authData = Buffer.concat([
    createHash('sha256').update(rpId).digest(),
    Buffer.from([flags, 0, 0, 0, 0]),
    Buffer.alloc(16),
    length,
    credential,
    coseOf(jwk),
  ]);
  const attestation = isoCBOR.encode(
    new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', new Uint8Array(authData)],
    ]) as never,
  );
  const client = Buffer.from(JSON.stringify({ type: 'webauthn.create', challenge, origin, crossOrigin: false }));
  return {
    id,
    rawId: id,
    type: 'public-key',
    clientExtensionResults: {},
    response: {
      clientDataJSON: client.toString('base64url'),
      attestationObject: Buffer.from(attestation).toString('base64url'),
    },
  };
}

/** What asking it answers. */
export function answerOf(
  { options, bytes }: Asked,
  passkey: TestPasskey,
  origin: string,
  changes: Assertive & { id?: string } = {},
): AuthenticationResponseJSON {
  const { id = passkey.entry.credential_id, ...rest } = changes;
  const asserted = assertFor({ protected: '' }, bytes, passkey, { challenge: options.challenge, origin, ...rest });
  return {
    id,
    rawId: id,
    type: 'public-key',
    clientExtensionResults: {},
    response: {
      authenticatorData: asserted.authenticator_data,
      clientDataJSON: asserted.client_data,
      signature: asserted.signature,
    },
  };
}

function coseOf(jwk: TestPasskey['entry']['jwk']): Buffer {
  if (jwk.kty !== 'EC') throw new TypeError('only P-256 is written here');
  const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64url'));
  const key = new Map<number, unknown>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, bytes(jwk.x)],
    [-3, bytes(jwk.y)],
  ]);
  return Buffer.from(isoCBOR.encode(key as never));
}
