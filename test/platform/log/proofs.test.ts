import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openKeyRing } from '../../../platform/keys/ring.ts';
import { checkLog } from '../../../platform/log/check.ts';
import { verifyCheckpoint } from '../../../platform/log/checkpoint.ts';
import { leafHash, verifyConsistency, verifyInclusion } from '../../../platform/log/merkle.ts';
import { currentCheckpoint, proveConsistency, proveInclusion } from '../../../platform/log/prove.ts';
import { testMasterKey } from '../../support/platform/database.ts';
import { anEvent, recorded, testLog } from '../../support/platform/log.ts';

let t: Awaited<ReturnType<typeof testLog>>;
const sizes = [1, 3, 250, 5, 260, 130];
const checkpoints: string[] = [];

beforeAll(async () => {
  t = await testLog();
  // Batches of many sizes, across two tile boundaries.
  for (const size of sizes) {
    await Promise.all(Array.from({ length: size }, () => t.log.append(anEvent())));
    checkpoints.push((await currentCheckpoint(t.db))!);
  }
});
afterAll(() => t.drop());

const base64 = (text: string): Buffer => Buffer.from(text, 'base64');

describe('the log', () => {
  it('proves every one of its entries under its last checkpoint', async () => {
    const [key] = await openKeyRing(t.db, testMasterKey).publicKeys('log');
    const size = 1 + sizes.reduce((sum, one) => sum + one);
    for (let position = 0; position < size; position += 1) {
      const proof = (await proveInclusion(t.db, position))!;
      const checkpoint = verifyCheckpoint(proof.checkpoint!, key!)!;
      expect(checkpoint.size).toBe(size);
      expect(leafHash(proof.entry).toString('base64')).toBe(proof.leaf);
      expect(
        verifyInclusion(base64(proof.leaf), position, checkpoint.size, proof.path.map(base64), checkpoint.root),
      ).toBe(true);
    }
  });

  it('proves an entry by its id, and in an earlier tree', async () => {
    const { id, position } = recorded(await t.log.append(anEvent()));
    expect((await proveInclusion(t.db, id))!.position).toBe(position);
    const early = verifyCheckpoint(checkpoints[2]!, await openKeyRing(t.db, testMasterKey).publicKeys('log'))!;
    const proof = (await proveInclusion(t.db, 17, early.size))!;
    expect(proof.checkpoint).toBeUndefined();
    expect(verifyInclusion(base64(proof.leaf), 17, early.size, proof.path.map(base64), early.root)).toBe(true);
  });

  it('proves that it only grew, between any two of its checkpoints', async () => {
    const keys = await openKeyRing(t.db, testMasterKey).publicKeys('log');
    const opened = checkpoints.map((note) => verifyCheckpoint(note, keys)!);
    for (const older of opened) {
      for (const newer of opened.filter(({ size }) => size >= older.size)) {
        const { path } = await proveConsistency(t.db, older.size, newer.size);
        expect(verifyConsistency(older.size, newer.size, older.root, newer.root, path.map(base64))).toBe(true);
      }
    }
  });

  it('has no proof for an id or a position that it does not hold, or a tree larger than itself', async () => {
    expect(await proveInclusion(t.db, 'a0a1fc0e-4755-7365-bb23-397522442bb1')).toBeUndefined();
    expect(await proveInclusion(t.db, "'; drop table log_leaf; --")).toBeUndefined();
    expect(await proveInclusion(t.db, 1_000_000)).toBeUndefined();
    expect(await proveInclusion(t.db, 0.5)).toBeUndefined();
    expect(await proveInclusion(t.db, 300, 300)).toBeUndefined();
    await expect(proveConsistency(t.db, 5, 1_000_000)).rejects.toMatchObject({ code: 'invalid-log-size' });
    await expect(proveConsistency(t.db, 9, 8)).rejects.toMatchObject({ code: 'invalid-log-size' });
  });

  it('holds as a whole', async () => {
    const check = await checkLog(t.db, await openKeyRing(t.db, testMasterKey).publicKeys('log'));
    expect(check).toMatchObject({ problems: [], erased: 0 });
    expect(check.entries).toBe(check.checkpoint!.size);
  });
});
