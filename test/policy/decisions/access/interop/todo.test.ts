/** The working group's Todo scenario, and the API gateway in front of it: who owns a todo is involvement, a route's path an attribute. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  aRecord,
  type Conformance,
  type Entity,
  openScenario,
  permits,
  type Scenario,
} from '../../../../support/policy/conformance.ts';
import { readVectors } from './working_group.ts';

type Name = 'rick' | 'morty' | 'summer' | 'beth' | 'jerry';
const facts = JSON.parse(readFileSync(new URL('./todo.json', import.meta.url), 'utf8')) as {
  people: Record<Name, { email: string; subject: string }>;
  may: Record<string, Name[]>;
  routes: Record<string, Name[]>;
};
const people = Object.entries(facts.people) as [Name, { email: string; subject: string }][];

// Rick is admin and evil genius: posts are never united here, so one role of the catalogue stands for both.
const roles: Record<Name, string> = {
  rick: 'team-manager',
  morty: 'social-worker',
  summer: 'social-worker',
  beth: 'care-navigator',
  jerry: 'care-navigator',
};
const everybody = ['team-manager', 'social-worker', 'care-navigator'];
const editors = ['team-manager', 'social-worker'];
const path = (...paths: string[]) => ({
  conditions: [{ attribute: 'path', operator: 'in' as const, value: paths }],
});
const system = 'urn:todo:owner';

const scenario = (subjectType: string): Scenario => ({
  subjectType,
  people: people.map(([name, { subject }]) => ({ name: subject, role: roles[name] })),
  assets: [
    aRecord('user', ['can-read-user']),
    aRecord('todo', ['can-read-todos', 'can-create-todo', 'can-update-todo', 'can-delete-todo']),
    aRecord('route', ['get', 'post', 'put', 'delete'], [{ name: 'path', type: 'string' }]),
  ],
  clauses: [
    permits('read-users', 'user', ['can-read-user'], everybody),
    permits('read-todos', 'todo', ['can-read-todos'], everybody),
    permits('create-todos', 'todo', ['can-create-todo'], editors),
    permits('change-own', 'todo', ['can-update-todo', 'can-delete-todo'], editors, { involvement: 'required' }),
    permits('change-any', 'todo', ['can-update-todo', 'can-delete-todo'], ['team-manager']),
    permits('get-routes', 'route', ['get'], everybody, path('/users/{userId}', '/todos')),
    permits('post-routes', 'route', ['post'], editors, path('/todos')),
    permits('change-routes', 'route', ['put', 'delete'], editors, path('/todos/{todoId}')),
  ],
  owners: { system, names: people.map(([, { subject }]) => subject) },
  // A todo names its owner by e-mail address; involvement knows people by the name they are asked about with.
  attributesOf: ({ type, id, properties }: Entity) => {
    if (type === 'route') return { path: id };
    const owner = people.find(([, { email }]) => email === properties?.ownerID)?.[1].subject;
    return owner === undefined ? {} : { data_subject: { system, value: owner } };
  },
});

type Question = { request: object; expected: boolean };

function questions(): Question[] {
  const ask = (name: Name, action: string, resource: object, allowed: string): Question => ({
    request: { subject: { type: 'user', id: facts.people[name].subject }, action: { name: action }, resource },
    expected: facts.may[allowed]!.includes(name),
  });
  return people.flatMap(([name]) => [
    ...people.map(([, { email }]) => ask(name, 'can_read_user', { type: 'user', id: email }, 'read users')),
    ask(name, 'can_read_todos', { type: 'todo', id: 'todo-1' }, 'read todos'),
    ask(name, 'can_create_todo', { type: 'todo', id: 'todo-1' }, 'create todos'),
    ...people.flatMap(([owner, { email }]) =>
      ['can_update_todo', 'can_delete_todo'].map((action) =>
        ask(
          name,
          action,
          { type: 'todo', id: `todo of ${owner}`, properties: { ownerID: email } },
          owner === name ? 'change own todos' : 'change anybody’s todos',
        ),
      ),
    ),
  ]);
}

function routes(): Question[] {
  return Object.entries(facts.routes).flatMap(([route, allowed]) => {
    const [method, id] = route.split(' ');
    return people.map(([name, { subject }]) => ({
      request: {
        subject: { type: 'identity', id: subject },
        action: { name: method },
        resource: { type: 'route', id },
      },
      expected: allowed.includes(name),
    }));
  });
}

describe.each([
  [
    'todo',
    'user',
    questions(),
    [
      'interop/authzen-todo-backend/test/decisions-authorization-api-1_0-01.json',
      'interop/authzen-todo-backend/test/decisions-authorization-api-1_0-02.json',
    ],
  ],
  ['api gateway', 'identity', routes(), ['interop/authzen-api-gateways/test-harness/test/decisions.json']],
] as const)('the %s scenario', (_name, subjectType, own, files) => {
  let open: Conformance;
  beforeAll(async () => {
    open = await openScenario(scenario(subjectType));
  });
  afterAll(() => open.close());

  const decision = async (request: object) =>
    ((await open.ask('/access/v1/evaluation', request)).json() as { decision: boolean }).decision;

  test('one by one', async () => {
    for (const { request, expected } of own) {
      expect({ request, decision: await decision(request) }).toEqual({ request, decision: expected });
    }
  });

  test('all at once', async () => {
    const some = own.slice(0, 100);
    const answer = await open.ask(
      '/access/v1/evaluations',
      { evaluations: some.map(({ request }) => request) },
      { Prefer: 'return=minimal' },
    );
    expect(answer.json()).toEqual({ evaluations: some.map(({ expected }) => ({ decision: expected })) });
  });

  type Vectors = {
    evaluation: Question[];
    evaluations?: { request: object; expected: { decision: boolean }[] }[];
  };
  for (const { path: file, vectors } of readVectors(...files) as { path: string; vectors: Vectors }[]) {
    test(`the vectors of ${file}`, async () => {
      expect(vectors.evaluation.length).toBeGreaterThan(0);
      for (const { request, expected } of vectors.evaluation) {
        expect({ request, decision: await decision(request) }).toEqual({ request, decision: expected });
      }
      for (const { request, expected } of vectors.evaluations ?? []) {
        const answer = await open.ask('/access/v1/evaluations', request, { Prefer: 'return=minimal' });
        expect(answer.json()).toEqual({ evaluations: expected });
      }
    });
  }
});
