/** Basic certification, core and properties: the Access Evaluation API. Names carry the scenario's own anchors. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Conformance, openScenario } from '../../../../support/policy/conformance.ts';
import { admin, alice, archived, bob, circumstances, evaluation, fixture, one, read, write } from './fixture.ts';

let scenario: Conformance;
beforeAll(async () => {
  scenario = await openScenario(fixture);
});
afterAll(() => scenario.close());

const ask = (body: unknown, headers?: Record<string, string>) => scenario.ask(evaluation, body, headers);
const wiping = (soft: boolean) => ({ name: 'delete', properties: { soft } });
const rich = {
  subject: { ...alice, properties: { department: 'Sales', role: 'manager' } },
  action: { ...read, properties: { method: 'GET' } },
  resource: { ...one, properties: { status: 'active', owner: 'bob' } },
};
const plain = { subject: alice, action: read, resource: one };

test.each<[string, object, boolean]>([
  ['c-2-2-1 permit (rule 1)', plain, true],
  ['c-1-4 permit (rule 2)', { subject: alice, action: write, resource: one }, true],
  ['c-1-4 permit (rule 3)', { subject: bob, action: read, resource: one }, true],
  ['c-2-2-2 deny (rule 4)', { subject: bob, action: write, resource: one }, false],
  ['c-2-2-3 with a context', { ...plain, context: circumstances }, true],
  ['c-2-2-4 deny by a property (rule 5)', { subject: alice, action: write, resource: archived }, false],
  ['c-2-2-5 permit to an admin (rule 6)', { subject: admin, action: write, resource: archived }, true],
  [
    'c-2-2-6 permit by a property of the action (rule 7)',
    { subject: alice, action: wiping(true), resource: one },
    true,
  ],
  [
    'c-2-2-7 deny by a property of the action (rule 8)',
    { subject: alice, action: wiping(false), resource: one },
    false,
  ],
  ['c-2-2-8 with other properties', rich, true],
  ['c-2-2-9 with unknown fields', { ...plain, foo: 'bar', futureField: { nested: true } }, true],
])('%s', async (_id, body, decision) => {
  const answer = await ask(body);
  expect(answer.status).toBe(200);
  // c-2-3, c-5: JSON, with a boolean, and a context that is an object.
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(answer.json()).toEqual({ decision, context: expect.any(Object) });
});

test('c-2-2-5 what a caller claims of a role changes nothing', async () => {
  const claimed = { ...alice, properties: { role: 'admin' } };
  expect((await ask({ subject: claimed, action: write, resource: archived })).json()).toMatchObject({
    decision: false,
  });
});

test.each<[string, object]>([
  ['c-2-4-1 no subject', { action: read, resource: one }],
  ['c-2-4-1 no action', { subject: alice, resource: one }],
  ['c-2-4-1 no resource', { subject: alice, action: read }],
  ['c-2-4-2 no type of the subject', { ...plain, subject: { id: 'alice' } }],
  ['c-2-4-2 no id of the subject', { ...plain, subject: { type: 'user' } }],
  ['c-2-4-2 no name of the action', { ...plain, action: {} }],
  ['c-2-4-2 no type of the resource', { ...plain, resource: { id: 'record-1' } }],
  ['c-2-4-2 no id of the resource', { ...plain, resource: { type: 'record' } }],
  ['c-2-4-6 a subject that is text', { ...plain, subject: 'alice' }],
  ['c-2-4-6 an action whose name is a number', { ...plain, action: { name: 123 } }],
])('%s is 400', async (_id, body) => {
  expect((await ask(body)).status).toBe(400);
});

test.each<[string, string, string]>([
  ['c-2-4-3 another content type', JSON.stringify(plain), 'text/plain'],
  ['c-2-4-4 a body that is no JSON', '{"subject": ', 'application/json'],
  ['c-2-4-5 an empty body', '', 'application/json'],
])('%s is 400', async (_id, body, type) => {
  expect((await scenario.raw(evaluation, body, type)).status).toBe(400);
});

test('c-2-5-1 a request id comes back, also with an error', async () => {
  const id = { 'X-Request-ID': 'certification/7 #1' };
  expect((await ask(plain, id)).headers['x-request-id']).toBe(id['X-Request-ID']);
  expect((await ask({}, id)).headers['x-request-id']).toBe(id['X-Request-ID']);
});

test('c-2-5-2 without a request id nothing fails', async () => {
  expect((await ask(plain)).status).toBe(200);
});

test('c-2-6 the same question has the same answer each time', async () => {
  const answers = [];
  for (let turn = 0; turn < 5; turn += 1) answers.push(((await ask(plain)).json() as { decision: boolean }).decision);
  expect(answers).toEqual([true, true, true, true, true]);
});
