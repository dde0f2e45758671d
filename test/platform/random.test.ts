import { describe, expect, it } from '@jest/globals';
import { drawBytes } from '../../platform/random.ts';

describe('random bytes', () => {
  it('are as many as were asked for, and never the same twice', () => {
    const drawn = Array.from({ length: 2_000 }, () => drawBytes(12));
    expect(new Set(drawn.map((bytes) => bytes.toString('hex'))).size).toBe(2_000);
    expect(drawn.every((bytes) => bytes.length === 12)).toBe(true);
    expect(drawBytes(10_000)).toHaveLength(10_000);
  });

  it('that were handed out stay as they are', () => {
    const first = drawBytes(32);
    const kept = first.toString('hex');
    for (let time = 0; time < 1_000; time += 1) drawBytes(32);
    expect(first.toString('hex')).toBe(kept);
  });
});
