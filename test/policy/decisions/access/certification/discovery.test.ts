/** Discovery certification: the metadata, as a service behind https gives them. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../../../support/platform/database.ts';
import { type DecisionServer, startDecisionServer } from '../../../../support/policy/decision_server.ts';
import { send } from '../../../../support/platform/web.ts';

const baseUrl = 'https://wayleave.example';
let database: TestDatabase;
let server: DecisionServer;

beforeAll(async () => {
  database = await testDatabase();
  server = await startDecisionServer(database, { baseUrl });
});
afterAll(async () => {
  await server.close();
  await database.drop();
});

test('c-6 the metadata say where to ask, over https', async () => {
  const answer = await send(`${server.url}/.well-known/authzen-configuration`);
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  const metadata = answer.json() as Record<string, unknown>;
  expect(metadata.policy_decision_point).toBe(baseUrl);
  const endpoints = ['access_evaluation', 'access_evaluations', 'search_subject', 'search_resource', 'search_action'];
  for (const name of endpoints) {
    const address = new URL(metadata[`${name}_endpoint`] as string);
    expect(address.protocol).toBe('https:');
    expect((await send(`${server.url}${address.pathname}`, { method: 'POST' })).status).toBe(401);
  }
  expect(metadata.supported_obligations).toEqual(expect.arrayContaining([expect.any(String)]));
});
