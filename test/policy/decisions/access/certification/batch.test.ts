/** Batch certification, core and properties: the Access Evaluations API. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Conformance, openScenario } from '../../../../support/policy/conformance.ts';
import { admin, alice, archived, bob, circumstances, evaluations, fixture, one, read, two, write } from './fixture.ts';

let scenario: Conformance;
beforeAll(async () => {
  scenario = await openScenario(fixture);
});
afterAll(() => scenario.close());

const active = { ...one, properties: { status: 'active' } };
type Batch = { evaluations: { decision: boolean; context?: object }[] };

/** The decisions, after what c-3-3 asks of every answer. */
async function decisions(body: { evaluations: object[] } & Record<string, unknown>): Promise<boolean[]> {
  const answer = await scenario.ask(evaluations, body);
  expect(answer.status).toBe(200);
  const batch = answer.json() as Batch;
  expect(Object.keys(batch)).toEqual(['evaluations']);
  expect(batch.evaluations).toHaveLength(body.evaluations.length);
  for (const { decision } of batch.evaluations) expect(typeof decision).toBe('boolean');
  return batch.evaluations.map(({ decision }) => decision);
}

test('c-3-2-1 an array of evaluations', async () => {
  expect(
    (await decisions({ subject: alice, action: read, evaluations: [{ resource: one }, { resource: two }] }))[0],
  ).toBe(true);
});

test('c-3-2-2, c-3-3 decisions in the order of the questions', async () => {
  const asked = { subject: bob, resource: one, evaluations: [{ action: read }, { action: write }] };
  expect(await decisions(asked)).toEqual([true, false]);
});

test('c-3-2-3 properties of each item', async () => {
  const asked = { subject: alice, action: write, evaluations: [{ resource: active }, { resource: archived }] };
  expect(await decisions(asked)).toEqual([true, false]);
});

test('c-3-2-4 a subject of each item', async () => {
  const asked = { action: write, resource: archived, evaluations: [{ subject: alice }, { subject: admin }] };
  expect(await decisions(asked)).toEqual([false, true]);
});

test('c-3-2-5 items that say everything themselves', async () => {
  const asked = [
    { subject: alice, action: read, resource: one },
    { subject: bob, action: write, resource: one },
  ];
  expect(await decisions({ evaluations: asked })).toEqual([true, false]);
});

test('c-3-2-6 a context for all, and one of an item’s own', async () => {
  const own = { time: '2025-06-27T19:00-07:00', source: 'batch-override' };
  expect(
    await decisions({
      subject: alice,
      action: read,
      context: circumstances,
      evaluations: [{ resource: one }, { resource: two, context: own }],
    }),
  ).toHaveLength(2);
});

test('c-3-2-7 an item takes a whole default or none of it', async () => {
  const asked = { subject: alice, action: write, resource: active, evaluations: [{}, { resource: archived }] };
  expect(await decisions(asked)).toEqual([true, false]);
});

test('c-3-4-1 an item that lacks something is refused by itself', async () => {
  const options = { evaluations_semantic: 'execute_all' };
  expect(await decisions({ subject: alice, action: read, options, evaluations: [{ resource: one }, {}] })).toEqual([
    true,
    false,
  ]);
});

test.each<[string, object]>([
  ['c-3-4-2 no array', {}],
  ['c-3-4-3 an empty array', { evaluations: [] }],
])('%s is a single evaluation', async (_id, changes) => {
  const answer = await scenario.ask(evaluations, { subject: alice, action: read, resource: one, ...changes });
  expect(answer.status).toBe(200);
  expect(answer.json()).toMatchObject({ decision: true });
});

test('in plain mode the items are booleans and nothing else', async () => {
  const body = { subject: bob, resource: one, evaluations: [{ action: read }, { action: write }] };
  const answer = await scenario.ask(evaluations, body, { Prefer: 'return=minimal' });
  expect(answer.json()).toEqual({ evaluations: [{ decision: true }, { decision: false }] });
});
