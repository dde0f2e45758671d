import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase } from '../../../platform/database/database.ts';
import { openCache } from '../../../platform/log/cache.ts';
import { change } from '../../../platform/log/change.ts';
import type { Topic } from '../../../platform/log/event.ts';
import { openFence } from '../../../platform/log/fence.ts';
import { followClock } from '../../../platform/log/follow_clock.ts';
import type { Log } from '../../../platform/log/log.ts';
import { anEvent, byHand, openTestLog, quietLogger, testLog } from '../../support/platform/log.ts';

let t: Awaited<ReturnType<typeof testLog>>;
/** Another process: a pool and a log of its own. */
let other: Log;

beforeAll(async () => {
  t = await testLog();
  other = await openTestLog({ ...t, db: openDatabase(t.url) });
});
afterAll(async () => {
  await other.close();
  await other.db.close();
  await t.drop();
});

const touch = (log: Log, topic: Topic, ...keys: string[]): Promise<void> =>
  change(log, {}, async (tx) => {
    tx.record(anEvent({ event: 'test.touched' }));
    for (const key of keys) tx.affects(topic, key);
  });

async function until(condition: () => boolean, milliseconds = 60_000): Promise<number> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > milliseconds) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return performance.now() - start;
}

function gate() {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

describe('the fence', () => {
  it('has caught up with a change of its own process when the change returns', async () => {
    const loads: string[] = [];
    const cache = t.log.fence.cache('practitioner', async (key) => loads.push(key));
    await cache.get('a');
    await cache.get('b');
    await touch(t.log, 'practitioner', 'a');
    await cache.get('a');
    await cache.get('b');
    expect(loads).toEqual(['a', 'b', 'a']);
  });

  it('keeps nothing where the feed was forgotten past the change that it stands at, as by a process that stood still for weeks', async () => {
    await touch(t.log, 'practitioner', 'somebody');
    const fence = await openFence(t.db, t.log.name, followClock(quietLogger()), quietLogger());
    const loads: string[] = [];
    const cache = fence.cache('practitioner', async (key) => loads.push(key));
    await cache.get('a');
    await touch(t.log, 'practitioner', 'a');
    await touch(t.log, 'practitioner', 'b');
    await byHand(t, 'delete from change_feed where position < (select max(position) from change_feed)');
    await fence.catchUp();
    await cache.get('a');
    expect([loads, fence.epoch()]).toEqual([['a', 'a'], t.log.fence.epoch()]);
  });

  it('hears of another process\u2019s change at once, without being asked', async () => {
    const loads: string[] = [];
    const cache = t.log.fence.cache('partner', async (key) => loads.push(key));
    await cache.get('casebook');
    const waits: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      await touch(other, 'partner', 'casebook');
      waits.push(await until(() => t.log.fence.epoch() >= other.fence.epoch()));
      await cache.get('casebook');
    }
    // Whoever only looks each second waits nearly a second from the second round on.
    expect(waits.toSorted((a, b) => a - b)[2]).toBeLessThan(500);
    expect(loads).toEqual(Array.from({ length: 6 }, () => 'casebook'));
  });

  it('still hears of it within about a second when it cannot listen', async () => {
    const db = openDatabase(t.url);
    const deaf = await openTestLog({ ...t, db, url: 'postgres://nobody@127.0.0.1:1/none' });
    const waits: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await touch(other, 'partner', 'casebook');
      waits.push(await until(() => deaf.fence.epoch() >= other.fence.epoch()));
    }
    expect(Math.min(...waits)).toBeLessThan(2_000);
    await deaf.close();
    await db.close();
  });

  it('answers a caller who asks for an epoch only when it has taken that epoch in', async () => {
    await touch(other, 'agency', 'RTD');
    const { epoch } = other.fence;
    await t.log.fence.catchUp(epoch());
    expect(t.log.fence.epoch()).toBeGreaterThanOrEqual(epoch());
  });

  it('does not raise its epoch before the listeners have done what the change asks of them', async () => {
    const { passed, open } = gate();
    const keys: string[] = [];
    t.log.fence.onChange('register', async (key) => {
      keys.push(key);
      await passed;
    });
    const before = t.log.fence.epoch();
    await touch(other, 'register', 'chain');
    await until(() => keys.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(t.log.fence.epoch()).toBe(before);
    open();
    await t.log.fence.catchUp();
    expect(t.log.fence.epoch()).toBe(other.fence.epoch());
  });

  it('stays at its epoch while a listener fails, and calls it again', async () => {
    let calls = 0;
    t.log.fence.onChange('consent', async () => {
      calls += 1;
      if (calls === 1) throw new Error('the database was away');
    });
    await touch(other, 'consent', 'c-1');
    await until(() => calls >= 2);
    await t.log.fence.catchUp(other.fence.epoch());
    expect(t.log.fence.epoch()).toBe(other.fence.epoch());
  });

  it('drops everything of a topic for the key *', async () => {
    const loads: string[] = [];
    const cache = t.log.fence.cache('involvement', async (key) => loads.push(key));
    await cache.get('a');
    await cache.get('b');
    await touch(other, 'involvement', '*');
    await t.log.fence.catchUp(other.fence.epoch());
    await cache.get('a');
    await cache.get('b');
    expect(loads).toEqual(['a', 'b', 'a', 'b']);
  });
});

describe('a cache', () => {
  it('asks once for many who ask at the same time', async () => {
    let loads = 0;
    const cache = openCache(async (key) => `${key}${++loads}`);
    expect(await Promise.all([cache.get('a'), cache.get('a'), cache.get('a')])).toEqual(['a1', 'a1', 'a1']);
  });

  it('does not keep a load that raced a drop, and does not let later askers join it', async () => {
    const first = gate();
    let loads = 0;
    const cache = openCache(async () => {
      const mine = ++loads;
      if (mine === 1) await first.passed;
      return mine;
    });
    const raced = cache.get('a');
    cache.drop('a');
    expect(await cache.get('a')).toBe(2);
    first.open();
    expect(await raced).toBe(1);
    expect(await cache.get('a')).toBe(2);
  });

  it('does not keep a failure, and a raced failure does not throw out what came after it', async () => {
    const first = gate();
    let loads = 0;
    const cache = openCache(async () => {
      const mine = ++loads;
      if (mine === 1) {
        await first.passed;
        throw new Error('no');
      }
      return mine;
    });
    const failing = cache.get('a');
    cache.drop('a');
    expect(await cache.get('a')).toBe(2);
    first.open();
    await expect(failing).rejects.toThrow('no');
    expect(await cache.get('a')).toBe(2);
    expect(loads).toBe(2);
  });

  it('keeps no more than it may, and forgets what was asked for longest ago', async () => {
    const loads: string[] = [];
    const cache = openCache(async (key: string) => loads.push(key), { max: 2 });
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.get(key);
    expect(loads).toEqual(['a', 'b', 'c', 'b']);
  });
});
