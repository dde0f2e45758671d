import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from '../../../../platform/database/sql.ts';
import { listEntries } from '../../../../platform/log/read.ts';
import { protocolBytes } from '../../../../policy/register/protocols/read.ts';
import { appendEvent, appendEvents, type AppendOptions } from '../../../../policy/register/ledger/append.ts';
import { hashOf } from '../../../../policy/register/signatures/canonical.ts';
import { generateKey } from '../../../../policy/register/signatures/generate.ts';
import { publicPart, thumbprint } from '../../../../policy/register/signatures/keys.ts';
import { proposeEvent, signEvent, signProtocol } from '../../../../policy/register/events/sign.ts';
import {
  anOpenRegister,
  append,
  type RegisterProcess,
  sign,
  signByAll,
  signed,
  type TestRegister,
} from '../../../support/policy/register.ts';
import {
  aClause,
  anOperationalProtocol,
  aFramework,
  federationName,
  type ProtocolInput,
} from '../../../support/policy/documents.ts';
import { officerEntry } from '../../../support/policy/federation.ts';

let test: TestRegister;
let other: RegisterProcess;
const framework = aFramework();
beforeAll(async () => {
  test = await anOpenRegister();
  await signByAll(test, framework);
  other = await test.join();
});
afterAll(() => test.drop());

const head = () => test.register.state()!.head;
const statusOf = (document: ProtocolInput, process: RegisterProcess = test): string | undefined =>
  process.register.state()?.protocols.get(hashOf(protocolBytes(document)))?.status;
type Within = NonNullable<AppendOptions['within']>;
const settled = async (agency: string) =>
  (await listEntries(test.ground.db, { agency }, { event: 'test.settled' }, { limit: 10 })).entries;
let serial = 0;
const aProtocolOfItsOwn = (changes: Partial<ProtocolInput> = {}): ProtocolInput =>
  anOperationalProtocol(framework, { id: `protocol-${(serial += 1)}`, ...changes });
const service = { service: 'test' };

describe('adding to the register', () => {
  it('is recorded in the log, for the officers of the agencies concerned', async () => {
    const document = aProtocolOfItsOwn();
    await sign(test, document, test.agencies.council);
    const { entries } = await listEntries(
      test.ground.db,
      { agency: 'RTD' },
      { event: 'register.protocol-signed' },
      { limit: 1 },
    );
    expect(entries[0]?.content).toMatchObject({
      id: document.id,
      agency: 'E08000037',
      capacity: 'director',
      hash: head().hash,
    });
    expect(entries[0]?.register).toBeDefined();
  });

  it('raises the epoch, so that no decision made before it can be recorded any more', async () => {
    const epoch = test.ground.log.fence.epoch();
    await sign(test, aProtocolOfItsOwn(), test.agencies.council);
    expect(test.ground.log.fence.epoch()).toBeGreaterThan(epoch);
    const event = { event: 'decision', actor: {}, agencies: [], content: {} };
    expect(await test.ground.log.append(event, { epoch, validUntil: test.clock.now + 60 })).toMatchObject({
      outcome: 'stale',
    });
  });

  it('is seen by another process before its epoch moves on', async () => {
    const document = aProtocolOfItsOwn();
    await signByAll(test, document);
    const epoch = test.ground.log.fence.epoch();
    await other.ground.log.fence.catchUp(epoch);
    expect(statusOf(document, other)).toBe('in-force');
    const data = { protocol: hashOf(protocolBytes(document)), id: document.id, version: 1, agency: 'RTD', reason: 'r' };
    await append(test, 'protocol-suspended', data, { by: test.agencies.health.officer });
    await other.ground.log.fence.catchUp(test.ground.log.fence.epoch());
    expect(statusOf(document, other)).toBe('suspended');
  });

  it('by two processes at once makes one chain, in which every event stands once', async () => {
    const documents = Array.from({ length: 6 }, () => aProtocolOfItsOwn());
    const { council, health, police } = test.agencies;
    const before = head().sequence;
    const given = documents.flatMap((document, index) =>
      [council, health, police].map((agency, at) =>
        sign(test, document, agency, { in: (index + at) % 2 === 0 ? test : other }),
      ),
    );
    await Promise.all(given);
    for (const process of [test, other]) {
      await process.register.verify();
      expect(process.register.problems()).toEqual([]);
      expect(process.register.state()?.head.sequence).toBe(before + 18);
      for (const document of documents) expect(statusOf(document, process)).toBe('in-force');
    }
    expect(other.register.state()?.head).toEqual(head());
  });

  it('of several events is all or nothing', async () => {
    const { sequence } = head();
    const { code, administration } = test.agencies.council;
    const by = { agency: code, key: administration };
    const good = (): ReturnType<typeof signed> =>
      signed(test, 'key-added', { agency: code, key: { jwk: publicPart(generateKey()), use: 'officer' } }, { by });
    const bad = signed(
      test,
      'key-added',
      { agency: code, key: { jwk: publicPart(generateKey()), use: 'officer' } },
      { by: { key: generateKey() } },
    );
    await expect(appendEvents(test.ground, test.register, service, [good(), good(), bad])).rejects.toMatchObject({
      code: 'unknown-key',
    });
    expect(head().sequence).toBe(sequence);
    await appendEvents(test.ground, test.register, service, [good(), good()]);
    expect(head().sequence).toBe(sequence + 2);
    await test.register.verify();
    expect(test.register.problems()).toEqual([]);
  });

  it('shows nobody an event whose transaction does not commit', async () => {
    const before = test.register.state();
    const { code, officer } = test.agencies.council;
    const data = { agency: code, practitioner: officer.officer };
    const ground = {
      ...test.ground,
      keys: { ...test.ground.keys, current: () => Promise.reject(new Error('no key')) },
    };
    await expect(appendEvent(ground, test.register, service, signed(test, 'officer-ended', data))).rejects.toThrow(
      'no key',
    );
    expect(test.register.state()).toBe(before);
    const late = appendEvents(test.ground, test.register, service, [
      signed(test, 'officer-ended', data),
      () => Promise.reject(new Error('changed my mind')),
    ]);
    await expect(late).rejects.toThrow('changed my mind');
    expect(test.register.state()).toBe(before);
    await sign(test, aProtocolOfItsOwn(), test.agencies.council);
    expect(test.register.state()?.agencies.get(code)?.officers.get(officer.officer)?.endedAt).toBeUndefined();
  });

  it('settles the rows that tell of an event in its own transaction', async () => {
    const { code } = test.agencies.council;
    const key = { jwk: publicPart(generateKey()), use: 'officer' as const };
    const { sequence } = head();
    let told: object | undefined;
    const added = await appendEvent(
      test.ground,
      test.register,
      service,
      signed(test, 'key-added', { agency: code, key }),
      {
        scope: { agency: code },
        within: async (tx, at) => {
          const [row] = await tx.query<{ scope: string }>(sql`
          select current_setting('wayleave.agency') as scope from register_event where hash = ${at.hash}`);
          told = { ...at, ...row, seen: test.register.state()?.head.sequence };
          tx.record({ event: 'test.settled', actor: service, agencies: [code], content: { kid: thumbprint(key.jwk) } });
        },
      },
    );
    expect(told).toEqual({ ...added, scope: code, seen: sequence });
    expect(await settled(code)).toMatchObject([{ content: { kid: thumbprint(key.jwk) } }]);
    expect(head()).toEqual(added);
  });

  it('adds no event whose rows cannot be settled, and keeps no row of an event that is refused', async () => {
    const { code } = test.agencies.council;
    const before = test.register.state();
    const lines = (await settled(code)).length;
    const adding = (jwk: ReturnType<typeof publicPart>, within: Within): Promise<unknown> =>
      appendEvent(
        test.ground,
        test.register,
        service,
        signed(test, 'key-added', { agency: code, key: { jwk, use: 'officer' } }),
        { within },
      );
    const settle: Within = (tx) => {
      tx.record({ event: 'test.settled', actor: service, agencies: [code], content: {} });
      return Promise.resolve();
    };
    const jwk = publicPart(generateKey());
    const tooLate = adding(jwk, async (tx, at) => {
      await settle(tx, at);
      throw new Error('taken back meanwhile');
    });
    await expect(tooLate).rejects.toThrow('taken back meanwhile');
    expect(test.register.state()).toBe(before);
    const known = publicPart(test.agencies.council.administration);
    await expect(adding(known, settle)).rejects.toMatchObject({ code: 'key-known' });
    // PostgreSQL itself refuses the commit.
    const unsound = adding(jwk, async (tx, at) => {
      await settle(tx, at);
      await tx.query(sql`select 1 / 0`).catch(() => undefined);
    });
    await expect(unsound).rejects.toThrow();
    await test.register.verify();
    expect(test.register.problems()).toEqual([]);
    expect(head()).toEqual(before?.head);
    expect(await settled(code)).toHaveLength(lines);
    await adding(jwk, settle);
    expect(await settled(code)).toHaveLength(lines + 1);
  });

  it('of a compromise takes effect at once, here and elsewhere', async () => {
    const { code, administration } = test.agencies.police;
    const by = { agency: code, key: administration };
    const key = generateKey();
    const officer = { agency: code, officer: 'short-lived', capacity: 'siro' as const, key };
    await append(test, 'key-added', { agency: code, key: { jwk: publicPart(key), use: 'officer' } }, { by });
    await append(test, 'officer-appointed', { agency: code, officer: officerEntry(officer) }, { by });
    const document = aProtocolOfItsOwn();
    await sign(test, document, test.agencies.council);
    await sign(test, document, test.agencies.health);
    await sign(test, document, test.agencies.police, officer);
    expect(statusOf(document)).toBe('in-force');
    const data = {
      agency: code,
      kid: thumbprint(publicPart(key)),
      reason: 'stolen',
      compromised_from: head().sequence,
    };
    await append(test, 'key-revoked', data);
    expect(statusOf(document)).toBe('awaiting-signatures');
    await other.ground.log.fence.catchUp(test.ground.log.fence.epoch());
    expect(statusOf(document, other)).toBe('awaiting-signatures');
    await test.register.verify();
    expect(test.register.problems()).toEqual([]);
  });

  it('leaves the application no way to change what stands there', async () => {
    for (const statement of [
      sql`update register_event set hash = hash`,
      sql`delete from register_event`,
      sql`update protocol_text set bytes = bytes`,
      sql`delete from officer`,
      sql`update officer set capacities = '{siro}'`,
      sql`update agency_key set jwk = ''`,
    ]) {
      await expect(test.ground.db.query(statement)).rejects.toThrow(/permission denied/);
    }
  });
});

describe('a submission is refused in words, and nothing is written:', () => {
  const refused = async (submission: Promise<unknown>, refusal: object): Promise<void> => {
    const { sequence } = head();
    await expect(submission).rejects.toMatchObject(refusal);
    await test.register.verify();
    expect(head().sequence).toBe(sequence);
    expect(test.register.problems()).toEqual([]);
  };

  it('a forged signature', () => {
    const key = generateKey();
    return refused(sign(test, aProtocolOfItsOwn(), test.agencies.council, { key }), {
      code: 'unknown-key',
      kind: 'forbidden',
    });
  });

  it('a signature over another text', async () => {
    const { council } = test.agencies;
    const signature = await signProtocol({ ...council.officer, document: aProtocolOfItsOwn(), time: test.clock.now });
    const text = protocolBytes(aProtocolOfItsOwn());
    await refused(appendEvent(test.ground, test.register, service, { text, agency: council.code, signature }), {
      code: 'signature-not-valid',
      kind: 'invalid',
    });
  });

  it('a signature by somebody without the capacity', () =>
    refused(sign(test, aProtocolOfItsOwn(), test.agencies.council, { capacity: 'siro' }), {
      code: 'capacity-missing',
      kind: 'forbidden',
    }));

  it('a signature for an agency that is not a party', () => {
    const parties = framework.parties.slice(0, 2);
    return refused(sign(test, aProtocolOfItsOwn({ parties }), test.agencies.police), {
      code: 'not-a-party',
      kind: 'forbidden',
    });
  });

  it('a signature given twice', async () => {
    const document = aProtocolOfItsOwn();
    await sign(test, document, test.agencies.council);
    await refused(sign(test, document, test.agencies.council, { time: test.clock.now + 1 }), {
      code: 'already-signed',
      kind: 'conflict',
    });
    await refused(sign(test, document, test.agencies.council), { code: 'signature-replayed', kind: 'conflict' });
  });

  it('a protocol that makes no sense, with the places', () => {
    const document = aProtocolOfItsOwn({ clauses: [aClause({ fields: ['name', 'shoe_size'] })] });
    return refused(sign(test, document, test.agencies.council), {
      code: 'protocol-not-sound',
      issues: [{ pointer: '/clauses/0/fields/1', message: 'The asset child-record has no field shoe_size.' }],
    });
  });

  it('a text with a key twice', () => {
    const text = Buffer.from(
      Buffer.from(protocolBytes(aProtocolOfItsOwn())).toString().replace('"version":1', '"version":1,"version":1'),
    );
    return refused(sign(test, text, test.agencies.council), { code: 'duplicate-key' });
  });

  it('another text under a name and version that are taken', async () => {
    const document = aProtocolOfItsOwn();
    await sign(test, document, test.agencies.council);
    await refused(sign(test, { ...document, summary: 'Something else.' }, test.agencies.health), {
      code: 'version-known',
      kind: 'conflict',
    });
  });

  it('an event made for another place in the chain', async () => {
    const { code, administration: key } = test.agencies.council;
    const event = proposeEvent(
      { sequence: 3, hash: head().hash },
      { federation: federationName, type: 'agency-ended', data: { agency: code, reason: 'r' }, time: test.clock.now },
    );
    const signature = await signEvent(event, { agency: code, key });
    await refused(appendEvent(test.ground, test.register, service, { event, signature }), {
      code: 'register-moved',
      kind: 'conflict',
    });
  });

  it('an event of another federation', async () => {
    const event = proposeEvent(head(), {
      federation: 'elsewhere.example',
      type: 'agency-ended',
      data: { agency: 'RTD', reason: 'r' },
      time: test.clock.now,
    });
    const signature = await signEvent(event, { key: test.root });
    await refused(appendEvent(test.ground, test.register, service, { event, signature }), { code: 'wrong-federation' });
  });

  it('an event whose time is an hour away', () =>
    refused(append(test, 'agency-ended', { agency: 'RTD', reason: 'r' }, { time: test.clock.now + 3600 }), {
      code: 'event-time',
    }));

  it('an event of no known form', () => {
    const event = { type: 'everything-permitted' } as never;
    return refused(
      appendEvent(test.ground, test.register, service, { event, signature: { protected: 'x', signature: 'y' } }),
      { code: 'event-malformed' },
    );
  });

  it('an agency’s own word for what only the federation may say', () => {
    const { code, administration: key } = test.agencies.council;
    return refused(append(test, 'agency-ended', { agency: code, reason: 'r' }, { by: { agency: code, key } }), {
      code: 'not-entitled',
      kind: 'forbidden',
    });
  });

  it('a root key that is not the federation’s', () =>
    refused(append(test, 'agency-ended', { agency: 'RTD', reason: 'r' }, { by: { key: generateKey() } }), {
      code: 'unknown-key',
    }));
});
