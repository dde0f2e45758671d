import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from '../../../platform/database/sql.ts';
import { openKeyRing } from '../../../platform/keys/ring.ts';
import { change } from '../../../platform/log/change.ts';
import { checkLog } from '../../../platform/log/check.ts';
import { findHead } from '../../../platform/log/head.ts';
import { findEntry } from '../../../platform/log/read.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import { testMasterKey } from '../../support/platform/database.ts';
import { anEvent, byHand, openTestLog, recorded, testLog } from '../../support/platform/log.ts';

let t: Awaited<ReturnType<typeof testLog>>;
beforeAll(async () => {
  t = await testLog();
  await byHand(t, 'create table thing (name text)', 'grant select, insert on thing to wayleave_app');
});
afterAll(() => t.drop());

const things = () => t.db.query(sql`select name from thing`);
const head = async () => (await findHead(t.db, 'main'))!;

describe('a change', () => {
  it('writes its rows, its events and its feed in one go, and raises the epoch to its first event', async () => {
    const result = await change(t.log, { agency: 'RTD' }, async (tx) => {
      await tx.query(sql`insert into thing values ('first')`);
      const ids = [tx.record(anEvent({ event: 'post.ended' })), tx.record(anEvent({ event: 'practitioner.left' }))];
      tx.affects('practitioner', 'p-1');
      tx.affects('practitioner', 'p-1');
      tx.affects('session', 's-1');
      return ids;
    });
    const [first, second] = await Promise.all(result.map((id) => findEntry(t.db, { reading: 'audit' }, id)));
    expect(second!.position).toBe(first!.position + 1);
    expect([first!.epoch, second!.epoch, (await head()).epoch, t.log.fence.epoch()]).toEqual(
      Array(4).fill(first!.position),
    );
    expect(await t.db.query(sql`select position, topic, key from change_feed order by topic`)).toEqual([
      { position: first!.position, topic: 'practitioner', key: 'p-1' },
      { position: first!.position, topic: 'session', key: 's-1' },
    ]);
    expect(await things()).toEqual([{ name: 'first' }]);
  });

  it('names topics that a floor has declared, or does not compile', async () => {
    const mistyped = change(t.log, {}, async (tx) => {
      // @ts-expect-error: nobody owns facts of this name.
      tx.affects('practitoner', 'p-1');
    });
    await expect(mistyped).rejects.toMatchObject({ code: 'change-not-recorded' });
  });

  it('that fails leaves nothing: no row, no event, no feed, no epoch', async () => {
    const before = await head();
    const failing = change(t.log, {}, async (tx) => {
      await tx.query(sql`insert into thing values ('second')`);
      tx.record(anEvent());
      tx.affects('agency', 'RTD');
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await head()).toMatchObject({ size: before.size, epoch: before.epoch });
    expect(await things()).toEqual([{ name: 'first' }]);
  });

  it('that fails at its very end, when its events are written, leaves nothing either', async () => {
    const id = uuidv7();
    await t.log.append(anEvent({ id }));
    const before = await head();
    const failing = change(t.log, {}, async (tx) => {
      await tx.query(sql`insert into thing values ('third')`);
      tx.record(anEvent({ id }));
      tx.affects('agency', 'RTD');
    });
    await expect(failing).rejects.toMatchObject({ code: 'already-recorded' });
    expect(await head()).toMatchObject({ size: before.size, epoch: before.epoch });
    expect(await things()).toEqual([{ name: 'first' }]);
    expect(await t.log.append(anEvent())).toMatchObject({ outcome: 'recorded', position: before.size });
  });

  it('cannot affect decisions without a record of it', async () => {
    const unrecorded = change(t.log, {}, async (tx) => tx.affects('consent', 'c-1'));
    await expect(unrecorded).rejects.toMatchObject({ code: 'change-not-recorded' });
  });

  it('that affects nothing leaves the epoch as it was', async () => {
    const { epoch, size } = await head();
    await change(t.log, {}, async (tx) => tx.record(anEvent({ event: 'directory.noted' })));
    expect(await head()).toMatchObject({ epoch, size: size + 1 });
  });

  it('runs the work that was put off to its end before its events', async () => {
    const order: string[] = [];
    await change(t.log, {}, async (tx) => {
      tx.record(anEvent());
      tx.beforeCommit(async () => {
        const [row] = await tx.query<{ size: number }>(sql`select size from log_head where log = 'main'`);
        order.push(`before ${row!.size}`);
      });
      tx.afterCommit(() => void order.push('after'));
    });
    expect(order).toEqual([`before ${(await head()).size - 1}`, 'after']);
  });

  it('in the first moment of a log comes after the entry that opens it, so that epoch 0 is nobody\u2019s', async () => {
    const fresh = await testLog();
    const id = await change(fresh.log, {}, async (tx) => {
      tx.affects('practitioner', 'p-1');
      return tx.record(anEvent());
    });
    expect(await findEntry(fresh.db, { reading: 'audit' }, id)).toMatchObject({ position: 1, epoch: 1 });
    const opening = await fresh.log.append(anEvent(), { epoch: 0, validUntil: Date.now() / 1000 + 60 });
    expect(opening).toEqual({ outcome: 'stale', epoch: 1 });
    await fresh.drop();
  });

  it('in the middle of other processes\u2019 appends keeps the log whole', async () => {
    const second = await openTestLog(t);
    const work = Array.from({ length: 200 }, (_, index) =>
      index % 10 === 0
        ? change(index % 20 === 0 ? t.log : second, {}, async (tx) => {
            tx.affects('partner', String(index));
            return tx.record(anEvent());
          })
        : (index % 2 === 0 ? t.log : second).append(anEvent()).then((appended) => recorded(appended).id),
    );
    const ids = await Promise.all(work);
    expect(new Set(ids).size).toBe(200);
    await second.close();
    const check = await checkLog(t.db, await openKeyRing(t.db, testMasterKey).publicKeys('log'));
    expect(check.problems).toEqual([]);
  });
});
