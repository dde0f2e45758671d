import { expect, test } from '@jest/globals';
import { drawIds, idAt, mostInEntry, placeOf } from '../../../../policy/decisions/deciding/decision_ids.ts';
import { isUuid } from '../../../../platform/uuid.ts';

test.each([1, 2, 100, mostInEntry])('%d ids of one entry are different, in order, and lead back to it', (count) => {
  const ids = drawIds(count, 1_795_000_000);
  expect(new Set(ids).size).toBe(count);
  expect(ids.every(isUuid)).toBe(true);
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.map(placeOf)).toEqual(ids.map((_, number) => ({ entry: ids[0], number })));
  expect(ids.map((_, number) => idAt(ids[0]!, number))).toEqual(ids);
});

test('entries share no id, even within one millisecond', () => {
  const ids = Array.from({ length: 1_000 }, () => drawIds(mostInEntry, 1_795_000_000)).flat();
  expect(new Set(ids).size).toBe(ids.length);
});

test.each([0, mostInEntry + 1])('%d decisions do not fit into one entry', (count) => {
  expect(() => drawIds(count)).toThrow(RangeError);
});
