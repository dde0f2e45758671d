import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { canonicalText } from '../../../../platform/json.ts';
import { listEntries } from '../../../../platform/log/read.ts';
import { protocolBytes } from '../../../../policy/register/protocols/read.ts';
import { linkBody, sealLink } from '../../../../policy/register/chain/chain.ts';
import { RegisterEvent } from '../../../../policy/register/events/table.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import { generateKey } from '../../../../policy/register/signatures/generate.ts';
import { publicPart, thumbprint } from '../../../../policy/register/signatures/keys.ts';
import { proposeEvent, signEvent } from '../../../../policy/register/events/sign.ts';
import { anOpenRegister, append, sign, signByAll, type TestRegister } from '../../../support/policy/register.ts';
import { anOperationalProtocol, aFramework, federationName } from '../../../support/policy/documents.ts';
import { officerEntry, testNow } from '../../../support/policy/federation.ts';

const framework = aFramework();
const protocol = anOperationalProtocol(framework);
const hash = hashOf(protocolBytes(protocol));

let test: TestRegister;

async function begin(): Promise<void> {
  test = await anOpenRegister();
  await signByAll(test, framework);
  await signByAll(test, protocol);
  await test.register.verify();
  expect(test.register.problems()).toEqual([]);
  expect(statusOf()).toBe('in-force');
}

const statusOf = (): string | undefined => test.register.state()?.protocols.get(hash)?.status;
const logged = async (): Promise<unknown[]> => {
  const page = await listEntries(test.ground.db, { agency: 'E08000037' }, { event: 'register.damage-noticed' });
  return page.entries.map(({ content }) => content?.where);
};

describe('a row of the index that was edited by hand never takes effect, and is noticed:', () => {
  beforeAll(begin);
  afterAll(() => test.drop());

  const key = publicPart(generateKey());
  const cases: [string, RegExp, string, unknown[]][] = [
    [
      'a key that was added',
      /^agency_key/,
      `insert into agency_key (kid, agency, use, jwk, from_event) values ($1, 'E08000037', 'officer', $2, 1)`,
      [thumbprint(key), canonicalText(key)],
    ],
    [
      'a key that was replaced',
      /^agency_key/,
      'update agency_key set jwk = $1 where agency = $2',
      [canonicalText(key), 'RTD'],
    ],
    ['a key that was removed', /^agency_key/, 'delete from agency_key where agency = $1', ['RTD']],
    [
      'an officer who was added',
      /^officer of E08000037/,
      `insert into officer (agency, practitioner, from_event, name, capacities, kid) values ('E08000037', 'mallory', 1, 'Mallory', '{director}', $1)`,
      [thumbprint(key)],
    ],
    [
      'an officer who got a capacity',
      /^officer of RTD/,
      `update officer set capacities = '{director,siro}' where agency = 'RTD'`,
      [],
    ],
    ['an officer who was removed', /^officer of RTD/, `delete from officer where agency = 'RTD'`, []],
    [
      'a protocol whose days were prolonged',
      /^protocol safeguarding-children/,
      `update protocol set valid_until = '2099-01-01' where id = 'safeguarding-children'`,
      [],
    ],
    [
      'a protocol that was removed',
      /^protocol safeguarding-children/,
      `delete from protocol where id = 'safeguarding-children'`,
      [],
    ],
    [
      'a party that was added',
      /^protocol_party/,
      `insert into protocol_party (protocol, agency, signs_as, essential) values ($1, 'E06000047', 'director', false)`,
      [hash],
    ],
    [
      'a party that became inessential',
      /^protocol_party/,
      `update protocol_party set essential = not essential where protocol = $1`,
      [hash],
    ],
    [
      'a clause that became a permission',
      /^protocol_clause/,
      `update protocol_clause set effect = 'prohibit' where protocol = $1`,
      [hash],
    ],
    ['a clause that was removed', /^protocol_clause/, 'delete from protocol_clause where protocol = $1', [hash]],
    [
      'a signature that was added',
      /^protocol_signature/,
      `insert into protocol_signature (event, protocol, agency, kid, signed_at) values (999, $1, 'E06000047', 'x', 1)`,
      [hash],
    ],
    [
      'a signature that was changed',
      /^protocol_signature/,
      `update protocol_signature set officer = 'mallory' where protocol = $1`,
      [hash],
    ],
    [
      'a signature that was removed',
      /^protocol_signature/,
      'delete from protocol_signature where protocol = $1',
      [hash],
    ],
    [
      'a definition that got a field',
      /^definition/,
      `update definition set body = replace(body, 'address', 'income') where code = 'child-record'`,
      [],
    ],
    [
      'a text that was added',
      /^protocol_text/,
      `insert into protocol_text (hash, bytes) values (repeat('A', 43), 'x')`,
      [],
    ],
  ];

  beforeEach(() => test.asOwner('drop table if exists saved'));
  it.each(cases)('%s', async (_, where, statement, values) => {
    const before = test.register.state();
    const table = /(?:into|update|from) (\w+)/.exec(statement)?.[1];
    await test.asOwner(`create table saved as table ${table}`);
    test.lines.length = 0;
    await test.asOwner(statement, values);
    await test.register.verify();
    expect(test.register.state()).toBe(before);
    const [problem] = test.register.problems();
    expect(problem?.where).toMatch(where);
    expect(problem?.noticedAt).toBe(test.clock.now);
    expect(test.lines).toHaveLength(test.register.problems().length);
    expect(test.lines[0]).toMatchObject({ level: 'error', details: { where: problem?.where } });
    expect(JSON.stringify(test.lines)).not.toMatch(/Robin Okafor|officer-of-|mallory/i);
    const noticed = await logged();
    expect(noticed).toContain(problem?.where);
    await test.register.verify();
    expect(await logged()).toEqual(noticed);
    await test.asOwner(`delete from ${table}`);
    await test.asOwner(`insert into ${table} table saved`);
    await test.register.verify();
    expect(test.register.problems()).toEqual([]);
  });
});

describe('an officer and a key that were inserted by hand', () => {
  beforeEach(begin);
  afterEach(() => test.drop());

  it('cannot sign, cannot appoint, and cannot withdraw', async () => {
    const { council } = test.agencies;
    const key = generateKey();
    const kid = thumbprint(publicPart(key));
    await test.asOwner(
      `insert into agency_key (kid, agency, use, jwk, from_event) values ($1, 'E08000037', 'officer', $2, 1)`,
      [kid, canonicalText(publicPart(key))],
    );
    await test.asOwner(
      `insert into officer (agency, practitioner, from_event, name, capacities, kid) values ('E08000037', 'mallory', 1, 'Mallory', '{director}', $1)`,
      [kid],
    );
    await test.register.verify();
    const mallory = { agency: council.code, officer: 'mallory', capacity: 'director' as const, key };
    const second = { ...protocol, version: 2, supersedes: hash };
    await expect(sign(test, second, council, mallory)).rejects.toMatchObject({
      code: 'unknown-key',
      kind: 'forbidden',
    });
    const appointment = append(
      test,
      'officer-appointed',
      { agency: council.code, officer: officerEntry(mallory) },
      { by: { agency: council.code, key } },
    );
    await expect(appointment).rejects.toMatchObject({ code: 'unknown-key' });
    const data = { protocol: hash, id: protocol.id, version: 1, agency: council.code, reason: 'spite' };
    await expect(append(test, 'protocol-withdrawn', data, { by: mallory })).rejects.toMatchObject({
      code: 'unknown-key',
    });
    expect(statusOf()).toBe('in-force');
  });
});

describe('a protocol text that was edited by hand', () => {
  beforeEach(begin);
  afterEach(() => test.drop());

  it('puts that protocol out of force, the others stay, and putting the byte back brings it back', async () => {
    await test.asOwner(
      `update protocol_text set bytes = set_byte(bytes, 200, get_byte(bytes, 200) # 1) where hash = $1`,
      [hash],
    );
    await test.register.verify();
    expect(statusOf()).toBeUndefined();
    expect(test.register.state()?.damaged.get(hash)).toMatchObject({ id: 'safeguarding-children' });
    expect(test.register.state()?.protocols.get(hashOf(protocolBytes(framework)))?.status).toBe('in-force');
    expect(test.register.problems()).toMatchObject([{ where: `protocol_text ${hash}` }]);
    await test.asOwner(
      `update protocol_text set bytes = set_byte(bytes, 200, get_byte(bytes, 200) # 1) where hash = $1`,
      [hash],
    );
    await test.register.verify();
    expect(statusOf()).toBe('in-force');
    expect(test.register.problems()).toEqual([]);
  });

  it('is noticed without anybody asking', async () => {
    const process = await test.join({ interval: 0.2 });
    await test.asOwner('delete from protocol_text where hash = $1', [hash]);
    const deadline = Date.now() + 10_000;
    while (process.register.problems().length === 0 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(process.register.problems()).toMatchObject([{ where: `protocol_text ${hash}` }]);
    expect(process.register.state()?.protocols.has(hash)).toBe(false);
  });
});

describe('a chain that was changed by hand: nothing is in force, nothing can be added, and it says why:', () => {
  beforeEach(begin);
  afterEach(() => test.drop());

  const expectClosed = async (why: RegExp): Promise<void> => {
    await test.register.verify();
    expect(test.register.state()).toBeUndefined();
    expect(test.register.problems()[0]).toMatchObject({ where: 'register' });
    expect(test.register.problems()[0]?.what).toMatch(why);
    const { council } = test.agencies;
    await expect(append(test, 'agency-ended', { agency: council.code, reason: 'r' })).rejects.toMatchObject({
      kind: 'unavailable',
    });
  };
  const last = async (): Promise<number> =>
    Number((await test.asOwner('select max(sequence) as last from register_event'))[0]?.last);

  it('the last event removed', async () => {
    const data = { protocol: hash, id: protocol.id, version: 1, agency: 'RTD', reason: 'no longer needed' };
    await append(test, 'protocol-withdrawn', data, { by: test.agencies.health.officer });
    await test.asOwner('delete from register_event where sequence = $1', [await last()]);
    await expectClosed(/cut short or replaced/);
  });

  it('the last event removed while the service was down: the disk remembers', async () => {
    const { dataDir } = test.ground.config;
    await test.asOwner('delete from register_event where sequence = $1', [await last()]);
    const process = await test.join({ dataDir });
    expect(process.register.state()).toBeUndefined();
    expect(process.register.problems()[0]?.what).toMatch(/cut short or replaced/);
    expect(JSON.parse(await readFile(path.join(dataDir, 'register-head.json'), 'utf8'))).toMatchObject({
      sequence: (await last()) + 1,
    });
  });

  it('every event removed', async () => {
    await test.asOwner('delete from register_event');
    await expectClosed(/cut short or replaced/);
  });

  it('an event in the middle removed', async () => {
    await test.asOwner('delete from register_event where sequence = 5');
    await expectClosed(/does not stand after event 4/);
  });

  it('a byte of an event edited', async () => {
    await test.asOwner(
      'update register_event set body = set_byte(body, 60, get_byte(body, 60) # 1) where sequence = 5',
    );
    await expectClosed(/event 5: its bytes do not match/);
  });

  it('an event added, signed and sealed with keys of the attacker’s', async () => {
    const sequence = await last();
    const [row] = await test.asOwner('select hash from register_event where sequence = $1', [sequence]);
    const key = generateKey();
    const event = proposeEvent(
      { sequence, hash: String(row?.hash) },
      { federation: federationName, type: 'agency-ended', data: { agency: 'RTD', reason: 'r' }, time: testNow },
    );
    const { body, hash: linkHash } = linkBody(RegisterEvent.parse(event), [await signEvent(event, { key })]);
    const seal = await sealLink(event, linkHash, key, testNow);
    await test.asOwner('insert into register_event (sequence, body, hash, seal) values ($1, $2, $3, $4)', [
      sequence + 1,
      Buffer.from(body),
      linkHash,
      seal,
    ]);
    await expectClosed(/seal is not this service’s/);
    await test.asOwner('delete from register_event where sequence = $1', [sequence + 1]);
    await test.register.verify();
    expect(statusOf()).toBe('in-force');
  });

  it('a head on disk that cannot be read', async () => {
    const process = await test.join();
    await process.close();
    const { dataDir } = process.ground.config;
    await writeFile(path.join(dataDir, 'register-head.json'), '{');
    const again = await test.join({ dataDir });
    expect(again.register.state()).toBeUndefined();
    expect(again.register.problems()[0]?.what).toMatch(/cannot be read/);
  });
});

it('without a root key nothing is in force', async () => {
  await begin();
  const { federation } = test.ground.config;
  delete federation.rootKey;
  await test.register.verify();
  expect(test.register.state()).toBeUndefined();
  expect(test.register.problems()[0]?.what).toMatch(/FEDERATION_ROOT_KEY/);
  await test.drop();
});
