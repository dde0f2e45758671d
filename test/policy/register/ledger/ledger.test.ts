import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Derivation } from '../../../../policy/register/chain/derivation.ts';
import { holdRegister } from '../../../../policy/register/ledger/hold.ts';
import { type Ledger, openLedger } from '../../../../policy/register/ledger/ledger.ts';
import { createMutex } from '../../../../policy/register/ledger/mutex.ts';
import { publicPart } from '../../../../policy/register/signatures/keys.ts';
import { anOpenRegister, type TestRegister } from '../../../support/policy/register.ts';

let test: TestRegister;
beforeAll(async () => {
  test = await anOpenRegister();
});
afterAll(() => test.drop());

/** A ledger of its own on the same chain; what it needs can be made to fail. */
async function aLedger(): Promise<{ ledger: Ledger; failing: { trust?: Error; clock?: Error; head?: Error } }> {
  const { db, keys, config } = test.ground;
  const failing: { trust?: Error; clock?: Error; head?: Error } = {};
  const ledger = openLedger({
    db,
    loadTrust: async () => {
      if (failing.trust !== undefined) throw failing.trust;
      const sealKeys = (await keys.list('register')).map(({ publicJwk }) => publicJwk);
      return { federation: config.federation.name, rootKey: publicPart(test.root), sealKeys };
    },
    headFile: {
      path: '',
      read: () => Promise.resolve(undefined),
      write: () => (failing.head === undefined ? Promise.resolve() : Promise.reject(failing.head)),
    },
    clock: () => {
      if (failing.clock !== undefined) throw failing.clock;
      return test.clock.now;
    },
  });
  await ledger.catchUp();
  return { ledger, failing };
}

const pretend = (derivation: Derivation): void => void (derivation.head = { sequence: 1_000, hash: 'not-written' });

/** What comes after must have its turn, and says what the chain says. */
async function expectFree(ledger: Ledger): Promise<void> {
  await ledger.catchUp();
  expect(ledger.state()?.head).toEqual(test.register.state()?.head);
  await ledger.change(async ({ current }) => void (await current(test.ground.db)));
  expect(await ledger.verifyAll()).toEqual([]);
  expect(ledger.state()?.head).toEqual(test.register.state()?.head);
}

describe('whatever throws, the next one has its turn:', () => {
  it('a change that ends before it has looked', async () => {
    const { ledger } = await aLedger();
    const before = ledger.state();
    await expect(ledger.change(() => Promise.reject(new Error('no connection')))).rejects.toThrow('no connection');
    expect(ledger.state()).toBe(before);
    await expectFree(ledger);
  });

  it('a change that ends after it applied something', async () => {
    const { ledger } = await aLedger();
    const before = ledger.state();
    const ended = ledger.change(async ({ current }) => {
      pretend(await current(test.ground.db));
      throw new Error('changed my mind');
    });
    await expect(ended).rejects.toThrow('changed my mind');
    expect(ledger.state()).toBe(before);
    await expectFree(ledger);
  });

  it('a change that throws at once, instead of answering later', async () => {
    const { ledger } = await aLedger();
    const thrown = ledger.change(() => {
      throw new Error('at once');
    });
    await expect(thrown).rejects.toThrow('at once');
    await expectFree(ledger);
  });

  it('a committed change whose state cannot be described: nothing is in force until it can', async () => {
    const { ledger, failing } = await aLedger();
    await ledger.change(async ({ current, committed }) => {
      pretend(await current(test.ground.db));
      failing.clock = new Error('no clock');
      committed();
      delete failing.clock;
    });
    expect(ledger.state()).toBeUndefined();
    await expectFree(ledger);
  });

  it('catching up without keys, and verifying without them', async () => {
    const { ledger, failing } = await aLedger();
    failing.trust = new Error('no keys');
    await expect(ledger.catchUp()).rejects.toThrow('no keys');
    await expect(ledger.change(({ current }) => current(test.ground.db))).rejects.toThrow('no keys');
    expect(await ledger.verifyAll()).toMatchObject([{ where: 'register' }]);
    expect(ledger.state()).toBeUndefined();
    delete failing.trust;
    await expectFree(ledger);
  });

  it('a disk that takes no head', async () => {
    const { ledger, failing } = await aLedger();
    await ledger.verifyAll();
    failing.head = new Error('disk full');
    const pretended = ledger.change(async ({ current, committed }) => {
      pretend(await current(test.ground.db));
      committed();
    });
    await pretended;
    await expect(ledger.catchUp()).rejects.toThrow();
    delete failing.head;
    await expectFree(ledger);
  });

  it('work under the lock itself', async () => {
    const mutex = createMutex();
    const order: string[] = [];
    const work = (name: string, fails: boolean) =>
      mutex.run(() => {
        order.push(name);
        if (fails) throw new Error(name);
        return Promise.resolve(name);
      });
    const all = await Promise.allSettled([work('one', true), work('two', false), work('three', true)]);
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    expect(order).toEqual(['one', 'two', 'three']);
    expect(mutex.held()).toBe(false);
    const free = await mutex.acquire();
    free();
    const next = await mutex.acquire();
    free(); // says nothing: the lock is another's now
    expect(mutex.held()).toBe(true);
    next();
  });
});

it('holding the register still without changing it leaves the state the same object', async () => {
  const before = test.register.state();
  await holdRegister(test.ground, test.register, {}, () => Promise.resolve());
  expect(test.register.state()).toBe(before);
});
