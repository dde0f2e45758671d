/** Search certification, core and properties. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Conformance, openScenario } from '../../../../support/policy/conformance.ts';
import { admin, alice, archived, bob, circumstances, fixture, one, read, two, write } from './fixture.ts';

let scenario: Conformance;
beforeAll(async () => {
  scenario = await openScenario(fixture);
});
afterAll(() => scenario.close());

type Page = { page: { next_token: string; count: number }; results: object[] };
const ask = (kind: string, body: object) => scenario.ask(`/access/v1/search/${kind}`, body);
async function page(kind: string, body: object): Promise<Page> {
  const answer = await ask(kind, body);
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  return answer.json() as Page;
}
const results = async (kind: string, body: object) => (await page(kind, body)).results;
/** In no order. */
const both = (...entities: object[]) => expect.arrayContaining(entities);

const users = { subject: { type: 'user' }, action: read, resource: one };
const records = { subject: alice, action: read, resource: { type: 'record' } };
const actions = { subject: alice, resource: one };

describe('subject search', () => {
  test('c-4-2-1 finds whom the rules permit (S1)', async () => {
    const found = await results('subject', users);
    expect(found).toEqual(both(alice, bob));
    expect(found).toHaveLength(2);
  });
  test('c-4-2-2 with a context', async () => {
    expect(await results('subject', { ...users, context: circumstances })).toEqual(await results('subject', users));
  });
  test('c-4-2-3 an id of the subject is ignored', async () => {
    expect(await results('subject', { ...users, subject: alice })).toEqual(await results('subject', users));
  });
  test('c-4-2-4 with properties of the resource (S4)', async () => {
    expect(await results('subject', { ...users, action: write, resource: archived })).toEqual([bob]);
  });
});

describe('resource search', () => {
  test('c-4-3-1 finds what the rules permit (S2)', async () => {
    expect(await results('resource', records)).toEqual(both(one));
  });
  test('c-4-3-2 with a context', async () => {
    expect(await results('resource', { ...records, context: circumstances })).toEqual(
      await results('resource', records),
    );
  });
  test('c-4-3-3 an id of the resource is ignored', async () => {
    expect(await results('resource', { ...records, resource: one })).toEqual(await results('resource', records));
  });
  test('c-4-3-4 with properties of the subject (S5)', async () => {
    expect(await results('resource', { ...records, subject: admin, action: write })).toEqual([two]);
  });
});

describe('action search', () => {
  test('c-4-4-1 finds what the rules permit (S3)', async () => {
    expect(await results('action', actions)).toEqual([{ name: 'read' }, { name: 'write' }]);
  });
  test('c-4-4-2 with a context', async () => {
    expect(await results('action', { ...actions, context: circumstances })).toEqual(await results('action', actions));
  });
  test('c-4-4-3 with properties (S6)', async () => {
    expect(await results('action', { subject: admin, resource: archived })).toEqual(both({ name: 'write' }));
  });
});

describe('pages', () => {
  test('c-4-5-1 and c-4-5-2 a limit, and the token that follows', async () => {
    const first = await page('subject', { ...users, page: { limit: 1 } });
    expect(first.results).toHaveLength(1);
    expect(first.page.next_token).toMatch(/./);
    const second = await page('subject', { ...users, page: { token: first.page.next_token } });
    expect([...first.results, ...second.results]).toEqual(both(alice, bob));
    expect(second.page.next_token).toBe('');
  });
  test('c-4-5-3 the page says how many it holds', async () => {
    expect((await page('subject', users)).page).toEqual({ next_token: '', count: 2, total: 2 });
  });
});

describe('c-4-6 nothing is found, and nothing fails,', () => {
  const nobody = { type: 'user', id: 'nonexistent-user' };
  test.each<[string, string, object]>([
    ['c-4-6-1 for an unknown subject', 'action', { ...actions, subject: nobody }],
    ['c-4-6-1 for an unknown subject', 'resource', { ...records, subject: nobody }],
    ['c-4-6-2 for an unknown type of subject', 'subject', { ...users, subject: { type: 'spaceship' } }],
    ['c-4-6-2 for an unknown type of resource', 'subject', { ...users, resource: { type: 'spaceship', id: '1' } }],
    ['c-4-6-2 for an unknown type of resource', 'resource', { ...records, resource: { type: 'spaceship' } }],
    ['c-4-6-2 for an unknown type of resource', 'action', { ...actions, resource: { type: 'spaceship', id: '1' } }],
    ['c-4-6-2 for an unknown type of subject', 'action', { ...actions, subject: { type: 'spaceship', id: '1' } }],
  ])('%s, by %s', async (_id, kind, body) => {
    expect(await results(kind, body)).toEqual([]);
  });

  // The scenario calls record-3 no resource of its own; here the system that asks says what a record is, by its attributes.
  test('c-4-6-1 for a record of which nothing is known that a rule asks for', async () => {
    const unknown = { type: 'record', id: 'record-3' };
    expect(await results('subject', { ...users, action: write, resource: unknown })).toEqual([]);
  });
});

describe('c-4-7 what lacks something is 400', () => {
  test.each<[string, string, object]>([
    ['c-4-7-1 no action', 'subject', { subject: { type: 'user' }, resource: one }],
    ['c-4-7-1 no subject', 'resource', { action: read, resource: { type: 'record' } }],
    ['c-4-7-1 no resource', 'action', { subject: alice }],
    ['c-4-7-2 no id of the resource', 'subject', { ...users, resource: { type: 'record' } }],
    ['c-4-7-2 no id of the subject', 'resource', { ...records, subject: { type: 'user' } }],
    ['c-4-7-2 no id of the subject', 'action', { ...actions, subject: { type: 'user' } }],
  ])('%s, by %s', async (_id, kind, body) => {
    expect((await ask(kind, body)).status).toBe(400);
  });
});

test('c-5 a request id comes back from searches too', async () => {
  const answer = await scenario.ask('/access/v1/search/subject', users, { 'X-Request-ID': 'search-1' });
  expect(answer.headers['x-request-id']).toBe('search-1');
});
