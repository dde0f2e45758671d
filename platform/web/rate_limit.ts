/** Slows down who tries too often. Counted in PostgreSQL, for all replicas; in this process while the database is away. */
import { createHash } from 'node:crypto';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Database, Queryable } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { WebError } from './web_error.ts';

export type LimitOptions = {
  /** Short and unique: 'sign-in'. */
  name: string;
  /** So many tries… */
  points: number;
  /** …in so many seconds. */
  seconds: number;
};

type Limit = {
  /** Counts one try, or throws `too-many-requests` (429 with Retry-After). */
  consume(key: string): Promise<void>;
  /** Forgets the tries of a key: what it guarded has succeeded. */
  forget(key: string): Promise<void>;
};

/** A limit that guards and handlers consume, each try under the key that they count by. */
export function openLimit(db: Database, { name, points, seconds }: LimitOptions): Limit {
  const limiter = new RateLimiterPostgres({
    storeClient: db.pool,
    storeType: 'pool',
    tableName: 'rate_limit',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: name,
    points,
    duration: seconds,
    // Whoever is over the limit costs no further statements in this process.
    inMemoryBlockOnConsumed: points,
    insuranceLimiter: new RateLimiterMemory({ keyPrefix: name, points, duration: seconds }),
  });
  return {
    consume: async (key) => {
      try {
        await limiter.consume(hash(key));
      } catch (error) {
        throw error instanceof RateLimiterRes ? tooMany(error.msBeforeNext) : error;
      }
    },
    forget: async (key) => void (await limiter.delete(hash(key))),
  };
}

/** Removes windows that ended before `now` (epoch seconds); for a job every few minutes. */
export async function deleteExpiredLimits(db: Queryable, now: number): Promise<void> {
  await db.query(sql`delete from rate_limit where expire < ${Math.floor(now * 1000)}`);
}

// The table holds no addresses and no names, and no key is too long for it.
function hash(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}

function tooMany(milliseconds: number): WebError {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  return new WebError(
    'too-many',
    'too-many-requests',
    `That was tried too often. Wait ${waitInWords(seconds)}, then try again.`,
    {
      headers: { 'Retry-After': String(seconds) },
    },
  );
}

/** How long to wait, in the largest unit that fits: "12 seconds", "1 minute", "24 hours". */
export function waitInWords(seconds: number): string {
  if (seconds < 60) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes >= 120) return `${Math.ceil(minutes / 60)} hours`;
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}
