/** Random bytes for what needs a few at a time, and often: salts, nonces. */
import { randomBytes } from 'node:crypto';

const poolSize = 8_192;
let pool = Buffer.alloc(0);
let used = 0;

/** Unpredictable bytes, never handed out twice. They are drawn for many callers at once: one call each costs more than hashing. */
export function drawBytes(size: number): Buffer {
  if (used + size > pool.length) {
    pool = randomBytes(Math.max(size, poolSize));
    used = 0;
  }
  used += size;
  return pool.subarray(used - size, used);
}
