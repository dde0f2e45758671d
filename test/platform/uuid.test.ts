import { expect, test } from '@jest/globals';
import { isUuid, uuidv7 } from '../../platform/uuid.ts';

test('a UUIDv7 carries its millisecond, its version and its variant', () => {
  // The example of RFC 9562, appendix A.6: 22 February 2022, 14:22:22.000 at UTC-5.
  const id = uuidv7(1_645_557_742);
  expect(id.slice(0, 13)).toBe('017f22e2-79b0');
  expect(id[14]).toBe('7');
  expect(id[19]).toMatch(/[89ab]/);
  expect(isUuid(id)).toBe(true);
});

test('ten thousand of one millisecond are all different, and later ones sort later', () => {
  const ids = Array.from({ length: 10_000 }, () => uuidv7(1_700_000_000));
  expect(new Set(ids).size).toBe(10_000);
  expect(uuidv7(1_700_000_000.001) > ids.toSorted().at(-1)!).toBe(true);
});

test('other text is no UUID', () => {
  for (const text of [
    '',
    'x',
    '017F22E2-79B0-7CC3-98C4-DC0C0C07398F',
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398f ',
    "' or 1=1",
  ]) {
    expect(isUuid(text)).toBe(false);
  }
});
