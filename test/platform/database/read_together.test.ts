/** Reading by key: one reading for all who ask meanwhile, and never one that began before the question. */
import { expect, test } from '@jest/globals';
import { readTogether } from '../../../platform/database/read_together.ts';

/** Readings that end when the test says so. */
function readings() {
  const under: { keys: readonly string[]; end: (found: Map<string, string> | Error) => void }[] = [];
  const facts = readTogether<string>(
    (keys) =>
      new Promise((resolve, reject) => {
        under.push({ keys, end: (found) => (found instanceof Error ? reject(found) : resolve(found)) });
      }),
  );
  return { under, facts };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('who asks at once is answered by one reading, each with what was found for the key', async () => {
  const { under, facts } = readings();
  const answers = Promise.all(['a', 'b', 'a', 'nobody'].map((key) => facts.get(key)));
  await turn();
  expect(under.map(({ keys }) => keys)).toEqual([['a', 'b', 'nobody']]);
  under[0]!.end(
    new Map([
      ['a', 'of a'],
      ['b', 'of b'],
    ]),
  );
  expect(await answers).toEqual(['of a', 'of b', 'of a', undefined]);
});

test('who asks while one is under way waits for the next, for the same key too', async () => {
  const { under, facts } = readings();
  const first = facts.get('a');
  await turn();
  const later = Promise.all([facts.get('a'), facts.get('b')]);
  await turn();
  expect(under).toHaveLength(1);
  under[0]!.end(new Map([['a', 'before']]));
  expect(await first).toBe('before');
  await turn();
  expect(under[1]!.keys).toEqual(['a', 'b']);
  under[1]!.end(new Map([['a', 'after']]));
  expect(await later).toEqual(['after', undefined]);
});

test('nothing is kept, and a reading that fails spoils no other', async () => {
  const { under, facts } = readings();
  const failing = facts.get('a');
  await turn();
  under[0]!.end(new Error('no database'));
  await expect(failing).rejects.toThrow('no database');
  const again = facts.get('a');
  await turn();
  under[1]!.end(new Map([['a', 'read again']]));
  expect(await again).toBe('read again');
  expect(under).toHaveLength(2);
});

test('a reading looks for a thousand keys at most', async () => {
  const { under, facts } = readings();
  const all = Promise.all(Array.from({ length: 1_500 }, (_, index) => facts.get(`key ${index}`)));
  for (const size of [1_000, 500]) {
    await turn();
    const { keys, end } = under.at(-1)!;
    expect(keys).toHaveLength(size);
    end(new Map(keys.map((key) => [key, key])));
    await turn();
  }
  expect((await all).at(-1)).toBe('key 1499');
});
