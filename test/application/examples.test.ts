/** Every example that the demo region promises, asked over HTTP, and found again in the log with a proof that holds. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { listExamples } from '../../demo/examples.ts';
import { canonicalText, type JsonObject } from '../../platform/json.ts';
import { verifyCheckpoint } from '../../platform/log/checkpoint.ts';
import { leafHash, verifyInclusion } from '../../platform/log/merkle.ts';
import { type RunningApplication, startApplication } from '../support/application/application.ts';

let service: RunningApplication;
const tokens = new Map<string, string>();

beforeAll(async () => {
  service = await startApplication();
  for (const partner of service.manifest.partners) tokens.set(partner.client_id, await fetchToken(partner));
});
afterAll(() => service.close());

type Partner = { client_id: string; client_secret: string };
type Answer = { decision: boolean; context: { id: string; fields: string[]; reason: { code: string; text: string } } };
type Recorded = {
  decision: Answer;
  entry: string;
  salt: string;
  committed: JsonObject;
  intact: boolean;
  proof: { leaf_index: number; tree_size: number; hashes: string[]; checkpoint: string };
};

describe('the examples of the demo region', () => {
  it('are at least fifteen, and cover every reason that can be produced without a person’s token', () => {
    const reasons = new Set(listExamples().map(({ expect: expected }) => expected.reason));
    expect(listExamples().length).toBeGreaterThanOrEqual(15);
    expect(reasons.size).toBe(19);
  });

  it.each(listExamples().map((example) => [example.name, example] as const))('%s', async (_name, example) => {
    const answer = await ask(example.partner, '/access/v1/evaluation', example.request);
    expect({
      decision: answer.decision,
      reason: answer.context.reason.code,
      fields: [...answer.context.fields].sort(),
    }).toEqual({ ...example.expect, fields: [...example.expect.fields].sort() });
    await expectInLog(example.partner, answer);
  });
});

it('are refused to a partner system that does not hold the records', async () => {
  const [example] = listExamples();
  const response = await post('wardview-gateshead-health', '/access/v1/evaluation', example!.request);
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ type: 'urn:wayleave:problem:not-your-records' });
});

/** What an auditor would do with the answer's id, knowing only the log's public key. */
async function expectInLog(partner: string, answer: Answer): Promise<void> {
  const response = await fetch(`${service.baseUrl}/audit/v1/decisions/${answer.context.id}`, {
    headers: bearer(partner),
  });
  expect(response.status).toBe(200);
  const { decision, entry, salt, committed, proof, intact } = (await response.json()) as Recorded;
  expect(intact).toBe(true);
  expect(decision).toEqual(answer);
  const bytes = Buffer.concat([Buffer.from(salt, 'base64'), Buffer.from(canonicalText(committed))]);
  const { commitment } = JSON.parse(entry) as { commitment: string };
  expect(commitment).toBe(createHash('sha256').update(bytes).digest('base64url'));
  const checkpoint = verifyCheckpoint(proof.checkpoint, await service.ground.keys.publicKeys('log'));
  const path = proof.hashes.map((hash) => Buffer.from(hash, 'base64'));
  expect(checkpoint?.size).toBe(proof.tree_size);
  expect(verifyInclusion(leafHash(entry), proof.leaf_index, proof.tree_size, path, checkpoint!.root)).toBe(true);
}

async function ask(partner: string, path: string, body: unknown): Promise<Answer> {
  const response = await post(partner, path, body);
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

function post(partner: string, path: string, body: unknown): Promise<Response> {
  const headers = { ...bearer(partner), 'Content-Type': 'application/json' };
  return fetch(service.baseUrl + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

function bearer(partner: string): Record<string, string> {
  return { Authorization: `Bearer ${tokens.get(partner) ?? ''}` };
}

async function fetchToken({ client_id: id, client_secret: secret }: Partner): Promise<string> {
  const response = await fetch(`${service.config.issuer}/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'decisions audit.read' }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}
