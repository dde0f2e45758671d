import { beforeEach, describe, expect, it } from '@jest/globals';
import { canonicalBytes } from '../../../../platform/json.ts';
import { linkBody, sealLink, type StoredLink } from '../../../../policy/register/chain/chain.ts';
import type { RegisterEvent } from '../../../../policy/register/events/table.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import type { Signature } from '../../../../policy/register/signatures/flattened.ts';
import { generateKey } from '../../../../policy/register/signatures/generate.ts';
import { publicPart, thumbprint } from '../../../../policy/register/signatures/keys.ts';
import { signEvent } from '../../../../policy/register/events/sign.ts';
import {
  deriveState,
  aFederation,
  admissionOf,
  appointOfficer,
  type Federation,
  officerEntry,
  testAgencies,
  testNow,
} from '../../../support/policy/federation.ts';
import { aFramework } from '../../../support/policy/documents.ts';

let federation: Federation;
beforeEach(async () => {
  federation = await aFederation();
});

const stranger = () => ({ ...testAgencies().council, code: 'E06000047', name: 'Durham' });

async function expectBroken(at: number, why: RegExp): Promise<void> {
  const failure = await federation.state().then(
    () => undefined,
    (error: unknown) => error as { code: string; message: string },
  );
  expect(failure).toMatchObject({ code: 'register-broken' });
  expect(failure?.message).toMatch(why);
  expect(failure?.message).toContain(`event ${at}:`);
}

type Body = { event: RegisterEvent; signatures: Signature[] };

/** The stored link at a position, changed as somebody would who has the database but not the service's key. */
function edit(position: number, change: (body: Body) => Body, { rehash = true } = {}): void {
  const link = federation.links[position - 1]!;
  const { event, signatures } = change(JSON.parse(Buffer.from(link.body).toString()) as Body);
  const { body, hash } = linkBody(event, signatures);
  federation.links[position - 1] = { ...link, body, hash: rehash ? hash : link.hash };
}

describe('a chain that somebody changed does not verify:', () => {
  it('an event whose bytes were edited', () => {
    edit(3, ({ event, signatures }) => ({ event: { ...event, time: event.time + 1 }, signatures }), { rehash: false });
    return expectBroken(3, /bytes do not match its hash/);
  });

  it('an event that was edited and hashed again', () => {
    edit(3, ({ event, signatures }) => ({ event: { ...event, time: event.time + 1 }, signatures }));
    return expectBroken(3, /seal/);
  });

  it('a whole chain that was edited, hashed again from there on, and sealed with another key', async () => {
    const seal = generateKey();
    let previous = federation.links[1]!.hash;
    for (const [index, link] of federation.links.entries()) {
      if (index < 2) continue;
      const { event, signatures } = JSON.parse(Buffer.from(link.body).toString()) as Body;
      const moved = { ...event, previous };
      const { body, hash } = linkBody(moved, signatures);
      federation.links[index] = {
        sequence: link.sequence,
        body,
        hash,
        seal: await sealLink(moved, hash, seal, testNow),
      };
      previous = hash;
    }
    await expectBroken(3, /seal/);
  });

  it('the same, were the service’s own key in the wrong hands: the signers’ signatures remain', async () => {
    const link = federation.links.at(-1)!;
    const { event } = JSON.parse(Buffer.from(link.body).toString()) as Body;
    const named = { ...event, time: event.time + 60 };
    const forged = [await signEvent(named, { key: generateKey() })];
    const { body, hash } = linkBody(named, forged);
    federation.links[link.sequence - 1] = {
      ...link,
      body,
      hash,
      seal: await sealLink(named, hash, federation.seal, testNow),
    };
    await expectBroken(link.sequence, /not the federation’s root key/);
  });

  it('an event without its signature', () => {
    edit(3, ({ event }) => ({ event, signatures: [] }));
    return expectBroken(3, /seal/);
  });

  it('an event whose seal is gone', () => {
    federation.links[2] = { ...federation.links[2]!, seal: '{}' };
    return expectBroken(3, /seal/);
  });

  it('a seal taken from another event', () => {
    federation.links[2] = { ...federation.links[2]!, seal: federation.links[3]!.seal };
    return expectBroken(3, /seal/);
  });

  it('two events in another order', () => {
    const [third, fourth] = [federation.links[2]!, federation.links[3]!];
    federation.links[2] = { ...fourth, sequence: 3 };
    federation.links[3] = { ...third, sequence: 4 };
    return expectBroken(3, /does not stand after event 2/);
  });

  it('an event that is missing from the middle', () => {
    federation.links.splice(2, 1);
    return expectBroken(4, /does not stand after event 2/);
  });

  it('an event that is there twice', () => {
    federation.links.push({ ...federation.links.at(-1)!, sequence: federation.links.length + 1 });
    return expectBroken(federation.links.length, /does not stand after/);
  });

  it('an event of another federation', async () => {
    const other = await aFederation();
    federation.links[0] = other.links[0]!;
    await expectBroken(1, /seal/);
  });

  it.each([
    ['white space', (text: string) => text.replace('{', '{ ')],
    ['a key that is there twice', (text: string) => text.replace('"event":{', '"event":{"time":1,')],
    ['something that is no event', () => '{"event":{},"signatures":[]}'],
    ['something that is no JSON', () => 'no'],
  ])('bytes with %s', (_, change) => {
    const link = federation.links[2]!;
    const body = Buffer.from(change(Buffer.from(link.body).toString()));
    federation.links[2] = { ...link, body, hash: hashOf(body) };
    return expectBroken(3, /not an event of a known form/);
  });

  it('a chain that lacks a head seen before', async () => {
    const { head, source, trust } = federation;
    const expected = head();
    federation.links.pop();
    const { derive } = await import('../../../../policy/register/ledger/derive.ts');
    await expect(derive(source, trust, { expected })).rejects.toMatchObject({ code: 'register-cut' });
    await expect(derive(source, trust, { expected: federation.head() })).resolves.toBeDefined();
  });

  it('a chain under another root key', async () => {
    const trust = { ...federation.trust, rootKey: publicPart(generateKey()) };
    await expect(deriveState(federation.source, trust, testNow)).rejects.toMatchObject({ code: 'register-broken' });
  });

  it('a chain whose seals the service does not know', async () => {
    const trust = { ...federation.trust, sealKeys: [] };
    await expect(deriveState(federation.source, trust, testNow)).rejects.toMatchObject({ code: 'register-broken' });
  });
});

describe('an event by somebody who may not make it does not verify, even with the service’s seal on it:', () => {
  const last = () => federation.links.length;

  it('an agency that admits another', async () => {
    const { code: agency, administration: key } = federation.agencies.council;
    await federation.append('agency-admitted', admissionOf(stranger()), { by: { agency, key } });
    await expectBroken(last(), /root|another agency|cannot sign/);
  });

  it('an agency that admits itself with a root key of its own making', async () => {
    await federation.append('agency-admitted', admissionOf(stranger()), { by: { key: generateKey() } });
    await expectBroken(last(), /not the federation’s root key/);
  });

  it('an agency that appoints an officer of another', async () => {
    const { council, health } = federation.agencies;
    await federation.append(
      'officer-appointed',
      { agency: health.code, officer: officerEntry(health.officer) },
      { by: { agency: council.code, key: council.administration } },
    );
    await expectBroken(last(), /another agency/);
  });

  it('an officer who appoints themselves to a further capacity', async () => {
    const { council } = federation.agencies;
    const officer = { ...officerEntry(council.officer), capacities: ['director' as const, 'siro' as const] };
    await federation.append(
      'officer-appointed',
      { agency: council.code, officer },
      { by: { agency: council.code, key: council.officer.key } },
    );
    await expectBroken(last(), /officers only/);
  });

  it('an officer of one agency who withdraws another’s signature', async () => {
    const { council, health } = federation.agencies;
    const framework = aFramework();
    await federation.signByAll(framework);
    const protocol = [...(await federation.state()).protocols.keys()][0]!;
    const data = { protocol, id: framework.id, version: 1, agency: council.code, reason: 'spite' };
    await federation.append('protocol-withdrawn', data, { by: health.officer });
    await expectBroken(last(), /another agency/);
  });

  it('an officer who withdraws in a capacity that did not sign', async () => {
    const { council } = federation.agencies;
    const framework = aFramework();
    await federation.signByAll(framework);
    const dpo = await appointOfficer(federation, council, 'dpo');
    const protocol = [...(await federation.state()).protocols.keys()][0]!;
    const data = { protocol, id: framework.id, version: 1, agency: council.code, reason: 'spite' };
    await federation.append('protocol-withdrawn', data, { by: dpo });
    await expectBroken(last(), /must be ended as director/);
  });

  it('a suspension signed as if it were an ordinary event', async () => {
    const { council } = federation.agencies;
    const framework = aFramework();
    await federation.signByAll(framework);
    const protocol = [...(await federation.state()).protocols.keys()][0]!;
    const data = { protocol, id: framework.id, version: 1, agency: council.code, reason: 'doubt' };
    await federation.append('protocol-suspended', data, {
      signatures: [federation.links[0]!].map((link) => signatureOf(link)),
    });
    await expectBroken(last(), /root key cannot sign/);
  });

  it('a signature that was made for another event', async () => {
    await federation.append(
      'agency-ended',
      { agency: 'RTD', reason: 'merged' },
      { signatures: [signatureOf(federation.links[5]!)] },
    );
    await expectBroken(last(), /does not match/);
  });

  it('a signature whose time lies far from the event’s', async () => {
    await federation.append('agency-ended', { agency: 'RTD', reason: 'merged' }, { signedAt: testNow - 3600 });
    await expectBroken(last(), /five minutes/);
  });

  it('an event made by a revoked administration key', async () => {
    const { code: agency, administration: key } = federation.agencies.council;
    const kid = thumbprint(publicPart(key));
    await federation.append('key-revoked', { agency, kid, reason: 'lost' });
    await federation.append(
      'key-added',
      { agency, key: { jwk: publicPart(generateKey()), use: 'officer' } },
      { by: { agency, key } },
    );
    await expectBroken(last(), /revoked/);
  });

  it('a key that another agency has registered', async () => {
    const { council, health } = federation.agencies;
    const key = { jwk: publicPart(health.officer.key), use: 'officer' as const };
    await federation.append(
      'key-added',
      { agency: council.code, key },
      { by: { agency: council.code, key: council.administration } },
    );
    await expectBroken(last(), /registered already/);
  });

  it('an agency that says from when on its own key was compromised', async () => {
    const { code: agency, administration: key, officer } = federation.agencies.council;
    const data = { agency, kid: thumbprint(publicPart(officer.key)), reason: 'regret', compromised_from: 1 };
    await federation.append('key-revoked', data, { by: { agency, key } });
    await expectBroken(last(), /root key can say/);
  });
});

function signatureOf(link: StoredLink): Signature {
  return (JSON.parse(Buffer.from(link.body).toString()) as Body).signatures[0]!;
}

describe('canonical bytes', () => {
  it('are the same for the same event, whatever the order of its keys', () => {
    expect(canonicalBytes({ b: 1, a: [true, 'ü'] }).toString()).toBe('{"a":[true,"ü"],"b":1}');
  });
});
