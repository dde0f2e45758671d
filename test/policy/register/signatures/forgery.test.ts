import { beforeEach, describe, expect, it } from '@jest/globals';
import { protocolBytes } from '../../../../policy/register/protocols/read.ts';
import type { RegisteredProtocol } from '../../../../policy/register/chain/state.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import { Signature } from '../../../../policy/register/signatures/flattened.ts';
import { generateKey } from '../../../../policy/register/signatures/generate.ts';
import { publicPart, thumbprint } from '../../../../policy/register/signatures/keys.ts';
import { signProtocol } from '../../../../policy/register/events/sign.ts';
import { forge, forgeWithPublicKey, protocolHeader } from '../../../support/policy/forge.ts';
import {
  aFederation,
  appointOfficer,
  type Federation,
  officerEntry,
  signedData,
  testNow,
} from '../../../support/policy/federation.ts';
import { anOperationalProtocol, aFramework, type ProtocolInput } from '../../../support/policy/documents.ts';

let federation: Federation;
let framework: ProtocolInput;
let text: Uint8Array;
beforeEach(async () => {
  federation = await aFederation();
  framework = aFramework();
  text = protocolBytes(framework);
  federation.texts.set(hashOf(text), text);
});

/** Writes a signature for the council past every check, and says what the register makes of it. */
async function outcome(signature: Signature, document: ProtocolInput = framework): Promise<RegisteredProtocol> {
  await federation.append('protocol-signed', signedData(document, 'E08000037', signature));
  const protocol = (await federation.state()).protocols.get(hashOf(protocolBytes(document)));
  if (protocol === undefined) throw new Error('the register does not know the protocol');
  return protocol;
}

async function expectRefused(signature: Signature, why: RegExp, document: ProtocolInput = framework): Promise<void> {
  const protocol = await outcome(signature, document);
  expect(protocol.rejected.at(-1)?.why).toMatch(why);
  expect(protocol.unsigned).toContain('E08000037');
  expect(protocol.status).toBe('awaiting-signatures');
}

describe('a signature on a protocol', () => {
  it('counts when the officer makes it with the key that the register knows', async () => {
    const { council } = federation.agencies;
    const signature = forge(text, protocolHeader(council.officer, testNow), council.officer.key);
    expect(await outcome(signature)).toMatchObject({ rejected: [], unsigned: ['RTD', 'E23000007'] });
  });

  it('counts with an ES256 key as well', async () => {
    const { council } = federation.agencies;
    const key = generateKey('ES256');
    const by = { agency: council.code, key: council.administration };
    await federation.append(
      'key-added',
      { agency: council.code, key: { jwk: publicPart(key), use: 'officer' } },
      { by },
    );
    const signer = { ...council.officer, officer: 'with-es256', key };
    await federation.append('officer-appointed', { agency: council.code, officer: officerEntry(signer) }, { by });
    expect((await outcome(await signProtocol({ ...signer, document: text, time: testNow }))).rejected).toEqual([]);
  });
});

describe('a forged signature on a protocol is refused:', () => {
  const council = () => federation.agencies.council.officer;
  const forged = (changes: object) => forge(text, protocolHeader(council(), testNow, changes), council().key);

  it('one made for another purpose', () =>
    expectRefused(forged({ typ: 'wayleave-withdrawal+jws' }), /of type wayleave-withdrawal/));
  it('one of no known type', () => expectRefused(forged({ typ: 'JWT' }), /header/));
  it('one without a type', () => expectRefused(forged({ typ: undefined }), /header/));

  it('one that names a key which the register does not know', () => {
    const key = generateKey();
    return expectRefused(forge(text, protocolHeader({ ...council(), key }, testNow), key), /key is unknown/);
  });

  it('one that names the officer’s key and was made with another', () => {
    const header = protocolHeader(council(), testNow);
    return expectRefused(forge(text, header, generateKey()), /does not match the text and the key/);
  });

  it('one by a key of another agency', () => {
    const { key } = federation.agencies.health.officer;
    return expectRefused(forge(text, protocolHeader({ ...council(), key }, testNow), key), /no key of E08000037/);
  });

  it('one by the officer of another agency in their own name', async () => {
    const signer = federation.agencies.health.officer;
    await expectRefused(await signProtocol({ ...signer, document: text, time: testNow }), /not one of E08000037/);
  });

  it('one by the agency’s administration key', () => {
    const { administration: key } = federation.agencies.council;
    return expectRefused(forge(text, protocolHeader({ ...council(), key }, testNow), key), /administration only/);
  });

  it('one whose header names another algorithm than the key’s', () =>
    expectRefused(forged({ alg: 'ES256' }), /algorithm/));
  it('one that claims to need no algorithm', () => expectRefused(forged({ alg: 'none' }), /header/));

  it('one that uses the public key as a shared secret', () => {
    const header = protocolHeader(council(), testNow);
    return expectRefused(forgeWithPublicKey(text, header, publicPart(council().key)), /header/);
  });

  it.each(['jwk', 'jku', 'x5c', 'x5u'])('one that brings its own key in %s', async (name) => {
    const key = generateKey();
    const header = protocolHeader({ ...council(), key }, testNow, {
      [name]: name === 'jwk' ? publicPart(key) : 'https://keys.example',
    });
    await expectRefused(forge(text, header, key), /header/);
  });

  it.each([[['b64']], [['urn:unknown']], [[]]])('one with critical headers %j', (crit) =>
    expectRefused(forged({ crit, b64: true }), /header/),
  );

  it('one whose header says a thing twice', async () => {
    const header = JSON.stringify(protocolHeader(council(), testNow));
    await expectRefused(forge(text, { raw: header.replace('{', '{"capacity":"siro",') }, council().key), /header/);
  });

  it('one over the text with a single byte changed', () => {
    const changed = protocolBytes({ ...framework, retention: `${framework.retention} ` });
    return expectRefused(forge(changed, protocolHeader(council(), testNow), council().key), /does not match the text/);
  });

  it('one that was given to the version before', async () => {
    const signature = forged({});
    const second = { ...framework, version: 2 };
    federation.texts.set(hashOf(protocolBytes(second)), protocolBytes(second));
    await expectRefused(signature, /does not match the text/, second);
  });

  it('one that was given to another protocol', async () => {
    await federation.signByAll(framework);
    const other = anOperationalProtocol(framework);
    federation.texts.set(hashOf(protocolBytes(other)), protocolBytes(other));
    await expectRefused(forged({}), /does not match the text/, other);
  });

  it('one on a protocol of another federation', async () => {
    const foreign = { ...framework, federation: 'elsewhere.wayleave.example' };
    const bytes = protocolBytes(foreign);
    federation.texts.set(hashOf(bytes), bytes);
    await expectRefused(
      forge(bytes, protocolHeader(council(), testNow), council().key),
      /cannot be signed as it stands/,
      foreign,
    );
  });

  it('one by somebody whom nobody appointed', () => expectRefused(forged({ officer: 'mallory' }), /no such officer/));
  it('one in a capacity that the officer does not hold', () =>
    expectRefused(forged({ capacity: 'siro' }), /must be signed as director/));

  it('one by an officer who holds another capacity than the protocol asks for, and claims that one', async () => {
    const signer = await appointOfficer(federation, federation.agencies.council, 'dpo');
    const signature = forge(text, protocolHeader({ ...signer, capacity: 'director' }, testNow), signer.key);
    await expectRefused(signature, /does not hold the capacity director/);
  });

  it('one by a colleague with their own key in the officer’s name', async () => {
    const { key } = await appointOfficer(federation, federation.agencies.council, 'dpo');
    await expectRefused(
      forge(text, protocolHeader({ ...council(), key }, testNow), key),
      /not the key that the officer signs with/,
    );
  });

  it('one by an officer whose appointment has ended', async () => {
    const { code, officer, administration: key } = federation.agencies.council;
    await federation.append(
      'officer-ended',
      { agency: code, practitioner: officer.officer },
      { by: { agency: code, key } },
    );
    await expectRefused(forged({}), /appointment was ended/);
  });

  it('one by a key that was revoked', async () => {
    const { code, officer, administration: key } = federation.agencies.council;
    const kid = thumbprint(publicPart(officer.key));
    await federation.append('key-revoked', { agency: code, kid, reason: 'lost' }, { by: { agency: code, key } });
    await expectRefused(forged({}), /revoked by event/);
  });

  it('one by an officer of an agency that has left the federation', async () => {
    await federation.append('agency-ended', { agency: 'E08000037', reason: 'merged' });
    await expectRefused(forged({}), /cannot be signed as it stands|does not belong/);
  });

  it('one made longer than seven days ago', () => expectRefused(forged({ iat: testNow - 8 * 86_400 }), /seven days/));
  it('one made in the future', () => expectRefused(forged({ iat: testNow + 600 }), /in the future/));

  it('one that is given a second time, after the agency withdrew', async () => {
    const { officer } = federation.agencies.council;
    const signature = forged({});
    const { id, version } = framework;
    await outcome(signature);
    const data = { protocol: hashOf(text), id, version, agency: 'E08000037', reason: 'no longer needed' };
    await federation.append('protocol-withdrawn', data, { by: officer });
    const protocol = await outcome(signature);
    expect(protocol.rejected.at(-1)?.why).toMatch(/given before/);
    expect(protocol.withdrawn).toEqual(['E08000037']);
    expect(protocol.signatures).toEqual([]);
  });

  it('one that somebody else’s valid signature accompanies', async () => {
    const { health } = federation.agencies;
    await federation.sign(framework, health);
    const protocol = await outcome(forge(text, protocolHeader(council(), testNow), generateKey()));
    expect(protocol.signatures.map(({ agency }) => agency)).toEqual(['RTD']);
    expect(protocol.unsigned).toEqual(['E08000037', 'E23000007']);
  });

  it.each([
    ['an unprotected header', { header: { kid: 'mine' } }],
    ['a payload of its own', { payload: 'e30' }],
    ['several signatures at once', { signatures: [] }],
  ])('one with %s', (_, addition) => {
    expect(Signature.safeParse({ ...forged({}), ...addition }).success).toBe(false);
    expect(Signature.safeParse(forged({})).success).toBe(true);
  });
});
