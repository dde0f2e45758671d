/**
 * What an attacker with the database and the service's own seal would try, so that a clause counts which the parties did
 * not sign. Each is written past every check into a chain that is sealed like the service's; none contributes to an answer.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { canonicalBytes } from '../../../../platform/json.ts';
import { foresee } from '../../../../policy/decisions/deciding/decide.ts';
import { protocolBytes } from '../../../../policy/register/protocols/read.ts';
import type { EventData } from '../../../../policy/register/events/table.ts';
import type { OfficerEntry } from '../../../../policy/register/events/fields.ts';
import type { RegisterState } from '../../../../policy/register/chain/state.ts';
import { compile, targetKey } from '../../../../policy/decisions/rules/compile.ts';
import { challengeOf } from '../../../../policy/register/signatures/officer.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import { type PrivateKey, type Signature, types } from '../../../../policy/register/signatures/flattened.ts';
import { generateKey } from '../../../../policy/register/signatures/generate.ts';
import { publicPart, thumbprint } from '../../../../policy/register/signatures/keys.ts';
import {
  type OfficerSigner,
  proposeEvent,
  signAccession,
  signEvent,
  signProtocol,
} from '../../../../policy/register/events/sign.ts';
import { accededData, aJoiningAgency, anAccession } from '../../../support/policy/accession.ts';
import { forge, forgeWithPublicKey, protocolHeader } from '../../../support/policy/forge.ts';
import { aPasskey, type Assertive, type TestPasskey, withAssertion } from '../../../support/idp/passkey.ts';
import { aHeldPost, aRequest, askingPartner, aStanding, inMemory } from '../../../support/policy/decisions.ts';
import { aClause, anOperationalProtocol, aFramework, type ProtocolInput } from '../../../support/policy/documents.ts';
import {
  admissionOf,
  aFederation,
  appointOfficer,
  type Federation,
  officerEntry,
  signedData,
  type TestAgency,
  testNow,
} from '../../../support/policy/federation.ts';

const hash = (document: ProtocolInput): string => hashOf(protocolBytes(document));

let federation: Federation;
let joiner: TestAgency;
let framework: ProtocolInput;
let protocol: ProtocolInput;
let text: Uint8Array;
beforeEach(async () => {
  federation = await aFederation();
  joiner = aJoiningAgency();
  framework = aFramework({ host: 'E08000037' });
  protocol = anOperationalProtocol(framework, { clauses: [aClause({ fields: ['name'], open_to_accession: true })] });
  text = protocolBytes(protocol);
  await federation.append('agency-admitted', admissionOf(joiner));
  await federation.signByAll(framework);
  await federation.sign(protocol, federation.agencies.health);
  await federation.sign(protocol, federation.agencies.police);
});

const council = (): TestAgency => federation.agencies.council;
const byCouncil = () => ({ by: { agency: council().code, key: council().administration } });

/** What a health visitor of the agency is told who asks for a child's name, and whether the rules hold anything for them. */
async function answerTo(agency: string, state: RegisterState | undefined) {
  const standing = aStanding({ posts: [aHeldPost({ agency })] });
  const context = inMemory({
    state,
    standings: [standing],
    partners: [askingPartner({ holds: ['E08000037'] })],
    now: testNow,
  });
  const request = aRequest({}, { agency: 'E08000037' });
  const { decision } = await foresee(context, request, { clientId: 'casebook' });
  const topic = targetKey('read', 'child-record', 'E08000037');
  const rules = state === undefined ? [] : compile(state).grants(agency, 'health-visitor').about(topic);
  return { given: decision.decision, fields: decision.fields, rules: rules.length };
}

const nothing = { given: false, fields: [], rules: 0 };
const theName = { given: true, fields: ['name'], rules: 1 };

/** Writes a signature for the council. */
const give = (signature: Signature, changes: object = {}) =>
  federation.append('protocol-signed', { ...signedData(protocol, 'E08000037', signature), ...changes });

const forged = (changes: object, signer: OfficerSigner = council().officer, bytes = text): Signature =>
  forge(bytes, protocolHeader(signer, testNow, changes), signer.key);

const sign = (signer: OfficerSigner, bytes = text, time = testNow): Promise<Signature> =>
  signProtocol({ ...signer, document: bytes, time });

/** An officer of an agency whose key the service holds, with a passkey unless told otherwise. */
async function serviceOfficer(
  agency: TestAgency,
  {
    passkey,
    name = 'by-passkey',
    key = generateKey(),
  }: { passkey?: TestPasskey | undefined; name?: string; key?: PrivateKey } = {},
): Promise<OfficerSigner> {
  const by = { by: { agency: agency.code, key: agency.administration } };
  const signer: OfficerSigner = { agency: agency.code, officer: name, capacity: agency.signsAs, key };
  const known = (await federation.state()).agencies.get(agency.code)?.keys.has(thumbprint(publicPart(key)));
  if (known !== true) {
    const entry = { jwk: publicPart(key), use: 'officer', held: 'service' } as const;
    await federation.append('key-added', { agency: agency.code, key: entry }, by);
  }
  const officer: OfficerEntry = { ...officerEntry(signer), ...(passkey && { passkey: passkey.entry }) };
  await federation.append('officer-appointed', { agency: agency.code, officer }, by);
  return signer;
}

const compromise = (agency: TestAgency, key: PrivateKey, from: number) =>
  federation.append('key-revoked', {
    agency: agency.code,
    kid: thumbprint(publicPart(key)),
    reason: 'stolen',
    compromised_from: from,
  });

const withdrawal = (agency: TestAgency): EventData<'protocol-withdrawn'> => ({
  protocol: hash(protocol),
  id: protocol.id,
  version: protocol.version,
  agency: agency.code,
  reason: 'as decided',
});

describe('a clause counts', () => {
  it('once the last party has signed it with a key of its own', async () => {
    expect(await answerTo('RTD', await federation.state())).toEqual(nothing);
    await give(await sign(council().officer));
    expect(await answerTo('RTD', await federation.state())).toEqual(theName);
  });

  it('once the last party’s officer has answered with a passkey for what the service’s key signed', async () => {
    const passkey = aPasskey();
    const signature = await sign(await serviceOfficer(council(), { passkey }));
    await give(withAssertion(signature, text, passkey));
    const state = await federation.state();
    expect(state.protocols.get(hash(protocol))?.signatures.map((one) => one.with)).toEqual([
      'agency-key',
      'agency-key',
      'passkey',
    ]);
    expect(await answerTo('RTD', state)).toEqual(theName);
  });
});

type Attack = [string, RegExp | undefined, () => Promise<unknown>];

describe('a clause never counts with a signature', () => {
  const other = generateKey();
  const attacks: Attack[] = [
    ['that is missing', undefined, async () => undefined],
    ['that nobody made', /does not match/, () => give({ ...forged({}), signature: 'A'.repeat(86) })],
    [
      'by another key in the name of the officer’s',
      /does not match/,
      () => give(forge(text, protocolHeader(council().officer, testNow), other)),
    ],
    ['by a key that nobody registered', /key is unknown/, () => give(forged({}, { ...council().officer, key: other }))],
    [
      'by a key that was revoked',
      /revoked by event/,
      async () => {
        const kid = thumbprint(publicPart(council().officer.key));
        await federation.append('key-revoked', { agency: council().code, kid, reason: 'rotated' }, byCouncil());
        await give(forged({}));
      },
    ],
    [
      'by an officer whose appointment has ended',
      /appointment was ended/,
      async () => {
        const data = { agency: council().code, practitioner: council().officer.officer };
        await federation.append('officer-ended', data, byCouncil());
        await give(forged({}));
      },
    ],
    [
      'by the agency’s administration key',
      /administration only/,
      () => give(forged({}, { ...council().officer, key: council().administration })),
    ],
    [
      'by the federation’s root key',
      /key is unknown/,
      () => give(forged({}, { ...council().officer, key: federation.root })),
    ],
    ['by the service’s seal', /key is unknown/, () => give(forged({}, { ...council().officer, key: federation.seal }))],
    [
      'by the officer of another party',
      /not one of E08000037/,
      async () => give(await sign(federation.agencies.health.officer, text, testNow + 1)),
    ],
    [
      'by another party’s key in the council’s name',
      /no key of E08000037/,
      () => give(forged({}, { ...council().officer, key: federation.agencies.health.officer.key })),
    ],
    [
      'in a capacity that the protocol does not ask for',
      /must be signed as director/,
      async () => give(await sign(await appointOfficer(federation, council(), 'dpo'))),
    ],
    [
      'in a capacity that the officer claims and does not hold',
      /does not hold the capacity/,
      async () => give(forged({ capacity: 'director' }, await appointOfficer(federation, council(), 'dpo'))),
    ],
    ['by somebody whom nobody appointed', /no such officer/, () => give(forged({ officer: 'mallory' }))],
    ...Object.values(types)
      .filter((typ) => typ !== types.protocol)
      .map((typ): Attack => [`of type ${typ}`, /of type/, () => give(forged({ typ }))]),
    ['of no known type', /header/, () => give(forged({ typ: 'JWT' }))],
    ...['jwk', 'jku', 'x5c', 'x5u'].map((name): Attack => [
      `that brings its own key in ${name}`,
      /header/,
      () =>
        give(
          forged(
            { [name]: name === 'jwk' ? publicPart(other) : ['https://keys.example'] },
            { ...council().officer, key: other },
          ),
        ),
    ]),
    ['with critical headers', /header/, () => give(forged({ crit: ['b64'] }))],
    ['whose payload is not encoded', /header/, () => give(forged({ b64: false, crit: ['b64'] }))],
    ['of no algorithm', /header/, () => give(forged({ alg: 'none' }))],
    ['of another algorithm than the key’s', /algorithm/, () => give(forged({ alg: 'ES256' }))],
    [
      'that uses the public key as a secret',
      /header/,
      () =>
        give(forgeWithPublicKey(text, protocolHeader(council().officer, testNow), publicPart(council().officer.key))),
    ],
    [
      'over the text with one letter changed',
      /does not match/,
      () => give(forged({}, council().officer, protocolBytes({ ...protocol, title: `${protocol.title}.` }))),
    ],
    ['over its framework', /does not match/, () => give(forged({}, council().officer, protocolBytes(framework)))],
    [
      'over the version before',
      /does not match/,
      () => give(forged({}, council().officer, protocolBytes({ ...protocol, version: 2 }))),
    ],
    [
      'over the same text of another federation',
      /does not match/,
      () => give(forged({}, council().officer, protocolBytes({ ...protocol, federation: 'elsewhere' }))),
    ],
    ['of which the event names another version', /names another protocol/, () => give(forged({}), { version: 2 })],
    ['of which the event hides that it forbids', /misstates/, () => give(forged({}), { prohibits: true })],
    ['made longer than seven days ago', /seven days/, () => give(forged({ iat: testNow - 8 * 86_400 }))],
    ['made in the future', /in the future/, () => give(forged({ iat: testNow + 3_600 }))],
    [
      'that is given again after the agency withdrew',
      /given before/,
      async () => {
        const signature = forged({});
        await give(signature);
        await federation.append('protocol-withdrawn', withdrawal(federation.agencies.police), {
          by: federation.agencies.police.officer,
        });
        await federation.append('protocol-withdrawn', withdrawal(council()), { by: council().officer });
        await give(signature);
      },
    ],
    [
      'by an agency that has left and come back since',
      undefined,
      async () => {
        await give(forged({}));
        await federation.append('agency-ended', { agency: council().code, reason: 'merged' });
        const fresh = {
          ...council(),
          administration: generateKey(),
          officer: { ...council().officer, key: generateKey() },
        };
        await federation.append('agency-admitted', admissionOf(fresh));
      },
    ],
    [
      'by a key that was compromised by then',
      /compromised from event/,
      async () => {
        const from = federation.head().sequence + 1;
        await give(forged({}));
        await compromise(council(), council().officer.key, from);
      },
    ],
    [
      'by a key that a compromised administration brought in',
      /compromised/,
      async () => {
        const from = federation.head().sequence + 1;
        await give(await sign(await appointOfficer(federation, council(), 'director', 'mallory')));
        await compromise(council(), council().administration, from);
      },
    ],
  ];

  it.each(attacks)('%s', async (_, why, attack) => {
    await attack();
    const state = await federation.state();
    if (why !== undefined) expect(state.protocols.get(hash(protocol))?.rejected.at(-1)?.why).toMatch(why);
    expect(await answerTo('RTD', state)).toEqual(nothing);
  });
});

describe('a clause never counts with what only the service signed:', () => {
  const passkey = aPasskey();
  const stranger = aPasskey();
  const answering = (changes: Assertive) => async () => {
    const signature = await sign(await serviceOfficer(council(), { passkey }));
    await give(withAssertion(signature, text, passkey, changes));
  };
  const attacks: Attack[] = [
    [
      'without the officer’s passkey',
      /sealed by the service/,
      async () => give(await sign(await serviceOfficer(council(), { passkey }))),
    ],
    [
      'for an officer who has no passkey',
      /names no passkey/,
      async () => give(withAssertion(await sign(await serviceOfficer(council())), text, stranger)),
    ],
    [
      'with a passkey that the register does not name',
      /does not match the officer’s passkey/,
      answering({ by: stranger.key }),
    ],
    [
      'with an answer for another text',
      /another text/,
      answering({ challenge: challengeOf('e30', Buffer.from('{}')) }),
    ],
    ['with an answer that verified no user', /did not verify who/, answering({ flags: 0x01 })],
    ['with an answer without anybody present', /nobody was present/, answering({ flags: 0x04 })],
    ['with an answer on another site', /another site/, answering({ origin: 'https://wayleave.example.evil.example' })],
    ['with an answer for another site’s passkeys', /another site/, answering({ rpId: 'evil.example' })],
    ['with an answer inside another site’s page', /another site/, answering({ crossOrigin: true })],
    [
      'with what a passkey said when it was registered',
      /asked for something else/,
      answering({ type: 'webauthn.create' }),
    ],
    [
      'with the answer to an earlier signature',
      /another text/,
      async () => {
        const officer = await serviceOfficer(council(), { passkey });
        const { assertion } = withAssertion(await sign(officer, text, testNow - 60), text, passkey);
        await give({ ...(await sign(officer)), ...(assertion && { assertion }) });
      },
    ],
    [
      'with a colleague’s passkey under the same key',
      /does not match the officer’s passkey/,
      async () => {
        const officer = await serviceOfficer(council(), { passkey });
        await serviceOfficer(council(), { passkey: stranger, name: 'colleague', key: officer.key });
        await give(withAssertion(await sign(officer), text, stranger));
      },
    ],
    [
      'with the passkey that the officer had before',
      /does not match the officer’s passkey/,
      async () => {
        const officer = await serviceOfficer(council(), { passkey: stranger });
        await serviceOfficer(council(), { passkey, key: officer.key });
        await give(withAssertion(await sign(officer), text, stranger));
      },
    ],
    [
      'with a passkey that a compromised administration put in the place of another',
      /does not match the officer’s passkey/,
      async () => {
        const officer = await serviceOfficer(council(), { passkey });
        const from = federation.head().sequence + 1;
        await serviceOfficer(council(), { passkey: stranger, key: officer.key });
        await give(withAssertion(await sign(officer), text, stranger));
        await compromise(council(), council().administration, from);
      },
    ],
    [
      'though the passkey answers, where the key is another’s',
      /does not match the text/,
      async () => {
        const officer = await serviceOfficer(council(), { passkey });
        await give(withAssertion(forge(text, protocolHeader(officer, testNow), generateKey()), text, passkey));
      },
    ],
    [
      'as an answer beside a key in the agency’s own hands',
      /carries an assertion/,
      () => give(withAssertion(forged({}), text, passkey)),
    ],
  ];

  it.each(attacks)('%s', async (_, why, attack) => {
    await attack();
    const state = await federation.state();
    expect(state.protocols.get(hash(protocol))?.rejected.at(-1)?.why).toMatch(why ?? /./);
    expect(await answerTo('RTD', state)).toEqual(nothing);
  });
});

describe('an administration key that the service holds appoints nobody by itself:', () => {
  const held = generateKey();
  const passkey = aPasskey();
  const by = () => ({ by: { agency: council().code, key: held } });
  beforeEach(async () => {
    const key = { jwk: publicPart(held), use: 'administration', held: 'service' } as const;
    await federation.append('key-added', { agency: council().code, key }, byCouncil());
  });

  /** The service's administration key appoints an officer, who answers with a passkey. */
  const appoint = async (approved?: [string, string]): Promise<void> => {
    const key = generateKey();
    const entry = { jwk: publicPart(key), use: 'officer', held: 'service' } as const;
    await federation.append('key-added', { agency: council().code, key: entry }, by());
    const signer: OfficerSigner = { agency: council().code, officer: 'appointed', capacity: 'director', key };
    const officer = { ...officerEntry(signer), passkey: passkey.entry };
    const data = { agency: council().code, officer, ...(approved && { approved_by: approved }) };
    await federation.append('officer-appointed', data, by());
    await give(withAssertion(await sign(signer), text, passkey));
  };

  it('with two people’s approval it does', async () => {
    await appoint(['ann', 'bob']);
    expect(await answerTo('RTD', await federation.state())).toEqual(theName);
  });

  it.each<[string, RegExp, [string, string] | undefined]>([
    ['without approval', /two people must approve/, undefined],
    ['with one person’s approval, twice', /two different people/, ['ann', 'ann']],
    ['with the officer’s own approval', /not by the officer/, ['ann', 'appointed']],
  ])('%s', async (_, why, approved) => {
    await appoint(approved);
    await expect(federation.state()).rejects.toThrow(why);
    expect(await answerTo('RTD', undefined)).toEqual(nothing);
  });

  it('nor does it bring in an administration key of somebody’s own, which would need no approval', async () => {
    const mine = generateKey();
    await federation.append(
      'key-added',
      { agency: council().code, key: { jwk: publicPart(mine), use: 'administration' } },
      by(),
    );
    await expect(federation.state()).rejects.toThrow(/cannot hand the administration over/);
  });
});

describe('an officer whose key the service holds stops a protocol with their passkey', () => {
  const passkey = aPasskey();
  const stop = async (type: 'protocol-suspended' | 'protocol-withdrawn', answered: boolean): Promise<void> => {
    const officer = await serviceOfficer(council(), { passkey });
    await give(forged({}));
    const event = proposeEvent(federation.head(), {
      federation: protocol.federation,
      type,
      data: withdrawal(council()),
      time: testNow,
    });
    const signature = await signEvent(event, officer);
    const signed = answered ? withAssertion(signature, canonicalBytes(event), passkey) : signature;
    await federation.append(type, withdrawal(council()), { signatures: [signed] });
  };

  const both = ['protocol-suspended', 'protocol-withdrawn'] as const;
  it.each(both)('%s', async (type) => {
    await stop(type, true);
    expect(await answerTo('RTD', await federation.state())).toEqual(nothing);
  });

  it.each(both)('and not without it: %s', async (type) => {
    await stop(type, false);
    await expect(federation.state()).rejects.toThrow(/sealed by the service/);
  });
});

describe('an agency that joins receives nothing', () => {
  beforeEach(async () => {
    await federation.sign(protocol, council());
    await join(framework);
  });

  const join = async (document: ProtocolInput, changes: Parameters<typeof accededData>[3] = {}) =>
    accede(await accededData(document, joiner, council(), changes));
  const accede = (data: EventData<'protocol-acceded'>) => federation.append('protocol-acceded', data);
  const good = () => accededData(protocol, joiner, council());
  const again =
    (
      key: 'signature' | 'countersignature',
      signer: OfficerSigner,
      type: typeof types.accession | typeof types.countersignature,
    ) =>
    async () => {
      const data = await good();
      await accede({
        ...data,
        [key]: await signAccession({ ...signer, accession: data.accession, type, time: testNow }),
      });
    };

  it('before it joins, and what is open once both have signed', async () => {
    expect(await answerTo('RR7', await federation.state())).toEqual(nothing);
    await accede(await good());
    expect(await answerTo('RR7', await federation.state())).toEqual(theName);
  });

  const attacks: Attack[] = [
    [
      'without the host’s countersignature, its own standing in for it',
      /countersigned by E08000037/,
      again('countersignature', aJoiningAgency().officer, types.countersignature),
    ],
    [
      'countersigned by a party that is not the host',
      /countersigned by E08000037/,
      () => join(protocol, { host: federation.agencies.police.officer }),
    ],
    [
      'with the host’s own accession in the place of its countersignature',
      /of type wayleave-accession/,
      () => again('countersignature', council().officer, types.accession)(),
    ],
    [
      'with a countersignature in the place of its own',
      /of type wayleave-countersignature/,
      () => again('signature', joiner.officer, types.countersignature)(),
    ],
    [
      'with the two signatures in each other’s place',
      /must be acceded to by RR7/,
      async () => {
        const data = await good();
        await accede({ ...data, signature: data.countersignature, countersignature: data.signature });
      },
    ],
    [
      'with the host’s signature on the protocol itself',
      /of type wayleave-protocol/,
      async () => accede({ ...(await good()), countersignature: await sign(council().officer) }),
    ],
    [
      'with the countersignature of another agency’s accession',
      /does not match/,
      async () => {
        const theirs = await accededData(protocol, aJoiningAgency({ code: 'RR8' }), council());
        await accede({ ...(await good()), countersignature: theirs.countersignature });
      },
    ],
    [
      'with both signatures of its accession to the framework',
      /does not match/,
      async () => {
        const { signature, countersignature } = await accededData(framework, joiner, council());
        await accede({ ...(await good()), signature, countersignature });
      },
    ],
    [
      'with its accession to the framework, under the protocol’s name',
      /names another text/,
      async () => accede({ ...(await accededData(framework, joiner, council())), protocol: hash(protocol) }),
    ],
    [
      'on terms that were changed after they were signed',
      /does not match/,
      async () => {
        const accession = anAccession(protocol, joiner, {}, { name: 'Another name' });
        await accede({ ...(await good()), accession });
      },
    ],
    [
      'as another kind than the register’s',
      /registered as health/,
      () => join(protocol, { accession: anAccession(protocol, joiner, {}, { kind: 'council' }) }),
    ],
    [
      'in another federation',
      /belongs to elsewhere/,
      () => join(protocol, { accession: anAccession(protocol, joiner, { federation: 'elsewhere' }) }),
    ],
    [
      'in a capacity that the accession does not name',
      /acceded to as caldicott-guardian/,
      async () => join(protocol, { signer: await appointOfficer(federation, joiner, 'dpo', 'the-dpo') }),
    ],
    [
      'with the host’s key, which the service holds, and no passkey',
      /sealed by the service/,
      async () => join(protocol, { host: await serviceOfficer(council(), { passkey: aPasskey() }) }),
    ],
    ['with signatures of eight days ago', /seven days/, () => join(protocol, { time: testNow - 8 * 86_400 })],
    [
      'with the signatures that it gave before it withdrew',
      /given before/,
      async () => {
        const data = await good();
        await accede(data);
        await federation.append('protocol-withdrawn', withdrawal(joiner), { by: joiner.officer });
        await accede(data);
      },
    ],
    [
      'where the host’s key was compromised by then',
      /compromised/,
      async () => {
        const from = federation.head().sequence + 1;
        await accede(await good());
        await compromise(council(), council().officer.key, from);
      },
    ],
    [
      'where its own key was compromised by then',
      /compromised/,
      async () => {
        const from = federation.head().sequence + 1;
        await accede(await good());
        await compromise(joiner, joiner.officer.key, from);
      },
    ],
    [
      'by an accession to the version before',
      undefined,
      async () => {
        await accede(await good());
        await federation.signByAll({ ...protocol, version: 2, supersedes: hash(protocol) });
      },
    ],
    [
      'once it has withdrawn from the framework',
      undefined,
      async () => {
        await accede(await good());
        const data = { ...withdrawal(joiner), protocol: hash(framework), id: framework.id };
        await federation.append('protocol-withdrawn', data, { by: joiner.officer });
      },
    ],
  ];

  it.each(attacks)('%s', async (_, why, attack) => {
    await attack();
    const state = await federation.state();
    if (why !== undefined) expect(state.protocols.get(hash(protocol))?.rejected.at(-1)?.why).toMatch(why);
    expect(await answerTo('RR7', state)).toEqual(nothing);
  });
});
