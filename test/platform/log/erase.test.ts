import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from '../../../platform/database/sql.ts';
import { transaction } from '../../../platform/database/transaction.ts';
import { openKeyRing } from '../../../platform/keys/ring.ts';
import { checkLog } from '../../../platform/log/check.ts';
import { eraseContent } from '../../../platform/log/erase.ts';
import { leafHash, verifyInclusion } from '../../../platform/log/merkle.ts';
import { parseCheckpoint } from '../../../platform/log/checkpoint.ts';
import { proveInclusion } from '../../../platform/log/prove.ts';
import { findEntry } from '../../../platform/log/read.ts';
import { testMasterKey } from '../../support/platform/database.ts';
import { anEvent, recorded, testLog } from '../../support/platform/log.ts';

let t: Awaited<ReturnType<typeof testLog>>;
beforeAll(async () => {
  t = await testLog();
});
afterAll(() => t.drop());

const anErasure = (...positions: number[]) => ({
  actor: { practitioner: 'p-7', agency: 'RTD' },
  agencies: ['RTD'],
  positions,
  reason: 'retention ended',
});
const auditing = { reading: 'audit' } as const;

describe('erasing an entry', () => {
  it('takes the content and the salt away, says so in the log, and leaves every proof as it was', async () => {
    const kept = recorded(await t.log.append(anEvent({ subject: 'p-2' })));
    const sealed = { commitment: 'of what is sealed', text: Buffer.from('sealed') };
    const erased = recorded(await t.log.append(anEvent({ subject: 'p-2', content: { words: 'a secret' }, sealed })));
    const before = await proveInclusion(t.db, erased.id);
    expect(await findEntry(t.db, auditing, erased.id)).toMatchObject({ sealed, intact: true });
    const erasure = await eraseContent(t.log, anErasure(erased.position));

    const entry = await findEntry(t.db, auditing, erased.id);
    expect(entry).toMatchObject({ event: 'directory.search', erasedBy: erasure.position, intact: true });
    expect(entry).not.toHaveProperty('content');
    expect(entry).not.toHaveProperty('actor');
    expect(entry).not.toHaveProperty('subject');
    expect(entry).not.toHaveProperty('sealed');
    const [row] = await transaction(t.db, auditing, (tx) =>
      tx.query<{ text: string; sealed: Buffer | null }>(
        sql`select log_content::text as text, sealed from log_content where position = ${erased.position}`,
      ),
    );
    expect(row!.sealed).toBeNull();
    expect(row!.text).not.toMatch(/secret|(?<![\w-])p-[12](?![\w-])/);
    expect(await findEntry(t.db, auditing, kept.id)).toMatchObject({ subject: 'p-2', intact: true });
    expect(await findEntry(t.db, auditing, erasure.id)).toMatchObject({
      event: 'content-erased',
      content: { positions: [erased.position], reason: 'retention ended' },
    });

    const after = (await proveInclusion(t.db, erased.id))!;
    expect(after.leaf).toBe(before!.leaf);
    const { root, size } = parseCheckpoint(after.checkpoint!)!;
    const path = after.path.map((hash) => Buffer.from(hash, 'base64'));
    expect(verifyInclusion(leafHash(after.entry), erased.position, size, path, root)).toBe(true);
    const check = await checkLog(t.db, await openKeyRing(t.db, testMasterKey).publicKeys('log'));
    expect(check).toMatchObject({ problems: [], erased: 1 });
  });

  it('cannot be done by the application without the record of it, nor on the strength of another one', async () => {
    const { position } = recorded(await t.log.append(anEvent()));
    const other = recorded(await t.log.append(anEvent()));
    const erasure = await eraseContent(t.log, anErasure(other.position));
    const erase = (by: number) =>
      transaction(t.db, auditing, (tx) => tx.query(sql`select erase_log_content('main', ${position}, ${by})`));
    await expect(erase(erasure.position)).rejects.toMatchObject({ code: '42501' });
    await expect(erase(position)).rejects.toMatchObject({ code: '42501' });
    await expect(
      transaction(t.db, auditing, (tx) =>
        tx.query(sql`update log_content set committed = null where position = ${position}`),
      ),
    ).rejects.toMatchObject({ code: '42501' });
    expect(await t.db.query(sql`select 1 from log_leaf where position = ${position}`)).toHaveLength(1);
    expect(
      await transaction(t.db, auditing, (tx) =>
        tx.query(sql`select 1 from log_content where position = ${position} and erased_by is null`),
      ),
    ).toHaveLength(1);
  });

  it('an earlier erasure that names an entry does not let it be erased again later', async () => {
    const { position } = recorded(await t.log.append(anEvent()));
    const erasure = await eraseContent(t.log, anErasure(position));
    const again = transaction(t.db, auditing, (tx) =>
      tx.query(sql`select erase_log_content('main', ${position}, ${erasure.position})`),
    );
    await expect(again).rejects.toMatchObject({ code: '42501' });
  });

  it('never erases the record of an erasure', async () => {
    const { position } = recorded(await t.log.append(anEvent()));
    const erasure = await eraseContent(t.log, anErasure(position));
    await eraseContent(t.log, anErasure(erasure.position));
    expect(await findEntry(t.db, auditing, erasure.id)).toMatchObject({ content: { positions: [position] } });
  });
});
