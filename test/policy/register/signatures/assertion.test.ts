import { describe, expect, it } from '@jest/globals';
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { type Signature, types } from '../../../../policy/register/signatures/flattened.ts';
import { generateKey } from '../../../../policy/register/signatures/generate.ts';
import { challengeOf, verifyOfficerSignature } from '../../../../policy/register/signatures/officer.ts';
import { type PublicKey, publicPart } from '../../../../policy/register/signatures/keys.ts';
import { signProtocol } from '../../../../policy/register/events/sign.ts';
import { aPasskey, type Assertive, assertFor, withAssertion } from '../../../support/idp/passkey.ts';
import { testNow } from '../../../support/policy/federation.ts';

const bytes = Buffer.from('{"a":1}');
const signer = { agency: 'RTD', officer: 'o', capacity: 'dpo' as const, key: generateKey() };
const signature = await signProtocol({ ...signer, document: bytes, time: testNow });
const passkey = aPasskey();

/** Verifies what the service's key signed, with this passkey's answer beside it. */
const verifyAnswered = (answered: Signature, by = passkey) => {
  const held = { jwk: publicPart(signer.key), held: 'service' as const, passkey: by.entry };
  return verifyOfficerSignature(answered, bytes, held, types.protocol);
};

describe('an officer’s passkey answers for what the service’s key signs:', () => {
  it.each(['ES256', 'EdDSA'] as const)('with %s', async (algorithm) => {
    const own = aPasskey(algorithm);
    await expect(verifyAnswered(withAssertion(signature, bytes, own), own)).resolves.toMatchObject({ with: 'passkey' });
  });

  it.each([
    ['wayleave.example', 'https://wayleave.example'],
    ['wayleave.example', 'https://sign.wayleave.example'],
    ['wayleave.example', 'https://wayleave.example:8443'],
    ['localhost', 'http://localhost:4000'],
  ])('for %s on %s', async (rpId, origin) => {
    const own = aPasskey('ES256', rpId);
    await verifyAnswered(withAssertion(signature, bytes, own, { origin }), own);
  });

  const cases: [string, RegExp, Assertive][] = [
    ['made when a passkey was registered', /asked for something else/, { type: 'webauthn.create' }],
    ['for another text', /another text/, { challenge: challengeOf(signature.protected, Buffer.from('{"a":2}')) }],
    ['for another header', /another text/, { challenge: challengeOf(`${signature.protected}A`, bytes) }],
    ['on another site', /another site/, { origin: 'https://wayleave.example.evil.example' }],
    ['on a site whose name ends alike', /another site/, { origin: 'https://notwayleave.example' }],
    ['without TLS', /another site/, { origin: 'http://wayleave.example' }],
    ['on no site', /another site/, { origin: 'null' }],
    ['on a site with a path', /another site/, { origin: 'https://wayleave.example/evil' }],
    ['inside a page of another site', /another site/, { crossOrigin: true }],
    ['for another site’s passkey', /another site/, { rpId: 'evil.example' }],
    ['with nobody present', /nobody was present/, { flags: 0x04 }],
    ['without verifying the user', /did not verify who/, { flags: 0x01 }],
    ['by another passkey', /does not match the officer’s passkey/, { by: generateKey('ES256') }],
    ['by a key of another kind', /does not match the officer’s passkey/, { by: generateKey('EdDSA') }],
  ];
  it.each(cases)('not %s', async (_, why, changes) => {
    await expect(verifyAnswered(withAssertion(signature, bytes, passkey, changes))).rejects.toThrow(why);
  });

  it.each([
    ['client data that is no JSON', { client_data: Buffer.from('{').toString('base64url') }],
    [
      'client data with a key twice',
      { client_data: Buffer.from('{"type":"webauthn.get","type":"webauthn.get"}').toString('base64url') },
    ],
    ['an authenticator’s data cut short', { authenticator_data: 'AAAA' }],
    ['a signature cut short', { signature: 'AAAA' }],
  ])('not %s', async (_, changes) => {
    const assertion = { ...assertFor(signature, bytes, passkey), ...changes };
    await expect(verifyAnswered({ ...signature, assertion })).rejects.toMatchObject({
      code: 'signature-not-valid',
    });
  });

  it('no single bit of it can be changed', async () => {
    const assertion = assertFor(signature, bytes, passkey);
    for (const part of ['authenticator_data', 'client_data', 'signature'] as const) {
      const raw = Buffer.from(assertion[part], 'base64url');
      for (let at = 0; at < raw.length; at += 7) {
        const changed = Buffer.from(raw);
        changed[at] = (changed[at] ?? 0) ^ 1;
        const altered = { ...signature, assertion: { ...assertion, [part]: changed.toString('base64url') } };
        await expect(verifyAnswered(altered)).rejects.toThrow();
      }
    }
  });
});

describe('an officer’s signature', () => {
  const jwk = publicPart(signer.key);

  it('by a key that the service holds counts with the passkey alone', async () => {
    const held = { jwk, held: 'service' as const, passkey: passkey.entry };
    const sealed = withAssertion(signature, bytes, passkey);
    expect(await verifyOfficerSignature(sealed, bytes, held, types.protocol)).toMatchObject({ with: 'passkey' });
    await expect(verifyOfficerSignature(signature, bytes, held, types.protocol)).rejects.toMatchObject({
      code: 'sealed-by-service',
    });
    await expect(verifyOfficerSignature(sealed, bytes, { jwk, held: 'service' }, types.protocol)).rejects.toMatchObject(
      { code: 'sealed-by-service' },
    );
    const other = { ...sealed, signature: `${sealed.signature.slice(0, -4)}AAAA` };
    await expect(verifyOfficerSignature(other, bytes, held, types.protocol)).rejects.toThrow(/does not match the text/);
  });

  it('by a key in the agency’s hands needs none, and carries none', async () => {
    expect(await verifyOfficerSignature(signature, bytes, { jwk }, types.protocol)).toMatchObject({
      with: 'agency-key',
    });
    const needless = withAssertion(signature, bytes, passkey);
    await expect(verifyOfficerSignature(needless, bytes, { jwk }, types.protocol)).rejects.toThrow(
      /carries an assertion/,
    );
  });
});

describe('the verification of an assertion agrees with @simplewebauthn/server', () => {
  const cases: [string, Assertive][] = [
    ['one that counts', {}],
    ['one for another text', { challenge: challengeOf('A', bytes) }],
    ['one on another site', { origin: 'https://evil.example' }],
    ['one for another site', { rpId: 'evil.example' }],
    ['one without verifying the user', { flags: 0x01 }],
    ['one by another passkey', { by: generateKey('ES256') }],
    ['one made at registration', { type: 'webauthn.create' }],
  ];
  it.each(cases)('on %s', async (_, changes) => {
    const assertion = assertFor(signature, bytes, passkey, changes);
    const theirs = await verifyAuthenticationResponse({
      response: {
        id: passkey.entry.credential_id,
        rawId: passkey.entry.credential_id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          authenticatorData: assertion.authenticator_data,
          clientDataJSON: assertion.client_data,
          signature: assertion.signature,
        },
      },
      expectedChallenge: challengeOf(signature.protected, bytes),
      expectedOrigin: 'https://wayleave.example',
      expectedRPID: passkey.entry.rp_id,
      requireUserVerification: true,
      credential: { id: passkey.entry.credential_id, publicKey: cose(passkey.entry.jwk), counter: 0 },
    }).then(
      ({ verified }) => verified,
      () => false,
    );
    const ours = await verifyAnswered({ ...signature, assertion }).then(
      () => true,
      () => false,
    );
    expect(ours).toBe(theirs);
    expect(ours).toBe(Object.keys(changes).length === 0);
  });
});

/** RFC 9053: an EC2 key for ES256. */
function cose(jwk: PublicKey): Uint8Array<ArrayBuffer> {
  if (jwk.kty !== 'EC') throw new TypeError('an ES256 key');
  const coordinate = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64url'));
  const members: [number, number | Uint8Array][] = [
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, coordinate(jwk.x)],
    [-3, coordinate(jwk.y)],
  ];
  return isoCBOR.encode(new Map(members));
}
