/**
 * The working group's Search scenario, and the identity provider's part of it. A department is the area of a team and of a
 * record; who owns a record is involvement; managers are a role.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  aRecord,
  type Conformance,
  openScenario,
  permits,
  type Scenario,
} from '../../../../support/policy/conformance.ts';
import { readVectors } from './working_group.ts';

const facts = JSON.parse(readFileSync(new URL('./records.json', import.meta.url), 'utf8')) as {
  people: Record<string, { role: string; department: string }>;
  departments: Record<string, number[]>;
  owners: Record<string, number[]>;
  may: Record<string, Record<string, string>>;
};
const names = Object.keys(facts.people);
const actions = Object.keys(facts.may);
const ids = Array.from({ length: 20 }, (_, at) => `${101 + at}`);
const roles: Record<string, string> = {
  manager: 'team-manager',
  employee: 'social-worker',
  contractor: 'care-navigator',
};
const everybody = Object.values(roles);
const system = 'urn:records:owner';

const keyOf = (table: Record<string, number[]>, id: string): string =>
  Object.entries(table).find(([, list]) => list.includes(Number(id)))?.[0] ?? '';

const scenario: Scenario = {
  subjectType: 'user',
  people: names.map((name) => ({
    name,
    role: roles[facts.people[name]!.role]!,
    area: facts.people[name]!.department,
  })),
  assets: [aRecord('record', actions)],
  clauses: [
    permits('own', 'record', actions, everybody, { involvement: 'required' }),
    permits('view-department', 'record', ['view'], everybody, { area: 'own' }),
    permits('view-any', 'record', ['view'], ['team-manager']),
    permits('edit-department', 'record', ['edit'], ['team-manager'], { area: 'own' }),
  ],
  owners: { system, names },
  records: ids.map((id) => ({ type: 'record', id })),
  attributesOf: ({ id }) => ({
    area: keyOf(facts.departments, id),
    data_subject: { system, value: keyOf(facts.owners, id) },
  }),
};

/** "101-103 105" as the records it stands for. */
function expand(list: string): string[] {
  return list.split(' ').flatMap((part) => {
    const [from, to = from] = part.split('-').map(Number) as [number, number?];
    return ids.filter((id) => Number(id) >= from && Number(id) <= to);
  });
}
const may = (name: string, action: string, id: string): boolean => expand(facts.may[action]![name]!).includes(id);

let open: Conformance;
beforeAll(async () => {
  open = await openScenario(scenario);
});
afterAll(() => open.close());

async function found(kind: string, request: object): Promise<object[]> {
  const answer = await open.ask(`/access/v1/search/${kind}`, request);
  expect(answer.status).toBe(200);
  return (answer.json() as { results: object[] }).results;
}
const inOrder = (entities: object[]): string[] => entities.map((one) => JSON.stringify(one)).sort();
const user = (name: string) => ({ type: 'user', id: name });
const record = (id: string) => ({ type: 'record', id });

describe.each(names)('%s', (name) => {
  test.each(actions)('may %s these records', async (action) => {
    const asked = { subject: user(name), action: { name: action }, resource: { type: 'record' } };
    const expected = ids.filter((id) => may(name, action, id)).map(record);
    expect(await found('resource', asked)).toEqual(expected);
  });

  test('may do this with each record', async () => {
    for (const id of ids) {
      const expected = actions.filter((action) => may(name, action, id)).map((action) => ({ name: action }));
      const results = await found('action', { subject: user(name), resource: record(id) });
      expect({ id, results }).toEqual({ id, results: expected });
    }
  });
});

test.each(actions)('who may %s each record', async (action) => {
  for (const id of ids) {
    const expected = names.filter((name) => may(name, action, id)).map(user);
    const asked = { subject: { type: 'user' }, action: { name: action }, resource: record(id) };
    expect({ id, people: inOrder(await found('subject', asked)) }).toEqual({ id, people: inOrder(expected) });
  }
});

type Vector = { request: { subject: object }; expected: { results: object[] } };
type Vectors = { evaluation?: Vector[]; search?: Vector[] };
const folder = 'interop/authzen-search-demo/test';
const files: [string, string][] = [
  ...['subject', 'resource', 'action'].map((kind): [string, string] => [kind, `${folder}/${kind}/results.json`]),
  ['resource', 'interop/authzen-idp/test-harness/src/results.json'],
];
for (const [kind, file] of files) {
  for (const { path, vectors } of readVectors(file) as { path: string; vectors: Vectors }[]) {
    test(`the vectors of ${path}`, async () => {
      const list = vectors.evaluation ?? vectors.search ?? [];
      expect(list.length).toBeGreaterThan(0);
      for (const { request, expected } of list) {
        const results = inOrder(await found(kind, request));
        expect({ request, results }).toEqual({ request, results: inOrder(expected.results.map(inKeyOrder)) });
      }
    });
  }
}

function inKeyOrder(entity: object): object {
  const { type, ...rest } = entity as { type?: string };
  return type === undefined ? rest : { type, ...rest };
}
