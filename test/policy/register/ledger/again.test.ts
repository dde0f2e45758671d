import { beforeEach, describe, expect, it } from '@jest/globals';
import { flattenedVerify } from 'jose';
import { protocolBytes } from '../../../../policy/register/protocols/read.ts';
import { beginDerivation, type Derivation } from '../../../../policy/register/chain/derivation.ts';
import { derive, extend } from '../../../../policy/register/ledger/derive.ts';
import { spread, startPace } from '../../../../policy/register/ledger/pace.ts';
import { stateAt } from '../../../../policy/register/chain/state_at.ts';
import { openRounds } from '../../../../policy/register/chain/turn.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import { generateKey } from '../../../../policy/register/signatures/generate.ts';
import { publicPart, thumbprint } from '../../../../policy/register/signatures/keys.ts';
import { signProtocol } from '../../../../policy/register/events/sign.ts';
import { verifies } from '../../../../policy/register/signatures/flattened.ts';
import { forge, protocolHeader } from '../../../support/policy/forge.ts';
import { aPasskey, withAssertion } from '../../../support/idp/passkey.ts';
import { aFederation, type Federation, officerEntry, signedData, testNow } from '../../../support/policy/federation.ts';
import { anOperationalProtocol, aFramework, type ProtocolInput } from '../../../support/policy/documents.ts';

let federation: Federation;
let documents: ProtocolInput[];
let first: Derivation;
beforeEach(async () => {
  federation = await aFederation();
  const framework = aFramework();
  documents = [
    framework,
    ...Array.from({ length: 8 }, (_, index) => anOperationalProtocol(framework, { id: `protocol-${index}` })),
  ];
  for (const document of documents) await federation.signByAll(document);
  first = await derive(federation.source, federation.trust);
});

const turns = [
  { of: 2, at: 0 },
  { of: 2, at: 1 },
];
const again = (turn = { of: 1, at: 0 }, before = first): Promise<Derivation> =>
  derive(federation.source, federation.trust, { before: { derivation: before, turn } });

describe('verifying again what verified before', () => {
  it('comes to the same state, whole or in turns', async () => {
    for (const turn of [{ of: 1, at: 0 }, ...turns]) {
      expect(stateAt(await again(turn), testNow)).toEqual(stateAt(first, testNow));
    }
  });

  it('a signature that was refused is refused again, however often', async () => {
    const document = anOperationalProtocol(documents[0]!, { id: 'forged' });
    const bytes = protocolBytes(document);
    federation.texts.set(hashOf(bytes), bytes);
    const { council } = federation.agencies;
    const forged = forge(bytes, protocolHeader(council.officer, testNow), generateKey());
    await federation.append('protocol-signed', signedData(document, council.code, forged));
    await federation.sign(document, federation.agencies.health);
    await federation.sign(document, federation.agencies.police);
    let before = await derive(federation.source, federation.trust);
    for (let pass = 0; pass < 4; pass += 1) {
      before = await again(turns[pass % 2], before);
      const protocol = stateAt(before, testNow).protocols.get(hashOf(bytes));
      expect(protocol).toMatchObject({ status: 'awaiting-signatures', unsigned: [council.code] });
      expect(protocol?.rejected).toHaveLength(1);
    }
  });

  it('an edited text is noticed when its turn comes, within one round', async () => {
    for (const document of documents) {
      const hash = hashOf(protocolBytes(document));
      const kept = federation.texts.get(hash)!;
      const edited = Buffer.from(kept);
      edited[50] = edited[50]! ^ 1;
      federation.texts.set(hash, edited);
      const noticed = await Promise.all(
        turns.map(async (turn) => stateAt(await again(turn), testNow).damaged.has(hash)),
      );
      expect(noticed.filter(Boolean)).toEqual([true]);
      expect(stateAt(await again(), testNow).damaged.has(hash)).toBe(true);
      federation.texts.set(hash, kept);
    }
  });

  it('an edited link or seal is noticed in every pass', async () => {
    for (const [index, link] of federation.links.entries()) {
      const body = Buffer.from(link.body);
      body[30] = body[30]! ^ 1;
      for (const changed of [
        { ...link, body },
        { ...link, body, hash: hashOf(body) },
        { ...link, seal: link.seal.replace(/.{6}$/, 'AAAA"}') },
      ]) {
        federation.links[index] = changed;
        for (const turn of turns) await expect(again(turn)).rejects.toMatchObject({ code: 'register-broken' });
      }
      federation.links[index] = link;
    }
  });

  it('a key that was revoked since is looked at each time, and a compromise takes back what verified', async () => {
    const { code, officer } = federation.agencies.council;
    const { kid } = [...first.agencies.get(code)!.keys.values()].find(({ use }) => use === 'officer')!;
    expect(officer.agency).toBe(code);
    await federation.append('key-revoked', { agency: code, kid, reason: 'stolen', compromised_from: 1 });
    for (const turn of turns) {
      const state = stateAt(await again(turn), testNow);
      expect([...state.protocols.values()].every(({ unsigned }) => unsigned.includes(code))).toBe(true);
    }
  });

  it('an answer of a passkey that a compromise put in its place is not taken for the officer’s', async () => {
    const { council } = federation.agencies;
    const by = { by: { agency: council.code, key: council.administration } };
    const [own, put] = [aPasskey(), aPasskey()];
    const signer = { ...council.officer, officer: 'by-passkey', key: generateKey() };
    const key = { jwk: publicPart(signer.key), use: 'officer', held: 'service' } as const;
    await federation.append('key-added', { agency: council.code, key }, by);
    const appoint = ({ entry }: typeof own) => {
      const officer = { ...officerEntry(signer), passkey: entry };
      return federation.append('officer-appointed', { agency: council.code, officer }, by);
    };
    await appoint(own);
    const from = federation.head().sequence + 1;
    await appoint(put);
    const document = anOperationalProtocol(documents[0]!, { id: 'answered' });
    const bytes = protocolBytes(document);
    federation.texts.set(hashOf(bytes), bytes);
    const sealed = withAssertion(await signProtocol({ ...signer, document, time: testNow }), bytes, put);
    await federation.append('protocol-signed', signedData(document, council.code, sealed));
    const before = await derive(federation.source, federation.trust);
    expect(before.protocols.get(hashOf(bytes))?.signatures.has(council.code)).toBe(true);
    const kid = thumbprint(publicPart(council.administration));
    await federation.append('key-revoked', { agency: council.code, kid, reason: 'stolen', compromised_from: from });
    for (const turn of turns) {
      const record = (await again(turn, before)).protocols.get(hashOf(bytes));
      expect(record?.signatures.has(council.code)).toBe(false);
      expect(record?.rejected[0]?.why).toMatch(/does not match the officer’s passkey/);
    }
  });

  it('what comes after a compromise that nobody knew of is not taken up on the old footing', async () => {
    const { code } = federation.agencies.council;
    const kid = [...first.agencies.get(code)!.keys.keys()][1]!;
    await federation.append('key-revoked', { agency: code, kid, reason: 'stolen', compromised_from: 1 });
    const derivation = beginDerivation(federation.trust);
    await expect(extend(derivation, federation.source)).rejects.toThrow();
  });
});

describe('the verification of one signature agrees with jose’s', () => {
  it.each(['EdDSA', 'ES256'] as const)('for %s, valid and not', async (algorithm) => {
    const key = generateKey(algorithm);
    const signer = { agency: 'RTD', officer: 'o', capacity: 'dpo' as const, key };
    const bytes = Buffer.from('{"a":1}');
    const signature = await signProtocol({ ...signer, document: bytes, time: testNow });
    const public_ = publicPart(key);
    const other = publicPart(generateKey(algorithm));
    const flipped = { ...signature, signature: signature.signature.replace(/^./, (one) => (one === 'A' ? 'B' : 'A')) };
    for (const [given, over, by] of [
      [signature, bytes, public_],
      [signature, Buffer.from('{"a":2}'), public_],
      [signature, bytes, other],
      [flipped, bytes, public_],
      [{ ...signature, protected: `${signature.protected}A` }, bytes, public_],
    ] as const) {
      const jose = await flattenedVerify(
        { ...given, payload: over.toString('base64url') },
        { ...by },
        { algorithms: [algorithm] },
      ).then(
        () => true,
        () => false,
      );
      expect(await verifies(given, over, by)).toBe(jose);
    }
    expect(await verifies(signature, bytes, public_)).toBe(true);
  });

  it('a key that is no point of its curve verifies nothing', async () => {
    const key = generateKey('ES256');
    const bytes = Buffer.from('{}');
    const signature = await signProtocol({
      agency: 'RTD',
      officer: 'o',
      capacity: 'dpo',
      key,
      document: bytes,
      time: testNow,
    });
    expect(await verifies(signature, bytes, { ...publicPart(key), x: 'A'.repeat(43) })).toBe(false);
  });
});

describe('the work of verification', () => {
  it('is shared out over two passes where one takes more than two seconds, and back', () => {
    const rounds = openRounds();
    const pass = (seconds: number): number => {
      const turn = rounds.next();
      rounds.note(turn, seconds);
      return turn.of;
    };
    expect([pass(0.1), pass(3), pass(1.5), pass(0.9), pass(0.9)]).toEqual([1, 1, 2, 2, 1]);
    const two = openRounds();
    two.note({ of: 1, at: 0 }, 5);
    expect([two.next().at, two.next().at, two.next().at]).toEqual([1, 0, 1]);
  });

  it('leaves at least half of the time to others, until it has to be done', async () => {
    expect(spread(0, 25)).toEqual({ ratio: 9, until: 20 });
    expect(spread(5, 25).ratio).toBe(3);
    expect(spread(60, 25).ratio).toBe(1);
    let now = 0;
    const pace = startPace({ ratio: 1, until: 0.02, now: () => now });
    now += 15;
    const before = performance.now();
    await pace.rest();
    expect(performance.now() - before).toBeGreaterThanOrEqual(13);
    now += 1000;
    const late = performance.now();
    await pace.rest();
    expect(performance.now() - late).toBeLessThan(500);
    expect(pace.worked()).toBeCloseTo(1.015, 3);
  });
});
