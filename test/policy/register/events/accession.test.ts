import { beforeEach, describe, expect, it } from '@jest/globals';
import { foresee } from '../../../../policy/decisions/deciding/decide.ts';
import type { RegisteredProtocol, RegisterState } from '../../../../policy/register/chain/state.ts';
import { protocolBytes } from '../../../../policy/register/protocols/read.ts';
import { applicable } from '../../../../policy/decisions/rules/ability.ts';
import { compile } from '../../../../policy/decisions/rules/compile.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import { publicPart, thumbprint } from '../../../../policy/register/signatures/keys.ts';
import {
  accededData,
  aJoiningAgency,
  anAccession,
  aRegion,
  type Joining,
  type Region,
} from '../../../support/policy/accession.ts';
import { aHeldPost, aRequest, askingPartner, aStanding, inMemory } from '../../../support/policy/decisions.ts';
import {
  aClause,
  anOperationalProtocol,
  aParty,
  aFramework,
  type ProtocolInput,
} from '../../../support/policy/documents.ts';
import { admissionOf, appointOfficer, type TestAgency, testNow } from '../../../support/policy/federation.ts';

const hash = (document: ProtocolInput): string => hashOf(protocolBytes(document));

let region: Region;
beforeEach(async () => {
  region = await aRegion();
});

const textOf = async (document: ProtocolInput, now = testNow): Promise<RegisteredProtocol> => {
  const found = (await region.federation.state(now)).protocols.get(hash(document));
  if (found === undefined) throw new Error('the register does not know the protocol');
  return found;
};
const accededTo = async (document: ProtocolInput, now = testNow): Promise<string[]> =>
  (await textOf(document, now)).acceded.map(({ agency }) => agency);

/** Fields that a health visitor of the agency may read of the council's records. */
function fieldsOf(state: RegisterState, agency: string, role = 'health-visitor', holder = 'E08000037'): string[] {
  const { ability } = compile(state).grants(agency, role);
  const asked = { action: 'read', purpose: 'safeguarding', asset: 'child-record', holder };
  const { permits, prohibitions } = applicable(ability, { ...asked, record: {}, areas: [], now: testNow });
  const forbidden = new Set(prohibitions.flatMap((one) => [...one.fields]));
  return permits
    .flatMap((one) => [...one.fields])
    .filter((field) => !forbidden.has(field))
    .toSorted();
}
const received = async (now = testNow): Promise<string[]> =>
  fieldsOf(await region.federation.state(now), region.joiner.code);

const joinBoth = async (): Promise<void> => {
  await region.accede(region.framework);
  await region.accede(region.protocol);
};

async function stop(
  type: 'protocol-suspended' | 'protocol-withdrawn',
  document: ProtocolInput,
  { code, officer }: TestAgency = region.joiner,
): Promise<void> {
  const { id, version } = document;
  const data = { protocol: hash(document), id, version, agency: code, reason: 'as decided' };
  await region.federation.append(type, data, { by: officer });
}

describe('an agency that joins', () => {
  it('receives what is open to accession, once it has joined framework and protocol, and nothing else', async () => {
    expect(await received()).toEqual([]);
    await region.accede(region.framework);
    expect(await received()).toEqual([]);
    await region.accede(region.protocol);
    expect(await received()).toEqual(['name']);
    expect(fieldsOf(await region.federation.state(), 'RTD')).toEqual(['address', 'name']);
  });

  it('stands in the register with both signatures, and leaves the parties as they were', async () => {
    await joinBoth();
    const text = await textOf(region.protocol);
    expect(text).toMatchObject({ status: 'in-force', unsigned: [], withdrawn: [], rejected: [] });
    expect(text.acceded).toMatchObject([
      {
        agency: 'RR7',
        kind: 'health',
        suspended: false,
        signatures: [
          { agency: 'RR7', capacity: 'caldicott-guardian', with: 'agency-key' },
          { agency: 'E08000037', capacity: 'director', with: 'agency-key' },
        ],
      },
    ]);
    expect(text.signatures.map(({ agency }) => agency)).not.toContain('RR7');
  });

  it('holds nothing under it: nobody receives its records', async () => {
    const open = aClause({
      id: 'all',
      holders: ['RTD'],
      recipients: [{ role: 'social-worker', kind: 'council' }],
      open_to_accession: true,
    });
    region = await aRegion({ clauses: [open] });
    await joinBoth();
    const state = await region.federation.state();
    expect(fieldsOf(state, 'E08000037', 'social-worker', 'RTD')).not.toEqual([]);
    expect(fieldsOf(state, 'E08000037', 'social-worker', 'RR7')).toEqual([]);
  });

  it('is bound by what the text forbids its kind, open to accession or not', async () => {
    const forbidden = aClause({ id: 'never', effect: 'prohibit', fields: ['name'] });
    const open = aClause({ id: 'open', fields: ['name', 'school'], open_to_accession: true });
    region = await aRegion({ clauses: [open, forbidden] });
    await joinBoth();
    expect(await received()).toEqual(['school']);
  });

  it('may be of a kind that no party is of, where a clause is open to that kind', async () => {
    region = await aRegion({
      parties: [region.federation.agencies.council, region.federation.agencies.police].map((one) => aParty(one)),
      clauses: [aClause({ fields: ['name'], open_to_accession: true })],
    });
    await joinBoth();
    expect(await received()).toEqual(['name']);
  });

  it('may be named by a clause that is open to it before it joins, and receives nothing until then', async () => {
    const named = aClause({ fields: ['name'], recipients: [{ role: 'health-visitor', agency: 'RR7' }] });
    region = await aRegion({ clauses: [{ ...named, open_to_accession: true }] });
    expect(await received()).toEqual([]);
    await joinBoth();
    expect(await received()).toEqual(['name']);
    region = await aRegion({ clauses: [named] });
    expect((await textOf(region.protocol)).rejected[0]?.why).toMatch(/cannot be signed as it stands/);
  });

  it('of a party of the framework joins the protocol alone', async () => {
    const parties = [region.federation.agencies.council, region.federation.agencies.police];
    region = await aRegion({
      parties: parties.map((one) => aParty(one)),
      clauses: [aClause({ open_to_accession: true })],
    });
    await region.accede(region.protocol, { agency: region.federation.agencies.health });
    expect(fieldsOf(await region.federation.state(), 'RTD')).toEqual(['address', 'name', 'school']);
  });

  it('explains itself as a role that is not covered, and not as an agency that is no party', async () => {
    await joinBoth();
    const rules = compile(await region.federation.state());
    const topic = 'read child-record@E08000037';
    expect(rules.coverage(topic, 'RR7')).toBe('agency');
    expect(rules.coverage(topic, 'E06000001')).toBe('others');
  });
});

describe('what somebody said about their record', () => {
  const ask = async (agency: string, state: 'given' | 'refused'): Promise<boolean> => {
    const clause = aClause({
      fields: ['name'],
      open_to_accession: true,
      consent: { rule: 'required', as: 'confidence' },
    });
    region = await aRegion({ clauses: [clause] });
    await joinBoth();
    const said = { protocol: 'safeguarding-children', basis: 'confidence', recordedAt: testNow - 60 } as const;
    const context = inMemory({
      state: await region.federation.state(),
      standings: [aStanding({ posts: [aHeldPost()] })],
      partners: [askingPartner({ holds: ['E08000037'] })],
      consents: [{ ...said, agency, state }],
      now: testNow,
    });
    const request = aRequest({}, { agency: 'E08000037' });
    return (await foresee(context, request, { clientId: 'casebook' })).decision.decision;
  };

  it('counts when an agency that joined wrote it down, and not when one did that has no part in the protocol', async () => {
    expect(await ask('RTD', 'given')).toBe(true);
    expect(await ask('RR7', 'given')).toBe(true);
    expect(await ask('RR7', 'refused')).toBe(false);
    expect(await ask('E06000001', 'given')).toBe(false);
  });
});

describe('an accession does not count, and the register says why:', () => {
  type Case = [
    string,
    RegExp,
    () => Promise<Joining & { agency?: TestAgency; document?: ProtocolInput; data?: object }>,
  ];
  const dpo = async (agency: TestAgency): Promise<Joining['signer']> =>
    appointOfficer(region.federation, agency, 'dpo', 'the-dpo');
  const cases: Case[] = [
    [
      'countersigned by another party than the host',
      /must be countersigned by E08000037/,
      async () => ({ host: region.federation.agencies.police.officer }),
    ],
    [
      'countersigned by the acceding agency itself',
      /must be countersigned by E08000037/,
      async () => ({ host: region.joiner.officer }),
    ],
    [
      'countersigned in another capacity',
      /countersigned as director/,
      async () => ({ host: (await dpo(region.federation.agencies.council))! }),
    ],
    [
      'signed in another capacity',
      /acceded to as caldicott-guardian/,
      async () => ({ signer: (await dpo(region.joiner))! }),
    ],
    [
      'signed by an officer of another agency',
      /must be acceded to by RR7/,
      async () => ({ signer: region.federation.agencies.health.officer }),
    ],
    ['of a party', /is a party to this text/, async () => ({ agency: region.federation.agencies.health })],
    [
      'of an agency that belongs to no federation',
      /does not belong/,
      async () => ({ agency: aJoiningAgency({ code: 'RXX' }) }),
    ],
    [
      'that states another kind than the register',
      /registered as health, not as police/,
      async () => ({ accession: anAccession(region.framework, region.joiner, {}, { kind: 'police' }) }),
    ],
    [
      'of another federation',
      /belongs to elsewhere/,
      async () => ({ accession: anAccession(region.framework, region.joiner, { federation: 'elsewhere' }) }),
    ],
    [
      'that names another version than its hash',
      /is regional-framework version 1, not regional-framework version 2/,
      async () => ({ accession: anAccession(region.framework, region.joiner, { version: 2 }) }),
    ],
    ['made longer than seven days ago', /seven days/, async () => ({ time: testNow - 8 * 86_400 })],
    [
      'of an agency that calls itself essential',
      /cannot be signed as it stands/,
      async () => ({ accession: anAccession(region.framework, region.joiner, {}, { essential: true }) }),
    ],
    [
      'without the particulars of Part 3',
      /cannot be signed as it stands/,
      async () => ({ accession: anAccession(region.framework, region.joiner, {}, { regime: 'dpa-part-3' }) }),
    ],
    [
      'to a protocol whose framework it has not joined',
      /must first join the framework/,
      async () => ({ document: region.protocol }),
    ],
  ];

  it.each(cases)('one %s', async (_name, why, change) => {
    const { agency = region.joiner, document = region.framework, ...changes } = await change();
    const data = await accededData(document, agency, region.federation.agencies.council, changes);
    await region.federation.append('protocol-acceded', { ...data, protocol: hash(document) });
    const text = await textOf(document);
    expect(text.rejected.at(-1)?.why).toMatch(why);
    expect(text.acceded).toEqual([]);
  });

  it('one that joins twice, and one whose signatures were given before', async () => {
    const data = await accededData(region.framework, region.joiner, region.federation.agencies.council);
    await region.federation.append('protocol-acceded', data);
    await region.federation.append('protocol-acceded', data);
    expect((await textOf(region.framework)).rejected.at(-1)?.why).toMatch(/RR7 has acceded/);
    await stop('protocol-withdrawn', region.framework);
    await region.federation.append('protocol-acceded', data);
    const text = await textOf(region.framework);
    expect(text.rejected.at(-1)?.why).toMatch(/given before/);
    expect(text.acceded).toEqual([]);
  });

  it('one to a text with nothing open to accession', async () => {
    region = await aRegion({ clauses: [aClause()] });
    await joinBoth();
    expect((await textOf(region.protocol)).rejected.at(-1)?.why).toMatch(/No clause of this text is open/);
  });

  it('one to a framework without a host', async () => {
    const hostless = aFramework({ id: 'hostless' });
    await region.federation.signByAll(hostless);
    await region.accede(hostless);
    expect((await textOf(hostless)).rejected.at(-1)?.why).toMatch(/names no host/);
  });

  it('one whose host has withdrawn from the framework', async () => {
    await stop('protocol-withdrawn', region.framework, region.federation.agencies.council);
    await region.accede(region.framework);
    expect((await textOf(region.framework)).rejected.at(-1)?.why).toMatch(/has not signed the framework, or has left/);
  });

  it('one to a protocol that has expired', async () => {
    const time = testNow + 3 * 365 * 86_400;
    await region.accede(region.framework, { time });
    expect((await textOf(region.framework, time)).rejected.at(-1)?.why).toMatch(/has expired/);
  });

  it('one to a version that another has taken the place of', async () => {
    const second = { ...region.framework, version: 2, supersedes: hash(region.framework) };
    await region.federation.signByAll(second);
    await region.accede(region.framework);
    expect((await textOf(region.framework)).rejected.at(-1)?.why).toMatch(/Version 2 has taken the place/);
  });

  it('one where one person gives both signatures', async () => {
    const { council } = region.federation.agencies;
    const officer = { ...region.joiner.officer, officer: council.officer.officer };
    const joiner = aJoiningAgency({
      code: 'RR8',
      officer: { ...officer, agency: 'RR8', key: aJoiningAgency().officer.key },
    });
    await region.federation.append('agency-admitted', admissionOf(joiner));
    await region.accede(region.framework, { agency: joiner });
    expect((await textOf(region.framework)).rejected.at(-1)?.why).toMatch(/One person cannot both/);
  });

  it('one of which the event names another agency', async () => {
    const data = await accededData(region.framework, region.joiner, region.federation.agencies.council);
    await region.federation.append('protocol-acceded', { ...data, agency: 'RTD' });
    expect((await textOf(region.framework)).rejected.at(-1)?.why).toMatch(/names another text or agency/);
  });

  it('one to a text that nobody signed: the chain does not verify', async () => {
    const unknown = aFramework({ id: 'unsigned', host: 'E08000037' });
    await region.accede(unknown);
    await expect(region.federation.state()).rejects.toThrow(/nobody signed what was acceded to/);
  });
});

describe('what was joined', () => {
  beforeEach(joinBoth);

  it('ends for the agency that withdraws; the others go on, and it may join again', async () => {
    await stop('protocol-withdrawn', region.protocol);
    expect(await received()).toEqual([]);
    expect((await textOf(region.protocol)).status).toBe('in-force');
    expect(fieldsOf(await region.federation.state(), 'RTD')).toEqual(['address', 'name']);
    await region.accede(region.protocol, { time: testNow + 1 });
    expect(await received()).toEqual(['name']);
  });

  it('is withdrawn from in the capacity that joined', async () => {
    const dpo = await appointOfficer(region.federation, region.joiner, 'dpo', 'the-dpo');
    await stop('protocol-withdrawn', region.protocol, { ...region.joiner, officer: dpo });
    await expect(region.federation.state()).rejects.toThrow(/must be ended as caldicott-guardian/);
  });

  it('pauses for the agency that suspends it, until it joins again; the others go on', async () => {
    await stop('protocol-suspended', region.protocol);
    expect(await textOf(region.protocol)).toMatchObject({ status: 'in-force', acceded: [{ suspended: true }] });
    expect(await received()).toEqual([]);
    const { dormant, about } = compile(await region.federation.state()).grants('RR7', 'health-visitor');
    expect(dormant('read child-record@E08000037')).toHaveLength(1);
    expect(about('read child-record@E08000037')).toEqual([]);
    await region.accede(region.protocol, { time: testNow + 1 });
    expect(await received()).toEqual(['name']);
  });

  it('pauses and ends with the framework', async () => {
    await stop('protocol-suspended', region.framework);
    expect(await received()).toEqual([]);
    expect(await textOf(region.protocol)).toMatchObject({ acceded: [{ agency: 'RR7', suspended: true }] });
    await stop('protocol-withdrawn', region.framework);
    expect(await accededTo(region.protocol)).toEqual([]);
    await region.accede(region.framework, { time: testNow + 1 });
    expect(await received()).toEqual(['name']);
  });

  it('ends when the agency leaves the federation, and does not come back with it', async () => {
    await region.federation.append('agency-ended', { agency: 'RR7', reason: 'merged' });
    expect(await accededTo(region.protocol)).toEqual([]);
    const again = aJoiningAgency();
    await region.federation.append('agency-admitted', admissionOf(again));
    expect(await accededTo(region.protocol)).toEqual([]);
    expect(await received()).toEqual([]);
  });

  it('ends when the host leaves the federation', async () => {
    await region.federation.append('agency-ended', { agency: 'E08000037', reason: 'merged' });
    expect(await accededTo(region.framework)).toEqual([]);
    expect(await received()).toEqual([]);
  });

  it('does not carry to a new version', async () => {
    const second = { ...region.protocol, version: 2, supersedes: hash(region.protocol) };
    await region.federation.signByAll(second);
    expect(await received()).toEqual([]);
    expect(await accededTo(second)).toEqual([]);
    await region.accede(second);
    expect(await received()).toEqual(['name']);
  });

  it('does not outlive a new version of the framework, until the agency joins that', async () => {
    const second = { ...region.framework, version: 2, supersedes: hash(region.framework) };
    await region.federation.signByAll(second);
    expect((await textOf(region.protocol)).status).toBe('in-force');
    expect(await received()).toEqual([]);
    await region.accede(second);
    expect(await received()).toEqual(['name']);
  });

  it('expires with the text', async () => {
    expect(await received(testNow + 3 * 365 * 86_400)).toEqual([]);
  });

  it.each([
    ['the agency’s', (): TestAgency => region.joiner],
    ['the host’s', (): TestAgency => region.federation.agencies.council],
  ])('falls with %s key where it was compromised by then, until both sign again', async (_name, whose) => {
    const agency = whose();
    const { position } = (await textOf(region.framework)).acceded[0]!;
    const kid = thumbprint(publicPart(agency.officer.key));
    await region.federation.append('key-revoked', {
      agency: agency.code,
      kid,
      reason: 'stolen',
      compromised_from: position,
    });
    expect(await accededTo(region.framework)).toEqual([]);
    expect(await received()).toEqual([]);
    expect((await textOf(region.framework)).rejected.at(-1)?.why).toMatch(/compromised from event/);
    const officer = await appointOfficer(region.federation, agency, agency.signsAs, agency.officer.officer);
    agency.officer = officer;
    for (const text of [region.framework, region.protocol]) await region.accede(text, { time: testNow + 1 });
    expect(await received()).toEqual(['name']);
  });

  it('stays when the officer’s key is rotated in good order', async () => {
    const kid = thumbprint(publicPart(region.joiner.officer.key));
    const by = { agency: 'RR7', key: region.joiner.administration };
    await appointOfficer(region.federation, region.joiner, 'caldicott-guardian', region.joiner.officer.officer);
    await region.federation.append('key-revoked', { agency: 'RR7', kid, reason: 'rotated' }, { by });
    expect(await received()).toEqual(['name']);
  });

  it('is known again when a damaged text is restored, also what was withdrawn from meanwhile', async () => {
    const bytes = protocolBytes(region.framework);
    region.federation.texts.delete(hash(region.framework));
    const damaged = await region.federation.state();
    expect(damaged.protocols.get(hash(region.protocol))).toMatchObject({
      status: 'framework-not-in-force',
      acceded: [],
    });
    await stop('protocol-withdrawn', region.protocol);
    expect(fieldsOf(await region.federation.state(), 'RR7')).toEqual([]);
    region.federation.texts.set(hash(region.framework), bytes);
    expect(await accededTo(region.framework)).toEqual(['RR7']);
    expect(await accededTo(region.protocol)).toEqual([]);
  });
});

it('an operational protocol may not name a host of its own', async () => {
  const hosted = anOperationalProtocol(region.framework, { id: 'hosted', host: 'E08000037', clauses: [aClause()] });
  await region.federation.sign(hosted, region.federation.agencies.council);
  expect((await textOf(hosted)).rejected.at(-1)?.why).toMatch(/cannot be signed as it stands/);
});
