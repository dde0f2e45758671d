import { describe, expect, it } from '@jest/globals';
import { protocolBytes } from '../../../../policy/register/protocols/read.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import { generateKey } from '../../../../policy/register/signatures/generate.ts';
import { publicPart, thumbprint } from '../../../../policy/register/signatures/keys.ts';
import {
  aClause,
  anOperationalProtocol,
  aParty,
  aFramework,
  type ProtocolInput,
} from '../../../support/policy/documents.ts';
import {
  aFederation,
  aFederationWith,
  appointOfficer,
  type Federation,
  officerEntry,
  testNow,
} from '../../../support/policy/federation.ts';

const hash = (document: ProtocolInput): string => hashOf(protocolBytes(document));

async function statusOf(federation: Federation, document: ProtocolInput, now = testNow): Promise<string | undefined> {
  return (await federation.state(now)).protocols.get(hash(document))?.status;
}

async function stop(
  federation: Federation,
  how: 'protocol-suspended' | 'protocol-withdrawn',
  document: ProtocolInput,
  agency: keyof Federation['agencies'] = 'council',
): Promise<void> {
  const { code, officer } = federation.agencies[agency];
  const data = {
    protocol: hash(document),
    id: document.id,
    version: document.version,
    agency: code,
    reason: 'A reason.',
  };
  await federation.append(how, data, { by: officer });
}

describe('dates', () => {
  it('begin and end at midnight in the United Kingdom, in winter and in summer', async () => {
    const { federation, protocol } = await aFederationWith([aClause()], {
      valid: { from: '2026-06-02', until: '2026-06-30' },
      review: '2026-06-20',
    });
    const at = (text: string) => statusOf(federation, protocol, Date.parse(text) / 1000);
    expect(await at('2026-06-01T22:59:59Z')).toBe('not-yet-valid');
    expect(await at('2026-06-01T23:00:00Z')).toBe('in-force');
    expect(await at('2026-06-30T22:59:59Z')).toBe('in-force');
    expect(await at('2026-06-30T23:00:00Z')).toBe('expired');
  });

  it('name the next moment at which something may change', async () => {
    const { federation } = await aFederationWith([aClause()], {
      valid: { from: '2026-06-02', until: '2026-12-31' },
      review: '2026-06-20',
    });
    const moments = [testNow];
    for (let state = await federation.state(testNow); state.nextBoundary !== undefined;) {
      moments.push(state.nextBoundary);
      state = await federation.state(state.nextBoundary);
    }
    expect(moments.slice(1).map((moment) => new Date(moment * 1000).toISOString())).toEqual([
      '2026-06-01T23:00:00.000Z',
      '2027-01-01T00:00:00.000Z',
      '2028-02-01T00:00:00.000Z',
    ]);
  });
});

describe('tiers', () => {
  it('an operational protocol stands only while its framework does', async () => {
    const { federation, framework, protocol } = await aFederationWith([aClause()]);
    expect(await statusOf(federation, protocol)).toBe('in-force');
    await stop(federation, 'protocol-suspended', framework);
    expect(await statusOf(federation, framework)).toBe('suspended');
    expect(await statusOf(federation, protocol)).toBe('framework-not-in-force');
    await federation.sign(framework, federation.agencies.council, { time: testNow + 1 });
    expect(await statusOf(federation, protocol)).toBe('in-force');
  });

  it('it waits for a framework that is not signed by all', async () => {
    const federation = await aFederation();
    const framework = aFramework();
    await federation.sign(framework, federation.agencies.council);
    const protocol = anOperationalProtocol(framework);
    await federation.signByAll(protocol);
    expect(await statusOf(federation, protocol)).toBe('framework-not-in-force');
  });

  it('it stands under the next version of its framework once that is signed by all', async () => {
    const { federation, framework, protocol } = await aFederationWith([aClause()]);
    const second = { ...framework, version: 2, supersedes: hash(framework), summary: 'Shorter.' };
    await federation.sign(second, federation.agencies.council);
    expect(await statusOf(federation, framework)).toBe('in-force');
    await federation.sign(second, federation.agencies.health);
    await federation.sign(second, federation.agencies.police);
    const state = await federation.state();
    expect(state.protocols.get(hash(framework))?.status).toBe('superseded');
    expect(state.protocols.get(hash(second))?.status).toBe('in-force');
    expect(state.protocols.get(hash(protocol))).toMatchObject({ status: 'in-force', framework: hash(second) });
  });

  it('a party that withdraws from the framework leaves the protocols under it too', async () => {
    const { federation, framework, protocol } = await aFederationWith([aClause()]);
    await stop(federation, 'protocol-withdrawn', framework, 'police');
    const state = await federation.state();
    expect(state.protocols.get(hash(framework))).toMatchObject({ status: 'in-force', withdrawn: ['E23000007'] });
    expect(state.protocols.get(hash(protocol))).toMatchObject({ status: 'in-force', withdrawn: ['E23000007'] });
  });
});

describe('stopping', () => {
  it('a suspension holds until the agency signs again', async () => {
    const { federation, protocol } = await aFederationWith([aClause()]);
    await stop(federation, 'protocol-suspended', protocol, 'health');
    expect((await federation.state()).protocols.get(hash(protocol))).toMatchObject({
      status: 'suspended',
      suspendedBy: ['RTD'],
    });
    await federation.sign(protocol, federation.agencies.health, { time: testNow + 1 });
    expect(await statusOf(federation, protocol)).toBe('in-force');
  });

  it('a withdrawal ends what the party gives and receives, and the rest goes on', async () => {
    const { federation, protocol } = await aFederationWith([aClause()]);
    await stop(federation, 'protocol-withdrawn', protocol, 'police');
    expect((await federation.state()).protocols.get(hash(protocol))).toMatchObject({
      status: 'in-force',
      withdrawn: ['E23000007'],
      unsigned: [],
    });
  });

  it('the withdrawal of an essential party ends it for all', async () => {
    const { council, health, police } = (await aFederation()).agencies;
    const parties = [aParty(council, { essential: true }), aParty(health), aParty(police)];
    const { federation, protocol } = await aFederationWith([aClause()], { parties });
    await stop(federation, 'protocol-withdrawn', protocol, 'council');
    expect(await statusOf(federation, protocol)).toBe('withdrawn');
  });

  it('an agency that leaves the federation has left every protocol, and coming back does not revive its signature', async () => {
    const { federation, protocol } = await aFederationWith([aClause()]);
    const { health } = federation.agencies;
    await federation.append('agency-ended', { agency: 'RTD', reason: 'merged' });
    expect((await federation.state()).protocols.get(hash(protocol))?.withdrawn).toEqual(['RTD']);
    const key = generateKey();
    const keys = [
      { jwk: publicPart(generateKey()), use: 'administration' as const },
      { jwk: publicPart(key), use: 'officer' as const },
    ];
    const officer = { ...health.officer, key };
    await federation.append('agency-admitted', {
      agency: 'RTD',
      name: health.name,
      kind: 'health',
      keys,
      officers: [officerEntry(officer)],
    });
    expect((await federation.state()).protocols.get(hash(protocol))?.withdrawn).toEqual(['RTD']);
  });
});

describe('versions', () => {
  it('a new version takes over on its first day, once all have signed, and its own end does not bring the old one back', async () => {
    const { federation, protocol } = await aFederationWith([aClause()]);
    const valid = { from: '2026-07-01', until: '2026-07-31' };
    const second = { ...protocol, version: 2, supersedes: hash(protocol), valid, review: '2026-07-10' };
    await federation.signByAll(second);
    const july = Date.parse('2026-07-02T12:00:00Z') / 1000;
    const august = Date.parse('2026-08-02T12:00:00Z') / 1000;
    expect([await statusOf(federation, protocol), await statusOf(federation, second)]).toEqual([
      'in-force',
      'not-yet-valid',
    ]);
    expect([await statusOf(federation, protocol, july), await statusOf(federation, second, july)]).toEqual([
      'superseded',
      'in-force',
    ]);
    expect([await statusOf(federation, protocol, august), await statusOf(federation, second, august)]).toEqual([
      'superseded',
      'expired',
    ]);
  });

  it('some of the parties cannot end a protocol for the others by agreeing a version without them', async () => {
    const { federation, protocol } = await aFederationWith([aClause()]);
    const { council, health } = federation.agencies;
    const second = { ...protocol, version: 2, supersedes: hash(protocol), parties: [aParty(council), aParty(health)] };
    await federation.signByAll(second);
    expect(await statusOf(federation, protocol)).toBe('in-force');
    expect(await statusOf(federation, second)).toBe('awaiting-signatures');
  });
});

describe('a compromised key', () => {
  it('takes its signatures from that position on with it, and the protocol waits until it is signed again', async () => {
    const federation = await aFederation();
    const framework = aFramework();
    await federation.signByAll(framework);
    const { council } = federation.agencies;
    const kid = thumbprint(publicPart(council.officer.key));
    const signed = [...(await federation.state()).protocols.values()][0]!.signatures[0]!.position;
    await federation.append('key-revoked', { agency: council.code, kid, reason: 'stolen', compromised_from: signed });
    const after = (await federation.state()).protocols.get(hash(framework));
    expect(after).toMatchObject({ status: 'awaiting-signatures', unsigned: [council.code] });
    expect(after?.rejected[0]?.why).toMatch(/compromised from event/);
    const officer = await appointOfficer(federation, council, 'director', council.officer.officer);
    await federation.sign(framework, council, { ...officer });
    expect(await statusOf(federation, framework)).toBe('in-force');
  });

  it('leaves what it signed before', async () => {
    const federation = await aFederation();
    const framework = aFramework();
    await federation.signByAll(framework);
    const { council } = federation.agencies;
    const kid = thumbprint(publicPart(council.officer.key));
    await federation.append('key-revoked', {
      agency: council.code,
      kid,
      reason: 'stolen',
      compromised_from: federation.head().sequence,
    });
    expect(await statusOf(federation, framework)).toBe('in-force');
  });

  it('leaves everything, where the key was only replaced in good order', async () => {
    const federation = await aFederation();
    const framework = aFramework();
    await federation.signByAll(framework);
    const { council } = federation.agencies;
    const kid = thumbprint(publicPart(council.officer.key));
    const by = { agency: council.code, key: council.administration };
    const fresh = await appointOfficer(federation, council, 'director', council.officer.officer);
    await federation.append('key-revoked', { agency: council.code, kid, reason: 'rotated' }, { by });
    expect(await statusOf(federation, framework)).toBe('in-force');
    const second = { ...framework, version: 2, supersedes: hash(framework) };
    await federation.sign(second, council);
    expect((await federation.state()).protocols.get(hash(second))?.rejected[0]?.why).toMatch(/revoked by event/);
    await federation.sign(second, council, { ...fresh });
    expect((await federation.state()).protocols.get(hash(second))?.unsigned).not.toContain(council.code);
  });

  it('of the administration voids the officers and keys it brought in, and what those signed', async () => {
    const federation = await aFederation();
    const framework = aFramework();
    const { council } = federation.agencies;
    const from = federation.head().sequence + 1;
    const mallory = await appointOfficer(federation, council, 'director', 'mallory');
    await federation.sign(framework, council, { ...mallory });
    await federation.sign(framework, federation.agencies.health);
    const kid = thumbprint(publicPart(council.administration));
    await federation.append('key-revoked', { agency: council.code, kid, reason: 'stolen', compromised_from: from });
    const state = await federation.state();
    expect(state.agencies.get(council.code)?.officers.has('mallory')).toBe(false);
    expect(state.protocols.get(hash(framework))).toMatchObject({ unsigned: [council.code, 'E23000007'] });
    expect(state.protocols.get(hash(framework))?.rejected[0]?.why).toMatch(/compromised/);
  });

  it('gives nothing back: what was withdrawn or ended with it stays so', async () => {
    const { federation, protocol } = await aFederationWith([aClause()]);
    const { council } = federation.agencies;
    const kid = thumbprint(publicPart(council.officer.key));
    await stop(federation, 'protocol-withdrawn', protocol);
    const compromised_from = federation.head().sequence;
    await federation.append('key-revoked', { agency: council.code, kid, reason: 'stolen', compromised_from });
    expect((await federation.state()).protocols.get(hash(protocol))?.withdrawn).toEqual([council.code]);
  });

  it('can be followed by that of the key which brought it in', async () => {
    const federation = await aFederation();
    const { council } = federation.agencies;
    const from = federation.head().sequence + 1;
    const mallory = await appointOfficer(federation, council, 'director', 'mallory');
    const revoke = (key: typeof mallory.key) =>
      federation.append('key-revoked', {
        agency: council.code,
        kid: thumbprint(publicPart(key)),
        reason: 'stolen',
        compromised_from: from,
      });
    await revoke(mallory.key);
    await revoke(council.administration);
    expect((await federation.state()).agencies.get(council.code)?.keys.size).toBe(2);
  });
});

describe('a damaged text', () => {
  it('puts its protocol out of force and leaves the others', async () => {
    const { federation, framework, protocol } = await aFederationWith([aClause()]);
    const bytes = Buffer.from(federation.texts.get(hash(protocol))!);
    bytes[100] = bytes[100]! ^ 1;
    federation.texts.set(hash(protocol), bytes);
    const state = await federation.state();
    expect(state.protocols.has(hash(protocol))).toBe(false);
    expect(state.damaged.get(hash(protocol))).toMatchObject({ id: protocol.id, version: 1, prohibits: false });
    expect(state.protocols.get(hash(framework))?.status).toBe('in-force');
  });

  it('of a framework stops what stands under it', async () => {
    const { federation, framework, protocol } = await aFederationWith([aClause()]);
    federation.texts.delete(hash(framework));
    expect(await statusOf(federation, protocol)).toBe('framework-not-in-force');
  });

  it('of a later version does not bring the earlier one back', async () => {
    const { federation, protocol } = await aFederationWith([aClause()]);
    const second = { ...protocol, version: 2, supersedes: hash(protocol) };
    await federation.signByAll(second);
    federation.texts.delete(hash(second));
    expect(await statusOf(federation, protocol)).toBe('text-damaged');
  });

  it('with a prohibition in it stops whatever gives data of those who signed it', async () => {
    const { federation, framework, protocol } = await aFederationWith([aClause()]);
    const forbidding = anOperationalProtocol(framework, {
      id: 'never-the-address',
      clauses: [aClause({ id: 'no-address', effect: 'prohibit', fields: ['address'] })],
    });
    await federation.signByAll(forbidding);
    expect(await statusOf(federation, protocol)).toBe('in-force');
    federation.texts.delete(hash(forbidding));
    expect(await statusOf(federation, protocol)).toBe('text-damaged');
  });
});
