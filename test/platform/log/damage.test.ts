import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from '../../../platform/database/sql.ts';
import { openKeyRing } from '../../../platform/keys/ring.ts';
import { checkLog } from '../../../platform/log/check.ts';
import { change } from '../../../platform/log/change.ts';
import { proveInclusion } from '../../../platform/log/prove.ts';
import { findEntry } from '../../../platform/log/read.ts';
import { testMasterKey } from '../../support/platform/database.ts';
import { anEvent, byHand, openTestLog, quietLogger, recorded, testLog } from '../../support/platform/log.ts';

let t: Awaited<ReturnType<typeof testLog>>;
let ids: string[];
const logger = quietLogger();

beforeEach(async () => {
  t = await testLog({ logger });
  const appended = await Promise.all(Array.from({ length: 280 }, () => t.log.append(anEvent())));
  ids = appended.map((one) => recorded(one).id);
});
afterEach(() => t.drop());

const problems = async (): Promise<string[]> =>
  (await checkLog(t.db, await openKeyRing(t.db, testMasterKey).publicKeys('log'))).problems;

describe('a row edited by hand', () => {
  it('shows on the entry, and in the check of the whole log', async () => {
    await byHand(t, `update log_content set committed = replace(committed, 'smyth', 'smith') where position = 100`);
    expect(await findEntry(t.db, { reading: 'audit' }, ids[99]!)).toMatchObject({ position: 100, intact: false });
    expect(await findEntry(t.db, { reading: 'audit' }, ids[98]!)).toMatchObject({ position: 99, intact: true });
    expect(await problems()).toEqual(['entry 100 or its content was changed']);
  });

  it.each([
    ['agencies', `update log_content set agencies = '{RTD}' where position = 100`],
    ['practitioner', `update log_content set practitioner = 'p-9' where position = 100`],
    ['subject', `update log_content set subject = 'p-9' where position = 100`],
    ['event', `update log_content set event = 'decision' where position = 100`],
    ['time', `update log_content set time = time - 60 where position = 100`],
    ['salt', `update log_content set salt = sha256('') where position = 100`],
  ])('in a copied column (%s) shows too', async (_, statement) => {
    await byHand(t, statement);
    expect(await problems()).toContainEqual(expect.stringMatching(/^entry 100 /));
  });

  it('in a leaf breaks its proof and the root', async () => {
    await byHand(
      t,
      `update log_leaf set entry = replace(entry, 'directory.search', 'sign-in'),
         hash = sha256('\\x00'::bytea || convert_to(replace(entry, 'directory.search', 'sign-in'), 'UTF8')) where position = 270`,
    );
    expect(await problems()).toEqual([
      'entry 270 or its content was changed',
      expect.stringContaining('frontier'),
      expect.stringContaining('root'),
    ]);
    await expect(proveInclusion(t.db, 270)).rejects.toMatchObject({ code: 'log-damaged' });
  });

  it('that takes an entry, its content or its listing away is named', async () => {
    await byHand(
      t,
      'delete from log_content where position = 7',
      'update log_reader set positions = array_remove(positions, 9)',
    );
    expect(await problems()).toEqual(['the content of entry 7 is missing', 'entry 9 is hidden from an agency']);
    await byHand(t, 'delete from log_leaf where position = 200');
    expect(await problems()).toContain('entry 200 is missing');
    await expect(proveInclusion(t.db, 201)).rejects.toMatchObject({ code: 'log-damaged' });
  });

  it('in a tile is named, and no false proof is given', async () => {
    await byHand(t, `update log_tile set hash = sha256('') where index = 0`);
    expect(await problems()).toEqual(['tile 0 of level 1 was changed']);
    await expect(proveInclusion(t.db, 279)).rejects.toMatchObject({ code: 'log-damaged' });
  });

  it('that marks content as erased without an erasure in the log is named', async () => {
    await byHand(t, `update log_content set salt = null, committed = null, erased_by = 5 where position = 100`);
    expect(await problems()).toEqual(['entry 100 was erased without a record of it']);
  });
});

describe('a head edited by hand', () => {
  it.each([
    ['its epoch', `update log_head set epoch = epoch + 1`],
    ['its clock', `update log_head set clock = clock - 3600`],
    ['its size', `update log_head set size = size - 1`],
    ['its frontier', `update log_head set frontier = set_byte(frontier, 3, (get_byte(frontier, 3) + 1) % 256)`],
    ['its checkpoint', `update log_head set checkpoint = replace(checkpoint, 'epoch 0', 'epoch 1')`],
    ['all of it, to nothing', `update log_head set size = 0, frontier = '', checkpoint = '', epoch = 0, clock = 0`],
  ])('stops every writer, in words: %s', async (_, statement) => {
    await byHand(t, statement);
    const leaves = () => t.db.query(sql`select count(*) as n from log_leaf`);
    const before = await leaves();
    logger.lines.length = 0;
    const refused = { code: 'log-damaged', kind: 'unavailable', message: expect.stringContaining('does not verify') };
    await expect(t.log.append(anEvent())).rejects.toMatchObject(refused);
    await expect(change(t.log, {}, async (tx) => tx.record(anEvent()))).rejects.toMatchObject(refused);
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ level: 'error', details: expect.objectContaining({ alarm: 'log-damaged' }) }),
    );
    expect(await leaves()).toEqual(before);
  });

  it('stops a process that was started afterwards as well', async () => {
    await byHand(t, `update log_head set epoch = epoch + 1`);
    const later = await openTestLog(t);
    await expect(later.append(anEvent())).rejects.toMatchObject({ code: 'log-damaged' });
    await later.close();
  });

  it('and put right again lets writers go on', async () => {
    await byHand(t, `update log_head set epoch = epoch + 1`);
    await expect(t.log.append(anEvent())).rejects.toMatchObject({ code: 'log-damaged' });
    await byHand(t, `update log_head set epoch = epoch - 1`);
    expect(await t.log.append(anEvent())).toMatchObject({ outcome: 'recorded', position: 281 });
  });
});

describe('a log put back to an earlier state, head and leaves together', () => {
  it('is noticed by a process that has seen it longer', async () => {
    await byHand(t, 'create table kept as select * from log_head');
    await t.log.append(anEvent());
    await byHand(
      t,
      'delete from log_leaf where position = 281',
      'delete from log_content where position = 281',
      'delete from log_reader where first = 281',
      `update log_head set size = kept.size, frontier = kept.frontier, checkpoint = kept.checkpoint, epoch = kept.epoch, clock = kept.clock from kept`,
    );
    await expect(t.log.append(anEvent())).rejects.toMatchObject({
      code: 'log-damaged',
      message: expect.stringContaining('went back'),
    });
  });

  it('is noticed when only the head was put back', async () => {
    await byHand(t, 'create table kept as select * from log_head');
    await t.log.append(anEvent());
    await byHand(
      t,
      `update log_head set size = kept.size, frontier = kept.frontier, checkpoint = kept.checkpoint, epoch = kept.epoch, clock = kept.clock from kept`,
    );
    const later = await openTestLog(t);
    await expect(later.append(anEvent())).rejects.toMatchObject({
      code: 'log-damaged',
      message: expect.stringContaining('beyond'),
    });
    await later.close();
    expect(await problems()).toContain('there are entries beyond the size of the head');
  });
});

describe('a key added by hand', () => {
  it('does not make its checkpoints count', async () => {
    await byHand(
      t,
      `insert into signing_key (kid, purpose, alg, sealed, current) values ('mine', 'log', 'EdDSA', '\\x01020304', false)`,
    );
    const later = await openTestLog(t);
    expect(await later.append(anEvent())).toMatchObject({ outcome: 'recorded' });
    expect((await openKeyRing(t.db, testMasterKey).publicKeys('log')).map(({ kid }) => kid)).not.toContain('mine');
    await later.close();
  });
});
