/** A withdrawal cannot be undone by whoever has the database: it is noticed, and nothing comes back. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { protocolBytes } from '../../../../policy/register/protocols/read.ts';
import { compile } from '../../../../policy/decisions/rules/compile.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import { aJoiningAgency, join, openClauses } from '../../../support/policy/accession.ts';
import {
  anOpenRegister,
  append,
  type RegisterProcess,
  signByAll,
  type TestRegister,
} from '../../../support/policy/register.ts';
import { admissionOf, type TestAgency } from '../../../support/policy/federation.ts';
import { anOperationalProtocol, aFramework } from '../../../support/policy/documents.ts';

const framework = aFramework({ host: 'E08000037' });
const protocol = anOperationalProtocol(framework, { clauses: openClauses });
const hash = hashOf(protocolBytes(protocol));

type Stored = { sequence: string; body: Buffer; hash: string; seal: string };

let test: TestRegister;
let joiner: TestAgency;
beforeEach(async () => {
  test = await anOpenRegister();
  joiner = aJoiningAgency();
  await append(test, 'agency-admitted', admissionOf(joiner));
  await signByAll(test, framework);
  await signByAll(test, protocol);
  await join(test, framework, joiner);
  await join(test, protocol, joiner);
});
afterEach(() => test.drop());

const withdraw = (
  { code, officer }: TestAgency,
  type: 'protocol-withdrawn' | 'protocol-suspended' = 'protocol-withdrawn',
) =>
  append(
    test,
    type,
    { protocol: hash, id: protocol.id, version: 1, agency: code, reason: 'no longer needed' },
    { by: officer },
  );

/** What a health visitor of the agency receives; nothing where the register does not verify. */
const received = (agency: string, { register }: Pick<RegisterProcess, 'register'> = test): number => {
  const state = register.state();
  if (state === undefined) return 0;
  return compile(state).grants(agency, 'health-visitor').about('read child-record@E08000037').length;
};
const last = async (): Promise<number> =>
  Number((await test.asOwner('select max(sequence) as last from register_event'))[0]?.last);
const remove = (sequence: number) => test.asOwner('delete from register_event where sequence = $1', [sequence]);

/** This process, one that starts again with its disk, and one that runs beside it: each notices, none gives anything. */
async function expectNothing(agency: string, beside: RegisterProcess, why: RegExp): Promise<void> {
  await test.register.verify();
  await beside.register.verify();
  const restarted = await test.join({ dataDir: test.ground.config.dataDir });
  for (const process of [test, beside, restarted]) {
    expect(process.register.state()).toBeUndefined();
    expect(process.register.problems()[0]?.what).toMatch(why);
    expect(received(agency, process)).toBe(0);
  }
  await restarted.close();
}

describe.each([
  ['a party’s', () => test.agencies.health],
  ['a joined agency’s', () => joiner],
])('%s withdrawal that is deleted from the database', (_, whose) => {
  it('as the last event of the chain, is noticed, and nothing comes back', async () => {
    const agency = whose();
    const beside = await test.join();
    expect(received(agency.code)).toBeGreaterThan(0);
    await withdraw(agency);
    await beside.ground.log.fence.catchUp(test.ground.log.fence.epoch());
    expect(received(agency.code, beside)).toBe(0);
    await remove(await last());
    await expectNothing(agency.code, beside, /cut short or replaced/);
  });

  it('from the middle of the chain, is noticed, and nothing comes back', async () => {
    const agency = whose();
    const beside = await test.join();
    await withdraw(agency);
    const position = await last();
    await withdraw(test.agencies.police, 'protocol-suspended');
    await remove(position);
    await expectNothing(agency.code, beside, new RegExp(`does not stand after event ${position - 1}`));
  });
});

describe('a joined agency’s withdrawal that is deleted', () => {
  it('and whose place a later event was moved into, is noticed, and nothing comes back', async () => {
    const agency = joiner;
    const beside = await test.join();
    await withdraw(agency);
    const position = await last();
    await withdraw(test.agencies.police, 'protocol-suspended');
    await remove(position);
    await test.asOwner('update register_event set sequence = $1 where sequence = $2', [position, position + 1]);
    await expectNothing(agency.code, beside, /event/);
  });

  it('while nothing ran, is noticed by the disk', async () => {
    const agency = joiner;
    const { dataDir } = test.ground.config;
    await withdraw(agency);
    await test.close();
    await remove(await last());
    const restarted = await test.join({ dataDir });
    expect(restarted.register.problems()[0]?.what).toMatch(/cut short or replaced/);
    expect(received(agency.code, restarted)).toBe(0);
  });
});

it('the chain as it was before a withdrawal, put back whole, is noticed', async () => {
  const before = (await test.asOwner('select * from register_event order by sequence')) as Stored[];
  await withdraw(joiner);
  await test.asOwner('delete from register_event');
  for (const { sequence, body, hash: named, seal } of before) {
    await test.asOwner('insert into register_event (sequence, body, hash, seal) values ($1, $2, $3, $4)', [
      sequence,
      body,
      named,
      seal,
    ]);
  }
  await test.register.verify();
  expect(test.register.state()).toBeUndefined();
  expect(received('RR7')).toBe(0);
});

it('a withdrawal that is put back brings the register back, with the withdrawal', async () => {
  await withdraw(joiner);
  const position = await last();
  const [row] = (await test.asOwner('select * from register_event where sequence = $1', [position])) as Stored[];
  await remove(position);
  await test.register.verify();
  expect(test.register.state()).toBeUndefined();
  await test.asOwner('insert into register_event (sequence, body, hash, seal) values ($1, $2, $3, $4)', [
    position,
    row?.body,
    row?.hash,
    row?.seal,
  ]);
  await test.register.verify();
  expect(test.register.problems()).toEqual([]);
  expect(received('RR7')).toBe(0);
  expect(received('RTD')).toBeGreaterThan(0);
});
