/** The audit of decisions made together, over HTTP: each proved without the others. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { canonicalText, type Json } from '../../../../platform/json.ts';
import { leafHash, verifyInclusion } from '../../../../platform/log/merkle.ts';
import { idAt } from '../../../../policy/decisions/deciding/decision_ids.ts';
import {
  aToken,
  anEvaluation,
  type DecisionServer,
  loadRegion,
  startDecisionServer,
} from '../../../support/policy/decision_server.ts';
import { type TestDatabase, testDatabase, testMasterKey } from '../../../support/platform/database.ts';
import { openKeyRing } from '../../../../platform/keys/ring.ts';
import { sql } from '../../../../platform/database/sql.ts';
import { read } from '../../../../platform/database/transaction.ts';
import { eraseContent } from '../../../../platform/log/erase.ts';
import { postJson, send } from '../../../support/platform/web.ts';

let database: TestDatabase;
let server: DecisionServer;
let ada: string;

beforeAll(async () => {
  database = await testDatabase();
  server = await startDecisionServer(database);
  [ada = ''] = (await loadRegion(server.log)).people;
});
afterAll(async () => {
  await server.close();
  await database.drop();
});

type Answered = { decision: boolean; context: { id: string } };
type Found = {
  decision: unknown;
  entry: string;
  salt: string;
  committed: Json & { content: object; parts: string[] };
  part: { number: number; line: string };
  intact: boolean;
  proof: { leaf: string; leaf_index: number; tree_size: number; hashes: string[]; root: string };
};

const bearer = (token = server.token) => ({ Authorization: `Bearer ${token}` });
const audit = (id: string, token?: string) =>
  send(`${server.url}/audit/v1/decisions/${id}`, { headers: bearer(token) });

/** Asks for the name on three records. */
async function ask(): Promise<Answered[]> {
  const { subject, action, context, resource } = anEvaluation(ada);
  const items = ['case-1', 'case-2', 'case-3'].map((id) => ({ resource: { ...resource, id } }));
  const answer = await postJson(
    `${server.url}/access/v1/evaluations`,
    { subject, action, context, evaluations: items },
    bearer(),
  );
  return (answer.json() as { evaluations: Answered[] }).evaluations;
}

test('each is proved with its own particulars, and shows nothing of the others', async () => {
  const answers = await ask();
  const entries = new Set<string>();
  for (const [number, answer] of answers.entries()) {
    const response = await audit(answer.context.id);
    const found = response.json() as Found;
    expect(found).toMatchObject({ decision: answer, intact: true, part: { number } });
    // The line of this decision is one that the content commits to …
    expect(createHash('sha256').update(found.part.line).digest('base64url')).toBe(found.committed.parts[number]);
    expect(JSON.parse(found.part.line.replace(/^\S+ /, ''))).toEqual({
      answer,
      resource: { id: `case-${number + 1}` },
    });
    // … the content is what the leaf commits to …
    const commitment = createHash('sha256')
      .update(Buffer.from(found.salt, 'base64'))
      .update(canonicalText(found.committed))
      .digest('base64url');
    expect((JSON.parse(found.entry) as { commitment: string }).commitment).toBe(commitment);
    // … and the leaf stands in the tree.
    const { leaf, leaf_index: index, tree_size: size, hashes, root } = found.proof;
    expect(leafHash(found.entry).toString('base64')).toBe(leaf);
    const path = hashes.map((hash) => Buffer.from(hash, 'base64'));
    expect(verifyInclusion(Buffer.from(leaf, 'base64'), index, size, path, Buffer.from(root, 'base64'))).toBe(true);
    entries.add(found.entry);
    for (const other of answers.filter((one) => one !== answer && one !== answers[0]))
      expect(response.text).not.toContain(other.context.id);
    expect(response.text.match(/case-\d/g)).toEqual([`case-${number + 1}`]);
  }
  expect(entries.size).toBe(1);
});

test('an id beyond the last of them is no decision', async () => {
  const [first] = await ask();
  expect((await audit(idAt(first!.context.id, 2))).status).toBe(200);
  expect((await audit(idAt(first!.context.id, 3))).status).toBe(404);
});

test('they are for those who may read the entry, and nobody else learns that they exist', async () => {
  const answers = await ask();
  const token = await aToken(openKeyRing(database.db, testMasterKey), { clientId: 'two-agencies' });
  const stranger = await postJson(
    `${server.url}/access/v1/evaluations`,
    { ...anEvaluation('0198d3a4-0000-7000-8000-000000000000'), evaluations: [{}, {}] },
    bearer(),
  );
  const [, unknown] = (stranger.json() as { evaluations: Answered[] }).evaluations;
  expect((await audit(answers[1]!.context.id, token)).status).toBe(200);
  const trust = await aToken(openKeyRing(database.db, testMasterKey), { clientId: 'trust-system' });
  expect((await audit(unknown!.context.id)).status).toBe(200);
  expect((await audit(unknown!.context.id, trust)).status).toBe(404);
});

test('once erased they are still proved, and nothing of them is told', async () => {
  const answers = await ask();
  const [row] = await read(database.db, { reading: 'audit' }, (tx) =>
    tx.query<{ position: number }>(sql`select position from log_leaf where id = ${answers[0]!.context.id}`),
  );
  await eraseContent(server.log, {
    actor: { service: 'retention' },
    agencies: [],
    positions: [row!.position],
    reason: 'retention ended',
  });
  const found = (await audit(answers[1]!.context.id)).json();
  expect(found).toMatchObject({ decision: null, salt: null, committed: null, part: null, intact: true });
});
