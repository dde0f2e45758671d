/** Entries with parts: kept as they were said, each provable without the others, gone when the entry is erased. */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { openKeyRing } from '../../../platform/keys/ring.ts';
import { checkLog } from '../../../platform/log/check.ts';
import { eraseContent } from '../../../platform/log/erase.ts';
import { findEntry } from '../../../platform/log/read.ts';
import { testMasterKey } from '../../support/platform/database.ts';
import { anEvent, byHand, recorded, testLog } from '../../support/platform/log.ts';

let t: Awaited<ReturnType<typeof testLog>>;
beforeAll(async () => {
  t = await testLog();
});
afterAll(() => t.drop());

const auditing = { reading: 'audit' } as const;
const parts = [
  { text: 'one\ntwo\r\n\u2028\u001e\u001f', n: 1e-7 },
  { text: '\ud83d\ude00 "quoted" \\n', deep: { list: [1, null, true] } },
  { text: 'half \ud83d of a pair, and \u0000' },
];

const asJson = (some: readonly object[]) => some.map((part) => JSON.stringify(part));

const keep = async (changes: Parameters<typeof anEvent>[0]) => recorded(await t.log.append(anEvent(changes)));
const check = async () => {
  const keys = await openKeyRing(t.db, testMasterKey).list('log');
  return checkLog(
    t.db,
    keys.map(({ publicKey }) => publicKey),
  );
};

async function storedParts(position: number): Promise<{ lines: string[]; commitments: string[] }> {
  const [row] = await read(t.db, auditing, (tx) =>
    tx.query<{ parts: Buffer; committed: string }>(
      sql`select parts, committed from log_content where position = ${position}`,
    ),
  );
  const { parts: commitments = [] } = JSON.parse(row!.committed) as { parts?: string[] };
  return { lines: inflateRawSync(row!.parts).toString('utf8').split('\n'), commitments };
}

describe('parts', () => {
  it('come back as they were said, in order, and an entry without any has none', async () => {
    const { id } = await keep({ parts: asJson(parts) });
    expect(await findEntry(t.db, auditing, id)).toMatchObject({ parts, intact: true });
    expect(await findEntry(t.db, auditing, (await keep({})).id)).not.toHaveProperty('parts');
    expect((await check()).problems).toEqual([]);
  });

  it('are each committed to by the hash of their line, under a salt of their own', async () => {
    const { position } = await keep({ parts: asJson([{ same: 1 }, { same: 1 }]) });
    const { lines, commitments } = await storedParts(position);
    expect(lines.map((line) => createHash('sha256').update(line).digest('base64url'))).toEqual(commitments);
    expect(new Set(commitments).size).toBe(2);
    expect(lines[0]).toMatch(/^[\w-]{24} \{"same":1\}$/);
  });

  it('of more than one line are refused', async () => {
    await expect(keep({ parts: ['{\n}'] })).rejects.toThrow('one line');
  });

  it('stand beside entries of the same batch that have none', async () => {
    const all = await Promise.all(
      [undefined, parts, undefined, [{ n: 1 }]].map((some) => keep(some ? { parts: asJson(some) } : {})),
    );
    const entries = await Promise.all(all.map(({ id }) => findEntry(t.db, auditing, id)));
    expect(entries.map((entry) => entry?.parts?.length)).toEqual([undefined, 3, undefined, 1]);
  });

  it('go with the rest of the entry when it is erased', async () => {
    const { id, position } = await keep({ parts: asJson(parts) });
    await eraseContent(t.log, { actor: { agency: 'RTD' }, agencies: ['RTD'], positions: [position], reason: 'over' });
    const entry = await findEntry(t.db, auditing, id);
    expect(entry).toMatchObject({ intact: true });
    expect(entry).not.toHaveProperty('parts');
    const [row] = await read(t.db, auditing, (tx) =>
      tx.query(sql`select parts from log_content where position = ${position}`),
    );
    expect(row).toEqual({ parts: null });
    expect((await check()).problems).toEqual([]);
  });

  const packed = (lines: readonly string[]) => `'\\x${deflateRawSync(lines.join('\n')).toString('hex')}'`;

  it.each<[string, (lines: string[]) => string]>([
    ['changed', ([one, other]) => packed([one!.replace('"n":1', '"n":2'), other!])],
    ['put in another order', (lines) => packed(lines.toReversed())],
    ['taken away', ([one]) => packed([one!])],
    ['added', ([one, other]) => packed([one!, other!, one!])],
    ['all taken away', () => 'null'],
    ['broken', () => `'\\xff00ff'`],
    ['emptied', () => `''`],
    ['blown up beyond measure', () => `'\\x${deflateRawSync(Buffer.alloc(80_000_000)).toString('hex')}'`],
  ])('that somebody has %s by hand are noticed', async (_how, edit) => {
    const { id, position } = await keep({ parts: asJson([{ n: 1 }, { m: 2 }]) });
    const { lines } = await storedParts(position);
    await byHand(t, `update log_content set parts = ${edit(lines)} where position = ${position}`);
    const entry = await findEntry(t.db, auditing, id);
    expect(entry).toMatchObject({ intact: false });
    expect(entry).not.toHaveProperty('parts');
    expect((await check()).problems).toContain(`entry ${position} or its content was changed`);
  });
});
