import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseCheckpoint } from '../../platform/log/checkpoint.ts';
import { leafHash, verifyInclusion } from '../../platform/log/merkle.ts';
import { actAsPartners, type DemoService, type Partnership, startDemoService } from '../support/demo_service.ts';

type Answer = { decision: boolean; context: { id: string; fields: string[]; reason: { code: string } } };
type Recorded = {
  decision: Answer;
  entry: string;
  intact: boolean;
  proof: { leaf_index: number; tree_size: number; hashes: string[]; root: string; checkpoint: string };
};

describe('the examples of demo.json over HTTP', () => {
  let service: DemoService;
  let partners: Partnership;

  beforeAll(async () => {
    service = await startDemoService();
    partners = actAsPartners(service);
  }, 60_000);
  afterAll(() => service?.close());

  test('get the expected answers, and each is in the log with a proof that holds', async () => {
    expect(service.manifest.examples.length).toBeGreaterThanOrEqual(15);
    for (const example of service.manifest.examples) {
      const response = await partners.ask(example);
      const text = await response.text();
      expect({ name: example.name, status: response.status, text }).toMatchObject({ status: 200 });
      const answer = JSON.parse(text) as Answer;
      const { decision, context } = answer;
      const got = { decision, reason: context?.reason.code, fields: context?.fields };
      expect({ name: example.name, ...got }).toEqual({ name: example.name, ...example.expect });
      const audit = await partners.call(example.partner, `/audit/v1/decisions/${context.id}`);
      const { decision: recorded, entry, intact, proof } = (await audit.json()) as Recorded;
      expect(recorded).toEqual(answer);
      expect(intact).toBe(true);
      expect(parseCheckpoint(proof.checkpoint)).toMatchObject({
        size: proof.tree_size,
        root: Buffer.from(proof.root, 'base64'),
      });
      const path = proof.hashes.map((hash) => Buffer.from(hash, 'base64'));
      const leaf = leafHash(entry);
      expect(verifyInclusion(leaf, proof.leaf_index, proof.tree_size, path, Buffer.from(proof.root, 'base64'))).toBe(
        true,
      );
    }
  }, 60_000);

  test('are refused to a partner that does not hold the records', async () => {
    const [example] = service.manifest.examples;
    const response = await partners.call('wardview-gateshead-health', '/access/v1/evaluation', example!.request);
    expect(response.status).toBe(403);
  });
});
