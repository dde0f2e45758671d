/** Accession in the register that the service runs: real PostgreSQL, several processes, the index and the interface. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { listEntries } from '../../../../platform/log/read.ts';
import { accessionBytes } from '../../../../policy/register/protocols/accession.ts';
import { protocolBytes } from '../../../../policy/register/protocols/read.ts';
import { appendEvent } from '../../../../policy/register/ledger/append.ts';
import { describeList, describeProtocol, type Given } from '../../../../policy/register/interface/describe.ts';
import { ListParameters, ProtocolList, ProtocolPage } from '../../../../policy/register/interface/shapes.ts';
import type { RegisterState } from '../../../../policy/register/chain/state.ts';
import { compile } from '../../../../policy/decisions/rules/compile.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import { generateKey } from '../../../../policy/register/signatures/generate.ts';
import { publicPart } from '../../../../policy/register/signatures/keys.ts';
import { signProtocol } from '../../../../policy/register/events/sign.ts';
import { accededData, aJoiningAgency, anAccession, join, openClauses } from '../../../support/policy/accession.ts';
import { aPasskey, withAssertion } from '../../../support/idp/passkey.ts';
import { anOpenRegister, append, sign, signByAll, type TestRegister } from '../../../support/policy/register.ts';
import { admissionOf, officerEntry } from '../../../support/policy/federation.ts';
import { anOperationalProtocol, aFramework } from '../../../support/policy/documents.ts';

const framework = aFramework({ host: 'E08000037' });
const protocol = anOperationalProtocol(framework, { clauses: openClauses });
const hash = hashOf(protocolBytes(protocol));
const joiner = aJoiningAgency();
const third = aJoiningAgency({ code: 'RR8' });

let test: TestRegister;
beforeAll(async () => {
  test = await anOpenRegister();
  for (const one of [joiner, third]) await append(test, 'agency-admitted', admissionOf(one));
  await signByAll(test, framework);
  await signByAll(test, protocol);
  await join(test, framework, joiner);
});
afterAll(() => test.drop());

const state = (process: Pick<TestRegister, 'register'> = test): RegisterState => {
  const found = process.register.state();
  if (found === undefined) throw new Error('the register does not verify');
  return found;
};
const receives = (process?: Pick<TestRegister, 'register'>): string[] =>
  compile(state(process))
    .grants('RR7', 'health-visitor')
    .about('read child-record@E08000037')
    .map(({ clause }) => clause.id);
const problems = async (): Promise<string[]> => {
  await test.register.verify();
  return test.register.problems().map(({ where }) => where);
};

describe('an accession that is handed in', () => {
  it('takes effect at once, here and in every other process, and is recorded for all concerned', async () => {
    const other = await test.join();
    const epoch = test.ground.log.fence.epoch();
    expect(receives()).toEqual([]);
    await join(test, protocol, joiner);
    expect(receives()).toEqual(['open']);
    expect(test.ground.log.fence.epoch()).toBeGreaterThan(epoch);
    await other.ground.log.fence.catchUp(test.ground.log.fence.epoch());
    expect(receives(other)).toEqual(['open']);
    await other.close();
    for (const agency of ['RR7', 'E08000037', 'RTD', 'E23000007']) {
      const { entries } = await listEntries(test.ground.db, { agency }, { event: 'register.protocol-acceded' });
      expect(entries[0]).toMatchObject({
        subject: hash,
        content: { agency: 'RR7', capacity: 'caldicott-guardian', host: 'E08000037', host_capacity: 'director' },
      });
    }
  });

  it('stands in the index, and is shown', async () => {
    expect(await problems()).toEqual([]);
    expect(
      await test.asOwner('select agency, host, host_capacity from protocol_accession where protocol = $1', [hash]),
    ).toEqual([{ agency: 'RR7', host: 'E08000037', host_capacity: 'director' }]);
    const registered = state().protocols.get(hash)!;
    const links = new Map(
      (await test.asOwner('select sequence, body from register_event')).map((row) => [
        Number(row.sequence),
        (JSON.parse((row.body as Buffer).toString()) as { event: { data: Given } }).event.data,
      ]),
    );
    const page = ProtocolPage.parse(describeProtocol(state(), registered, {}, (position) => links.get(position)!));
    expect(page).toMatchObject({
      acceded: ['RR7'],
      accessions: [
        {
          agency: 'RR7',
          suspended: false,
          accession: { protocol: hash, party: { agency: 'RR7' } },
          signatures: [{ agency: 'RR7' }, { agency: 'E08000037', with: 'agency-key' }],
        },
      ],
    });
    const list = ProtocolList.parse(describeList(state(), ListParameters.parse({ agency: 'RR7' })));
    expect(list.protocols.map(({ id }) => id)).toEqual(['regional-framework', 'safeguarding-children']);
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['for an agency that has joined', 'already-acceded', () => join(test, protocol, joiner)],
    ['for a party', 'already-party', () => join(test, protocol, test.agencies.health)],
    [
      'countersigned by somebody else',
      'wrong-agency',
      () => join(test, framework, third, { host: test.agencies.police.officer }),
    ],
    ['to a text that nobody signed', 'unknown-protocol', () => join(test, aFramework({ id: 'unsigned' }), joiner)],
    [
      'that is not in canonical form',
      'not-canonical',
      () => submit(Buffer.from(` ${JSON.stringify(anAccession(protocol, joiner))}`)),
    ],
    ['that is no accession', 'accession-malformed', () => submit(Buffer.from('{}'))],
  ])('is refused %s', async (_, code, act) => {
    const { head } = state();
    await expect(act()).rejects.toMatchObject({ code });
    expect(state().head).toEqual(head);
    expect(await problems()).toEqual([]);
  });

  const submit = async (accession: Uint8Array) => {
    const { signature, countersignature } = await accededData(protocol, joiner, test.agencies.council);
    return appendEvent(test.ground, test.register, { service: 'test' }, { accession, signature, countersignature });
  };

  it('by two processes at once counts once', async () => {
    const late = aJoiningAgency({ code: 'RR9' });
    await append(test, 'agency-admitted', admissionOf(late));
    const other = await test.join();
    const done = await Promise.allSettled([join(test, framework, late), join(test, framework, late, { in: other })]);
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await other.close();
    expect(await problems()).toEqual([]);
  });
});

describe('a row of the index that was edited by hand takes no effect, and is noticed:', () => {
  const cases: [string, RegExp, string, unknown[]][] = [
    [
      'an accession that was added',
      /^protocol_accession/,
      `insert into protocol_accession (event, protocol, agency, kid, signed_at, host_kid, host_signed_at) values (999, $1, 'E06000047', 'x', 1, 'y', 1)`,
      [hash],
    ],
    [
      'an accession that was changed',
      /^protocol_accession/,
      `update protocol_accession set host_officer = 'mallory' where protocol = $1`,
      [hash],
    ],
    [
      'an accession that was removed',
      /^protocol_accession/,
      'delete from protocol_accession where protocol = $1',
      [hash],
    ],
    [
      'a key said to be held by the service',
      /^agency_key/,
      `update agency_key set held = 'service' where agency = 'RTD'`,
      [],
    ],
    [
      'a passkey that was given to an officer',
      /^officer/,
      `update officer set passkey = '{}' where agency = 'RTD'`,
      [],
    ],
  ];
  it.each(cases)('%s', async (_, where, statement, values) => {
    await test.asOwner('begin');
    const before = receives();
    const tables = ['protocol_accession', 'agency_key', 'officer'];
    const kept = new Map<string, Record<string, unknown>[]>();
    for (const table of tables) kept.set(table, await test.asOwner(`select * from ${table}`));
    await test.asOwner(statement, values);
    await test.asOwner('commit');
    expect((await problems())[0]).toMatch(where);
    expect(receives()).toEqual(before);
    for (const [table, rows] of kept) {
      await test.asOwner(`delete from ${table}`);
      await test.asOwner(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1::jsonb)`, [
        JSON.stringify(rows),
      ]);
    }
    expect(await problems()).toEqual([]);
  });
});

describe('a signature that only the service made', () => {
  it('is refused when it is handed in, and counts with the officer’s passkey', async () => {
    const { health, council, police } = test.agencies;
    const passkey = aPasskey();
    const officer = { ...health.officer, officer: 'by-passkey', key: generateKey() };
    const by = { by: { agency: health.code, key: health.administration } };
    const key = { jwk: publicPart(officer.key), use: 'officer', held: 'service' } as const;
    await append(test, 'key-added', { agency: health.code, key }, by);
    const entry = { ...officerEntry(officer), passkey: passkey.entry };
    await append(test, 'officer-appointed', { agency: health.code, officer: entry }, by);
    const document = anOperationalProtocol(framework, { id: 'by-passkey' });
    const text = protocolBytes(document);
    const sealed = await signProtocol({ ...officer, document: text, time: test.clock.now });
    const hand = (signature: typeof sealed) =>
      appendEvent(test.ground, test.register, { service: 'test' }, { text, agency: health.code, signature });
    await expect(hand(sealed)).rejects.toMatchObject({ code: 'sealed-by-service' });
    await expect(hand(withAssertion(sealed, text, passkey, { flags: 1 }))).rejects.toMatchObject({
      code: 'signature-not-valid',
    });
    await hand(withAssertion(sealed, text, passkey));
    await sign(test, document, council);
    await sign(test, document, police);
    expect(state().protocols.get(hashOf(text))).toMatchObject({
      status: 'in-force',
      signatures: expect.arrayContaining([expect.objectContaining({ agency: health.code, with: 'passkey' })]),
    });
    expect(await problems()).toEqual([]);
  });

  it('stands in a chain that another process verifies from its first link on', async () => {
    const other = await test.join();
    expect(other.register.problems()).toEqual([]);
    expect(state(other)).toEqual(state());
    await other.close();
  });
});

it('the canonical bytes of an accession are the same, whatever the order of its keys', () => {
  const accession = anAccession(protocol, joiner);
  const turned = Object.fromEntries(Object.entries(accession).toReversed()) as typeof accession;
  expect(Buffer.from(accessionBytes(turned)).equals(accessionBytes(accession))).toBe(true);
  expect(z.string().parse(hashOf(accessionBytes(accession)))).toHaveLength(43);
});
