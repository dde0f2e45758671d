/** Whether a decision could be recorded now: asked as cheaply as may be, and without leaving a trace. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openKeyRing } from '../../../platform/keys/ring.ts';
import { checkLog } from '../../../platform/log/check.ts';
import { change } from '../../../platform/log/change.ts';
import { testMasterKey } from '../../support/platform/database.ts';
import { anEvent, byHand, recorded, testLog } from '../../support/platform/log.ts';
import { sentBy } from '../../support/platform/statements.ts';

let t: Awaited<ReturnType<typeof testLog>>;
beforeEach(async () => void (t = await testLog()));
afterEach(() => t.drop());

const probesIn = async (work: () => Promise<unknown>): Promise<number> =>
  (await sentBy(work)).statements.filter((text) => text === 'savepoint probe').length;
const guard = () => ({ epoch: t.log.fence.epoch(), validUntil: Date.now() / 1000 + 60 });

describe('asking', () => {
  it('holds for a log that has nothing in it yet, and leaves nothing in it', async () => {
    await t.log.probe();
    expect(recorded(await t.log.append(anEvent()))).toMatchObject({ position: 1 });
    await new Promise((resolve) => setTimeout(resolve, 0));
    const { problems } = await checkLog(t.db, await openKeyRing(t.db, testMasterKey).publicKeys('log'));
    expect(problems).toEqual([]);
  });

  it('is done once for all who ask at the same moment or soon after', async () => {
    const many = async () => {
      await Promise.all(Array.from({ length: 50 }, () => t.log.probe()));
      await t.log.probe();
    };
    expect(await probesIn(many)).toBe(1);
  });

  it('is not done where a decision has just been recorded; other records say nothing about decisions', async () => {
    await t.log.append(anEvent(), guard());
    expect(await probesIn(() => t.log.probe())).toBe(0);
  });

  it('is done again once something could not be recorded', async () => {
    await t.log.probe();
    await byHand(t, 'alter table log_head rename column clock to time');
    await expect(t.log.append(anEvent())).rejects.toThrow();
    await expect(t.log.probe()).rejects.toThrow();
    await byHand(t, 'alter table log_head rename column time to clock');
    await expect(t.log.append(anEvent())).resolves.toBeDefined();
  });
});

describe('the answer is no', () => {
  it('where the log does not verify', async () => {
    await t.log.append(anEvent());
    await byHand(t, 'update log_head set epoch = epoch + 1');
    await expect(t.log.probe()).rejects.toMatchObject({ code: 'log-damaged', kind: 'unavailable' });
  });

  it('where there are entries beyond its signed size', async () => {
    await t.log.append(anEvent());
    await byHand(
      t,
      `insert into log_leaf (log, position, id, entry, hash)
       select log, size, gen_random_uuid(), '{}', sha256('') from log_head`,
    );
    await expect(t.log.probe()).rejects.toMatchObject({ code: 'log-damaged' });
  });

  it('where this process cannot catch up with what was revoked, though the log takes other records', async () => {
    let stuck = true;
    t.log.fence.onChange('practitioner', () => {
      if (stuck) throw new Error('not yet');
    });
    const changing = change(t.log, {}, async (tx) => {
      tx.record(anEvent());
      tx.affects('practitioner', 'p-1');
    });
    await changing.catch(() => undefined);
    await t.log.append(anEvent());
    await expect(t.log.probe()).rejects.toThrow('not yet');
    stuck = false;
    await t.log.fence.catchUp();
    await expect(t.log.append(anEvent(), guard())).resolves.toMatchObject({ outcome: 'recorded' });
    await expect(t.log.probe()).resolves.toBeUndefined();
  });
});
