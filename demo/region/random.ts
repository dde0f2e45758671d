/** Repeatable chance: the same seed gives the same region on every machine. Never for secrets. */
import { createHash } from 'node:crypto';

export type Random = {
  /** A number from 0 up to but not including 1. */
  next(): number;
  /** A whole number from 0 up to but not including `below`. */
  below(below: number): number;
  pick<T>(from: readonly T[]): T;
  chance(probability: number): boolean;
  digits(count: number): string;
};

/** Mulberry32: 32 bits of state, good enough to scatter names. */
export function seededRandom(seed: string): Random {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
    chance: (probability) => next() < probability,
    digits: (count) => Array.from({ length: count }, () => below(10)).join(''),
  };
}

/**
 * An id in the shape of UUIDv7 that depends on its label alone, so that the region loads twice as the same region. Its time
 * is the first moment of 2025, long before anything is recorded.
 */
export function demoId(label: string): string {
  const bytes = createHash('sha256').update(`wayleave demo ${label}`).digest().subarray(0, 16);
  bytes.writeUIntBE(Date.UTC(2025, 0, 1), 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
