/** The three searches over HTTP, on a real log and directory. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { endPost } from '../../../../directory/people/end_post.ts';
import { restorePractitioner, suspendPractitioner } from '../../../../directory/people/suspend_practitioner.ts';
import { sql } from '../../../../platform/database/sql.ts';
import { read } from '../../../../platform/database/transaction.ts';
import { openKeyRing } from '../../../../platform/keys/ring.ts';
import { uuidv7 } from '../../../../platform/uuid.ts';
import { recordConsent, withdrawConsent } from '../../../../policy/decisions/consent/record_consent.ts';
import { recordInvolvement } from '../../../../policy/decisions/involvement/record_involvement.ts';
import { writeCursor } from '../../../../policy/decisions/access/search/cursor.ts';
import { type TestDatabase, testDatabase, testMasterKey } from '../../../support/platform/database.ts';
import {
  aToken,
  type DecisionServer,
  loadRegion,
  startDecisionServer,
} from '../../../support/policy/decision_server.ts';
import {
  aPractitioner,
  aStaffedAgency,
  load,
  gateshead,
  hospitals,
  newcastle,
} from '../../../support/directory/directory.ts';
import { type Answer, postJson } from '../../../support/platform/web.ts';
import { aClause, aProtocol } from '../../../support/policy/documents.ts';
import { aState, childId, theChild } from '../../../support/policy/decisions.ts';

const people = 7;
const trust = { agency: hospitals, service: 'tests' };
const council = { agency: gateshead, service: 'case system' };

let database: TestDatabase;
let server: DecisionServer;
let ids: string[];
let posts: Map<string, string>;

beforeAll(async () => {
  database = await testDatabase();
  server = await startDecisionServer(database, { state: searchable() });
  const region = await loadRegion(server.log, people);
  ids = [...region.people].sort();
  posts = region.posts;
});

afterAll(async () => {
  await server.close();
  await database.drop();
});

type Page = { page: { next_token: string; count: number; total?: number }; results: { id: string; name: string }[] };
const bearer = (token = server.token) => ({ Authorization: `Bearer ${token}` });
const ask = (kind: string, body: object, headers: Record<string, string> = bearer()): Promise<Answer> =>
  postJson(`${server.url}/access/v1/search/${kind}`, body, headers);
const find = async (kind: string, body: object, headers?: Record<string, string>): Promise<Page> => {
  const answer = await ask(kind, body, headers);
  expect({ status: answer.status, type: answer.headers['content-type'] }).toEqual({
    status: 200,
    type: 'application/json; charset=utf-8',
  });
  return answer.json() as Page;
};
const found = async (kind: string, body: object) => (await find(kind, body)).results;
const record = (properties: object = {}) => ({
  type: 'child-record',
  id: 'case-17',
  properties: { agency: gateshead, fields: ['name'], shielded: false, ...properties },
});
const context = { purpose: 'safeguarding' };
const who = (properties: object = {}, changes: object = {}) => ({
  subject: { type: 'practitioner' },
  action: { name: 'read' },
  resource: record(properties),
  context,
  ...changes,
});
const which = (candidates: object[] | undefined, changes: object = {}) => ({
  subject: { type: 'practitioner', id: ids[0] },
  action: { name: 'read' },
  resource: { type: 'child-record', properties: { agency: gateshead, fields: ['name'], shielded: false } },
  context: { ...context, ...(candidates && { candidates }) },
  ...changes,
});
const what = (properties: object = {}, changes: object = {}) => ({
  subject: { type: 'practitioner', id: ids[0] },
  resource: record(properties),
  context,
  ...changes,
});
const size = async (): Promise<number> =>
  (await database.db.query<{ size: number }>(sql`select size from log_head`))[0]!.size;
const lastEntry = async () =>
  (
    await read(database.db, { reading: 'audit' }, (tx) =>
      tx.query<{ event: string; agencies: string[]; subject: string | null; text: string }>(
        sql`select event, agencies, subject, committed as text from log_content order by position desc limit 1`,
      ),
    )
  )[0]!;

describe('who may do this', () => {
  test('finds everybody to whom an evaluation would say yes, by id, and says nothing else about them', async () => {
    const answer = await find('subject', who());
    expect(answer).toEqual({
      page: { next_token: '', count: people, total: people },
      results: ids.map((id) => ({ type: 'practitioner', id })),
    });
    expect(Object.keys(answer)).toEqual(['page', 'results']);
    for (const { id } of answer.results) {
      const { subject: _, ...question } = who();
      const evaluation = await postJson(
        `${server.url}/access/v1/evaluation`,
        { ...question, subject: { type: 'practitioner', id, properties: { post: posts.get(id) } } },
        bearer(),
      );
      expect(evaluation.json()).toMatchObject({ decision: true });
    }
  });

  test('takes the sign-in for granted and nothing else: consent, involvement and conditions are as they are', async () => {
    expect(await found('subject', who({ fields: ['plan'] }))).toHaveLength(people);
    const health = { fields: ['health_summary'], data_subject: childId };
    expect(await found('subject', who(health))).toEqual([]);
    const consent = { subject: theChild, protocol: 'safeguarding-children', basis: 'confidence' as const };
    await recordConsent(server.log, council, { ...consent, state: 'given' });
    expect(await found('subject', who(health))).toHaveLength(people);
    await withdrawConsent(server.log, council, consent);
    expect(await found('subject', who(health))).toEqual([]);
    const worker = { fields: ['allocated_worker'], data_subject: childId };
    expect(await found('subject', who(worker))).toEqual([]);
    await recordInvolvement(server.log, trust, {
      subject: theChild,
      practitioner: ids[3]!,
      from: Date.now() / 1000 - 60,
      confirmedBy: 'staff system',
    });
    expect(await found('subject', who(worker))).toEqual([{ type: 'practitioner', id: ids[3] }]);
    expect(await found('subject', who({ shielded: true }))).toEqual([]);
  });

  test('ignores an id of the subject, and everything that nobody knows', async () => {
    const odd = { subject: { type: 'practitioner', id: ids[0] }, extra: { deep: [1] } };
    expect(await found('subject', who({}, odd))).toHaveLength(people);
    expect(await found('subject', who({}, { subject: { type: 'practitioner', id: 7 } }))).toHaveLength(people);
  });

  test.each<[string, object]>([
    ['another type of subject', { subject: { type: 'spaceship' } }],
    ['another action', { action: { name: 'launch' } }],
    ['another purpose', { context: { purpose: 'early-help' } }],
    ['no purpose', { context: undefined }],
  ])('finds nobody for %s', async (_what, changes) => {
    expect(await find('subject', who({}, changes))).toEqual({
      page: { next_token: '', count: 0, total: 0 },
      results: [],
    });
  });

  test('finds nobody for a type of record that nobody knows', async () => {
    expect(await found('subject', who({}, { resource: { ...record(), type: 'spaceship' } }))).toEqual([]);
  });

  test('finds nobody where what a prohibition tests is left out', async () => {
    expect(await found('subject', who({ shielded: undefined }))).toEqual([]);
  });

  test('gives nothing by an override, and does not even read one', async () => {
    const override = { ground: 'vital-interests', reason: 'It is urgent that I find somebody, says the test' };
    const health = { fields: ['health_summary'], data_subject: childId };
    expect(await found('subject', who(health, { context: { ...context, override } }))).toEqual([]);
    expect(await found('subject', who({}, { context: { ...context, override: 'nonsense' } }))).toHaveLength(people);
  });

  test('counts a client that understands no lists of fields as one: all that was asked for, or nobody', async () => {
    const both = { fields: ['name', 'health_summary'] };
    expect(await found('subject', who(both))).toHaveLength(people);
    const minimal = await find('subject', who(both), { ...bearer(), Prefer: 'return=minimal' });
    expect(minimal.results).toEqual([]);
  });
});

describe('paging', () => {
  const walk = async (limit: number, between: (page: number) => Promise<void> = async () => undefined) => {
    const pages: string[][] = [];
    let page: object = { limit };
    for (;;) {
      const { page: told, results } = await find('subject', who({}, { page }));
      expect(told.count).toBe(results.length);
      pages.push(results.map(({ id }) => id));
      if (told.next_token === '') return pages;
      page = { token: told.next_token };
      await between(pages.length);
    }
  };

  test('goes through everybody once, whatever the page', async () => {
    expect((await walk(1)).flat()).toEqual(ids);
    expect((await walk(3)).map((page) => page.length)).toEqual([3, 3, 1]);
    expect(await walk(people)).toEqual([ids]);
  });

  test('a huge limit is cut to the largest page, and one that is no count is refused', async () => {
    expect((await find('subject', who({}, { page: { limit: 1_000_000_000 } }))).page.count).toBe(people);
    for (const limit of [-1, 1.5, '5', null, Number.MAX_VALUE]) {
      expect((await ask('subject', who({}, { page: { limit } }))).status).toBe(400);
    }
  });

  test('a page of none holds none, and the search can still go on', async () => {
    const none = await find('subject', who({}, { page: { limit: 0 } }));
    expect(none.results).toEqual([]);
    expect(none.page.next_token).not.toBe('');
    expect((await find('subject', who({}, { page: { token: none.page.next_token } }))).results).toEqual([]);
  });

  test('somebody suspended between two pages is on no later page', async () => {
    const practitioner = ids[5]!;
    const pages = await walk(2, async (page) => {
      if (page === 1) await suspendPractitioner(server.log, trust, { practitioner, reason: 'a test' });
    });
    expect(pages.flat()).toEqual(ids.filter((id) => id !== practitioner));
    await restorePractitioner(server.log, trust, { practitioner, reason: 'a test' });
    expect((await walk(2)).flat()).toEqual(ids);
  });

  describe('with a token', () => {
    const token = async (): Promise<string> => (await find('subject', who({}, { page: { limit: 2 } }))).page.next_token;
    const refused = async (body: object, headers?: Record<string, string>, kind = 'subject') => {
      const before = await size();
      const answer = await ask(kind, body, headers);
      expect(answer.status).toBe(400);
      expect(answer.json()).toMatchObject({
        type: 'urn:wayleave:problem:page-token-not-valid',
        errors: [{ pointer: '/page/token' }],
      });
      expect(await size()).toBe(before);
    };

    test('that was made up or changed, nothing is found', async () => {
      const real = await token();
      const flipped = Buffer.from(real, 'base64url');
      flipped[flipped.length - 1]! ^= 1;
      const forged = Buffer.from(JSON.stringify({ after: ids[0], limit: 100, expires: 9e9 })).toString('base64url');
      for (const made of ['', 'nonsense', forged, real.slice(0, -4), flipped.toString('base64url')]) {
        await refused(who({}, { page: { token: made } }));
      }
    });

    test('nobody can read whom was looked at', async () => {
      const text = Buffer.from(await token(), 'base64url').toString('latin1');
      for (const id of ids) expect(text).not.toContain(id);
    });

    test('of another client, nothing is found', async () => {
      const keys = openKeyRing(database.db, testMasterKey);
      const other = bearer(await aToken(keys, { clientId: 'two-agencies' }));
      expect((await find('subject', who(), other)).results).toHaveLength(people);
      await refused(who({}, { page: { token: await token() } }), other);
    });

    test('of another request, nothing is found', async () => {
      const page = { token: await token() };
      await refused(who({ fields: ['plan'] }, { page }));
      await refused(who({ shielded: true }, { page }));
      await refused(who({}, { page, action: { name: 'update' } }));
      await refused(who({}, { page, context: { purpose: 'early-help' } }));
      await refused(who({}, { page: { ...page, limit: 3 } }));
      await refused(what({}, { page }), undefined, 'action');
      expect((await find('subject', who({}, { page: { ...page, limit: 2 } }))).page.count).toBe(2);
    });

    test('that has expired, or that was given under another register, nothing is found', async () => {
      const { subject, action, resource } = who();
      const label = `search subject casebook ${await hashOf({ subject, action, resource, context })}`;
      const place = { after: ids[0], limit: 2, epoch: 0, register: 'head-7' };
      const at = (clock: () => number, changes: Partial<typeof place> = {}) =>
        writeCursor({ masterKey: testMasterKey, clock }, label, { ...place, ...changes });
      const now = () => Date.now() / 1000;
      expect((await find('subject', who({}, { page: { token: at(now) } }))).results[0]).toMatchObject({ id: ids[1] });
      await refused(who({}, { page: { token: at(() => now() - 601) } }));
      await refused(who({}, { page: { token: at(now, { register: 'head-6' }) } }));
    });
  });
});

describe('with which records', () => {
  const candidates = (count: number) => Array.from({ length: count }, (_, at) => ({ id: `case-${at}` }));

  test('finds those of the caller’s candidates to which an evaluation would say yes, in their order', async () => {
    const answer = await find(
      'resource',
      which([
        { id: 'case-1' },
        { id: 'case-2', properties: { shielded: true } },
        { id: 'case-3', properties: { shielded: false } },
        { id: 'case-4', properties: { fields: ['health_summary'], data_subject: childId } },
      ]),
    );
    expect(answer).toEqual({
      page: { next_token: '', count: 2, total: 2 },
      results: [
        { type: 'child-record', id: 'case-1' },
        { type: 'child-record', id: 'case-3' },
      ],
    });
  });

  test('finds nothing without candidates, for nobody, and for types that nobody knows', async () => {
    expect(await found('resource', which(undefined))).toEqual([]);
    expect(await found('resource', which([]))).toEqual([]);
    const one = candidates(1);
    expect(await found('resource', which(one, { subject: { type: 'practitioner', id: uuidv7() } }))).toEqual([]);
    expect(await found('resource', which(one, { subject: { type: 'spaceship', id: '1' } }))).toEqual([]);
    const typed = { resource: { type: 'spaceship', properties: { agency: gateshead } } };
    expect(await found('resource', which(one, typed))).toEqual([]);
  });

  test('takes no sign-in for granted', async () => {
    const plan = { resource: { type: 'child-record', properties: { agency: gateshead, fields: ['plan'] } } };
    expect(await found('resource', which(candidates(2), plan))).toEqual([]);
  });

  test('goes through them in pages, and ignores an id of the resource', async () => {
    const body = which(candidates(250), {
      resource: {
        type: 'child-record',
        id: 'case-0',
        properties: { agency: gateshead, fields: ['name'], shielded: false },
      },
    });
    const first = await find('resource', body);
    expect(first.page).toEqual({ next_token: expect.stringMatching(/./), count: 100 });
    const second = await find('resource', { ...body, page: { token: first.page.next_token } });
    const third = await find('resource', { ...body, page: { token: second.page.next_token } });
    expect(third.page).toEqual({ next_token: '', count: 50 });
    const all = [...first.results, ...second.results, ...third.results].map(({ id }) => id);
    expect(all).toEqual(candidates(250).map(({ id }) => id));
  });

  test('looks among no more than a thousand', async () => {
    const before = await size();
    expect((await ask('resource', which(candidates(10_000)))).status).toBe(400);
    const heavy = candidates(10_000).map((one) => ({ ...one, properties: { note: 'x'.repeat(100) } }));
    expect((await ask('resource', which(heavy))).status).toBe(413);
    expect(await size()).toBe(before);
    expect((await find('resource', which(candidates(1_000)))).page.count).toBe(100);
  });

  test('one candidate about which the caller may not ask refuses them all', async () => {
    const before = await size();
    const answer = await ask('resource', which([{ id: '1' }, { id: '2', properties: { agency: newcastle } }]));
    expect(answer.status).toBe(403);
    expect(await size()).toBe(before);
  });
});

describe('what', () => {
  test('finds the actions to which an evaluation would say yes', async () => {
    expect(await find('action', what())).toEqual({
      page: { next_token: '', count: 1, total: 1 },
      results: [{ name: 'read' }],
    });
    expect(await found('action', what({ fields: ['school'] }))).toEqual([{ name: 'read' }, { name: 'update' }]);
    expect(await found('action', what({}, { action: { name: 'update' } }))).toEqual([{ name: 'read' }]);
  });

  test('finds none for nobody, and for types that nobody knows', async () => {
    expect(await found('action', what({}, { subject: { type: 'practitioner', id: 'nobody' } }))).toEqual([]);
    expect(await found('action', what({}, { resource: { ...record(), type: 'spaceship' } }))).toEqual([]);
  });
});

describe('every search', () => {
  const kinds = ['subject', 'resource', 'action'] as const;
  const body = (kind: (typeof kinds)[number]): object =>
    ({ subject: who(), resource: which([{ id: 'case-1' }]), action: what() })[kind];

  test.each(kinds)('by %s is one entry in the log, with counts and without names', async (kind) => {
    const before = await size();
    const asked = { subject: who({ data_subject: childId }), resource: body('resource'), action: body('action') };
    await find(kind, asked[kind]);
    expect(await size()).toBe(before + 1);
    const { event, agencies, text } = await lastEntry();
    expect({ event, agencies }).toEqual({ event: `search.${kind}`, agencies: [gateshead] });
    const { content } = JSON.parse(text) as { content: Record<string, unknown> };
    expect(content).toMatchObject({
      found: { subject: people, resource: 1, action: 1 }[kind],
      looked_at: { subject: people, resource: 1, action: 2 }[kind],
      caller: { client: 'casebook' },
      register: { hash: 'head-7' },
    });
    expect(text).not.toContain(childId.value);
    if (kind === 'subject') {
      expect(text).toContain(theChild);
      for (const id of ids) expect(text).not.toContain(id);
    }
    expect(text).not.toContain('case-1"');
  });

  test.each(kinds)('by %s needs a partner’s token, and its right to ask about the records', async (kind) => {
    const before = await size();
    const unsigned = await ask(kind, body(kind), {});
    expect(unsigned.status).toBe(401);
    expect(unsigned.headers['www-authenticate']).toMatch(/^Bearer /);
    const keys = openKeyRing(database.db, testMasterKey);
    const stranger = bearer(await aToken(keys, { clientId: 'trust-system' }));
    expect((await ask(kind, body(kind), stranger)).status).toBe(403);
    const without = bearer(await aToken(keys, { clientId: 'no-decisions' }));
    expect((await ask(kind, body(kind), without)).status).toBe(403);
    expect(await size()).toBe(before);
  });

  test.each<[string, string, () => object]>([
    ['subject', 'an action', () => ({ ...who(), action: undefined })],
    ['subject', 'an id of the resource', () => ({ ...who(), resource: { type: 'child-record' } })],
    ['subject', 'a type of the subject', () => ({ ...who(), subject: {} })],
    ['resource', 'a subject', () => ({ ...which([]), subject: undefined })],
    ['resource', 'an id of the subject', () => ({ ...which([]), subject: { type: 'practitioner' } })],
    ['resource', 'a type of the resource', () => ({ ...which([]), resource: {} })],
    ['action', 'a resource', () => ({ ...what(), resource: undefined })],
    ['action', 'an id of the subject', () => ({ ...what(), subject: { type: 'practitioner' } })],
    ['action', 'an id of the resource', () => ({ ...what(), resource: { type: 'child-record' } })],
  ])('by %s without %s is 400', async (kind, _what, make) => {
    const before = await size();
    expect((await ask(kind, make())).status).toBe(400);
    expect(await size()).toBe(before);
  });

  test('somebody whose post ended is found no more', async () => {
    const practitioner = ids.at(-1)!;
    await endPost(server.log, trust, {
      post: posts.get(practitioner)!,
      at: Date.now() / 1000,
      reason: 'a test',
    } as never);
    const left = await found('subject', who());
    expect(left.map(({ id }) => id)).toEqual(ids.slice(0, -1));
  });
});

test('a person with two posts is found once, and only if one post suffices by itself', async () => {
  const database = await testDatabase();
  const server = await startDecisionServer(database, { state: searchable() });
  await loadRegion(server.log, 1);
  const both = aPractitioner();
  const sw = { role: 'social-worker' };
  await load(server.log, aStaffedAgency([both], { code: newcastle, name: 'Newcastle City Council' }, sw));
  const { results } = (
    await postJson(
      `${server.url}/access/v1/search/subject`,
      {
        subject: { type: 'practitioner' },
        action: { name: 'read' },
        resource: { type: 'child-record', id: '1', properties: { agency: gateshead, fields: ['school'] } },
        context: { purpose: 'safeguarding' },
      },
      { Authorization: `Bearer ${server.token}` },
    )
  ).json() as { results: { id: string }[] };
  expect(results).toHaveLength(1);
  expect(results.map(({ id }) => id)).not.toContain(both.id);
  await server.close();
  await database.drop();
});

test('many people whom the rules reach, and few to whom they say yes, cost a bounded page', async () => {
  const database = await testDatabase();
  const server = await startDecisionServer(database, { state: searchable() });
  const region = await loadRegion(server.log, 1_100);
  const last = [...region.people].sort().at(-1)!;
  await recordInvolvement(server.log, trust, {
    subject: theChild,
    practitioner: last,
    from: Date.now() / 1000 - 60,
    confirmedBy: 'staff system',
  });
  const pages: string[][] = [];
  let page: object | undefined;
  do {
    const answer = await postJson(
      `${server.url}/access/v1/search/subject`,
      {
        subject: { type: 'practitioner' },
        action: { name: 'read' },
        resource: {
          type: 'child-record',
          id: '1',
          properties: { agency: gateshead, fields: ['allocated_worker'], data_subject: childId },
        },
        context: { purpose: 'safeguarding' },
        ...(page && { page }),
      },
      { Authorization: `Bearer ${server.token}` },
    );
    const { results, page: told } = answer.json() as { results: { id: string }[]; page: { next_token: string } };
    pages.push(results.map(({ id }) => id));
    page = told.next_token === '' ? undefined : { token: told.next_token };
  } while (page);
  expect(pages).toEqual([[], [], [last]]);
  await server.close();
  await database.drop();
});

test('with the database gone, a search is 503 and says nothing', async () => {
  const database = await testDatabase();
  const server = await startDecisionServer(database, { state: searchable() });
  await loadRegion(server.log, 2);
  const body = {
    subject: { type: 'practitioner' },
    action: { name: 'read' },
    resource: { type: 'child-record', id: '1', properties: { agency: gateshead, fields: ['school'] } },
    context: { purpose: 'safeguarding' },
  };
  const ask = () =>
    postJson(`${server.url}/access/v1/search/subject`, body, { Authorization: `Bearer ${server.token}` });
  expect((await ask()).status).toBe(200);
  await database.db.close();
  const answer = await ask();
  expect(answer.status).toBeGreaterThanOrEqual(500);
  expect(answer.json()).not.toHaveProperty('results');
  await server.close().catch(() => undefined);
  await database.drop().catch(() => undefined);
});

/** Names for health visitors unless the child is shielded, schools to change, plans with a sign-in, health with consent. */
function searchable() {
  return aState([
    aProtocol({
      clauses: [
        aClause({ id: 'name' }),
        aClause({
          id: 'shield',
          effect: 'prohibit',
          fields: ['name'],
          conditions: [{ attribute: 'shielded', operator: 'eq', value: true }],
        }),
        aClause({ id: 'school', fields: ['school'], actions: ['read', 'update'] }),
        aClause({ id: 'plan', fields: ['plan'], presence: 'required', authentication_level: 3 }),
        aClause({ id: 'health', fields: ['health_summary'], consent: { rule: 'required', as: 'confidence' } }),
        aClause({ id: 'worker', fields: ['allocated_worker'], involvement: 'required' }),
      ],
    }),
  ]);
}

async function hashOf(body: object): Promise<string> {
  const { cursorLabel } = await import('../../../../policy/decisions/access/search/cursor.ts');
  return cursorLabel('subject', 'casebook', body as never)
    .split(' ')
    .at(-1)!;
}
