/** Slows down guessing: attempts are counted in PostgreSQL by account and by address, and too many close both for a while. */
import { createHmac } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { isConnectionFailure, unavailable } from '../platform/database/database.ts';
import type { Database } from '../platform/database/database.ts';
import { sql } from '../platform/database/sql.ts';
import { deriveSecret } from '../platform/keys/derive.ts';

/** Whose attempt it is. `account`: the e-mail address as typed, known or not; `address`: where the request came from. */
export type Attempt = { account: string; address: string };

/** `first`: this attempt is the one that closed the door, so it is the one to record. */
export type Admission =
  { admitted: true } | { admitted: false; first: boolean; kind: 'account' | 'address'; retryAfter: number };

export type Throttle = {
  /** Counts an attempt before it is looked at. */
  admit(attempt: Attempt): Promise<Admission>;
  /** A sign-in came to its end: the account starts again from nothing, and the address gets its points back. */
  succeeded(attempt: Attempt, points: number): Promise<void>;
  /** Removes counters that have run out. */
  clean(): Promise<void>;
};

const windowSeconds = 5 * 60;
/** A whole agency may sit behind one address, so an address bears more than an account. */
const points = { account: 10, address: 100 } as const;

/** Opens the throttle. Keys are keyed hashes: the table tells nobody who tried to sign in. */
export function createThrottle(
  db: Database,
  masterKey: Buffer,
  limits: { account: number; address: number } = points,
): Throttle {
  const secret = deriveSecret(masterKey, 'sign-in-throttle');
  const limiter = (kind: 'account' | 'address') =>
    new RateLimiterPostgres({
      storeClient: db.pool,
      storeType: 'pool',
      tableName: 'sign_in_throttle',
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix: kind,
      points: limits[kind],
      duration: windowSeconds,
    });
  const limiters = { account: limiter('account'), address: limiter('address') };
  const keyOf = (kind: 'account' | 'address', attempt: Attempt) =>
    createHmac('sha256', secret).update(`${kind}:${attempt[kind].trim().toLowerCase()}`).digest('base64url');

  const count = async (kind: 'account' | 'address', attempt: Attempt): Promise<Admission> => {
    try {
      await limiters[kind].consume(keyOf(kind, attempt));
      return { admitted: true };
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw failure(refusal);
      const first = refusal.consumedPoints === limits[kind] + 1;
      return { admitted: false, first, kind, retryAfter: Math.ceil(refusal.msBeforeNext / 1000) };
    }
  };

  return {
    admit: async (attempt) => {
      const byAddress = await count('address', attempt);
      return byAddress.admitted ? count('account', attempt) : byAddress;
    },
    succeeded: async (attempt, spent) => {
      await limiters.account.delete(keyOf('account', attempt));
      await limiters.address.reward(keyOf('address', attempt), spent);
    },
    clean: async () => void (await db.query(sql`delete from sign_in_throttle where expire < ${Date.now()}`)),
  };
}

// The limiter hands on what the pool threw. Without counting there is no sign-in: it fails closed.
function failure(error: unknown): unknown {
  return isConnectionFailure(error) ? unavailable(error) : error;
}
