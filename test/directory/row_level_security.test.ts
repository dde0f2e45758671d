import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Queryable } from '../../platform/database/database.ts';
import { type Query, sql } from '../../platform/database/sql.ts';
import { read, type Scope, transaction } from '../../platform/database/transaction.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import {
  anAgency,
  aPartner,
  aPractitioner,
  aStaffedAgency,
  aTeam,
  gateshead,
  load,
  newcastle,
} from '../support/directory/directory.ts';
import { testLog } from '../support/platform/log.ts';

let database: Awaited<ReturnType<typeof testLog>>;

const active = aPractitioner({
  name: 'Ann Active',
  registrations: [{ body: 'SWE', number: 'SW1', source: 'HR' }],
});
const suspended = aPractitioner({ name: 'Sam Suspended', status: 'suspended' });
const secret = aTeam({ name: 'Refuge', listed: false });
const a = aStaffedAgency([active, suspended], {
  desks: [{ name: 'Desk', phone: '1', hours: 'always', source: 'x' }],
  administrators: [active.id],
  partners: [aPartner({ clientId: 'system-a' })],
});
const b = aStaffedAgency([aPractitioner({ name: 'Bo Other' })], {
  ...anAgency({ code: newcastle, name: 'Newcastle City Council' }),
  teams: [secret],
  partners: [aPartner({ clientId: 'system-b' })],
});

beforeAll(async () => {
  database = await testLog();
  await load(database.log, a, b);
});
afterAll(() => database.drop());

const counts: Record<string, Query> = {
  agency: sql`select count(*)::int as n from agency`,
  team: sql`select count(*)::int as n from team`,
  duty_desk: sql`select count(*)::int as n from duty_desk`,
  practitioner: sql`select count(*)::int as n from practitioner`,
  post: sql`select count(*)::int as n from post`,
  registration: sql`select count(*)::int as n from registration`,
  administrator: sql`select count(*)::int as n from administrator`,
  partner: sql`select count(*)::int as n from partner`,
  name_index: sql`select count(*)::int as n from name_index`,
};

const seen = (scope: Scope) =>
  read(database.db, scope, async (tx) => {
    const all: Record<string, number> = {};
    for (const [table, query] of Object.entries(counts)) all[table] = (await tx.query<{ n: number }>(query))[0]!.n;
    return all;
  });

describe('what a transaction can read', () => {
  test('without a scope, nothing of anybody', async () => {
    expect(Object.values(await seen({}))).toEqual(Object.keys(counts).map(() => 0));
    expect(Object.values(await seen({ reading: 'audit' }))).toEqual(Object.keys(counts).map(() => 0));
  });

  test('as an agency, its own rows and no others', async () => {
    expect(await seen({ agency: newcastle })).toEqual({
      agency: 1,
      team: 1,
      duty_desk: 0,
      practitioner: 1,
      post: 1,
      registration: 0,
      administrator: 0,
      partner: 1,
      name_index: 1,
    });
  });

  test('for the directory, who may be found: no suspended person, no unlisted team, no administrator, no partner system', async () => {
    expect(await seen({ reading: 'directory' })).toMatchObject({
      agency: 2,
      team: 1,
      practitioner: 2,
      administrator: 0,
      partner: 0,
    });
  });

  test('for standing, everything', async () => {
    expect(await seen({ reading: 'standing' })).toMatchObject({
      agency: 2,
      team: 2,
      practitioner: 3,
      post: 3,
      administrator: 1,
      partner: 2,
    });
  });

  test('a pool connection that is used again keeps nothing of the scope before', async () => {
    await seen({ agency: gateshead, reading: 'standing' });
    const rows = await Promise.all(
      Array.from({ length: 12 }, () => database.db.query(sql`select 1 from practitioner`)),
    );
    expect(rows.flat()).toEqual([]);
  });
});

describe('what a transaction can write', () => {
  const attempts: [string, (tx: Queryable) => Promise<unknown[]>][] = [
    [
      'practitioners',
      (tx) => tx.query(sql`update practitioner set status = 'left' where agency = ${gateshead} returning 1`),
    ],
    ['posts', (tx) => tx.query(sql`update post set suspended = true where agency = ${gateshead} returning 1`)],
    ['teams', (tx) => tx.query(sql`update team set name = 'x' where agency = ${gateshead} returning 1`)],
    [
      'registrations',
      (tx) => tx.query(sql`update registration set evidence = 'format' where agency = ${gateshead} returning 1`),
    ],
    ['the agency itself', (tx) => tx.query(sql`update agency set name = 'x' where code = ${gateshead} returning 1`)],
    [
      'partner systems',
      (tx) => tx.query(sql`update partner set status = 'suspended' where agency = ${gateshead} returning 1`),
    ],
    ['administrators', (tx) => tx.query(sql`delete from administrator where agency = ${gateshead} returning 1`)],
    ['the name index', (tx) => tx.query(sql`delete from name_index where agency = ${gateshead} returning 1`)],
    ['duty desks', (tx) => tx.query(sql`update duty_desk set phone = '666' where agency = ${gateshead} returning 1`)],
  ];

  test.each(attempts)('agency B changes none of agency A’s rows: %s', async (_, attempt) => {
    for (const scope of [
      { agency: newcastle, reading: 'standing' },
      { agency: newcastle, reading: 'directory' },
      { reading: 'standing' },
      {},
    ] as Scope[]) {
      expect(await transaction(database.db, scope, attempt)).toEqual([]);
    }
    // The same statement as agency A finds rows: it is the scope that stopped it.
    const undo = new Error('undo');
    await expect(
      transaction(database.db, { agency: gateshead }, async (tx) => {
        expect((await attempt(tx)).length).toBeGreaterThan(0);
        throw undo;
      }),
    ).rejects.toBe(undo);
  });

  test('agency B adds nothing in agency A’s name, and hands none of its rows over', async () => {
    const denied = /row-level security/;
    const as = (work: (tx: Queryable) => Promise<unknown>) =>
      transaction(database.db, { agency: newcastle, reading: 'standing' }, work);
    await expect(
      as((tx) =>
        tx.query(sql`insert into team (id, agency, name, source) values (${uuidv7()}, ${gateshead}, 'x', 'x')`),
      ),
    ).rejects.toThrow(denied);
    await expect(
      as((tx) =>
        tx.query(sql`
          insert into post (id, agency, practitioner, team, role, kind, starts_at, source)
          values (${uuidv7()}, ${gateshead}, ${active.id}, ${a.teams[0]!.id}, 'social-worker', 'locum', now(), 'x')`),
      ),
    ).rejects.toThrow(denied);
    await expect(
      as((tx) =>
        tx.query(
          sql`insert into administrator (agency, practitioner, appointed_by) values (${gateshead}, ${active.id}, 'x')`,
        ),
      ),
    ).rejects.toThrow(denied);
    await expect(
      as((tx) => tx.query(sql`update team set agency = ${gateshead} where agency = ${newcastle}`)),
    ).rejects.toThrow(denied);
  });

  test('a post cannot stand in a team of another agency', async () => {
    await expect(
      transaction(database.db, { agency: newcastle }, (tx) =>
        tx.query(sql`
          insert into post (id, agency, practitioner, team, role, kind, starts_at, source)
          values (${uuidv7()}, ${newcastle}, ${active.id}, ${a.teams[0]!.id}, 'social-worker', 'locum', now(), 'x')`),
      ),
    ).rejects.toThrow(/foreign key/);
  });

  test.each(['practitioner', 'post', 'registration', 'agency', 'team', 'partner', 'kind', 'role'])(
    'the application may not delete from %s',
    async (table) => {
      const statements: Record<string, Query> = {
        practitioner: sql`delete from practitioner`,
        post: sql`delete from post`,
        registration: sql`delete from registration`,
        agency: sql`delete from agency`,
        team: sql`delete from team`,
        partner: sql`delete from partner`,
        kind: sql`delete from kind`,
        role: sql`delete from role`,
      };
      await expect(
        transaction(database.db, { agency: gateshead }, (tx) => tx.query(statements[table]!)),
      ).rejects.toThrow(/permission denied/);
    },
  );
});
