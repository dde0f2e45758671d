/** Slows down guessing. Failures are counted in PostgreSQL, for all replicas, in budgets that others cannot use up for you. */
import { createHmac } from 'node:crypto';
import type { Database, Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { transaction } from '../../platform/database/transaction.ts';
import { deriveSecret } from '../../platform/keys/derive.ts';
import { type BudgetName, budgets, day, pauseAfter } from './budgets.ts';

/**
 * Whose attempt it is. `account`: the person's id, or the e-mail address as typed where nobody is known by it; `address`:
 * where the request came from; `device`: what signed this very person in before.
 */
export type Attempt = { step: 'password' | 'code'; account: string; address: string; device: string | undefined };

/** A budget that the attempt was taken from, with its failures if this is one. */
type Counted = { budget: BudgetName; key: string; failures: number };

/** Refused: the budget that is closed for longest, and for how many seconds. */
export type Admission =
  { admitted: true; counted: Counted[] } | { admitted: false; budget: BudgetName; retryAfter: number };

export type Throttle = {
  /** Counts an attempt as failed before it is looked at, unless it comes in a pause. */
  admit(attempt: Attempt): Promise<Admission>;
  /** The attempt was right: it is counted no longer. */
  forgive(admission: Admission): Promise<void>;
  /** A sign-in came to its end: its own failures are forgotten, and its place is known from now on. */
  succeeded(attempt: Attempt): Promise<void>;
};

/** How long a place where somebody signed in is remembered; each sign-in counts anew. */
const placeSeconds = 30 * day;

/** Opens the throttle. Keys are keyed hashes: the tables tell nobody who tried to sign in, or from where. */
export function createThrottle(db: Database, masterKey: Buffer, clock: () => number): Throttle {
  // Whole seconds, which the database gives back exactly as they were.
  const now = () => Math.floor(clock());
  const secret = deriveSecret(masterKey, 'sign-in-throttle');
  const keysOf = ({ account, address, device }: Attempt): Record<BudgetName, string> => {
    const key = (budget: BudgetName, ...of: string[]) =>
      `${budget}:${createHmac('sha256', secret).update(JSON.stringify(of)).digest('base64url')}`;
    return {
      device: key('device', account, device ?? ''),
      place: key('place', account, address),
      account: key('account', account),
      address: key('address', address),
      code: key('code', account),
    };
  };

  return {
    admit: (attempt) =>
      transaction(db, {}, async (tx) => {
        const keys = keysOf(attempt);
        const names = budgetsOf(attempt, attempt.device === undefined && (await isKnown(tx, keys.place, now())));
        return take(
          tx,
          names.map((budget) => ({ budget, key: keys[budget] })),
          now(),
        );
      }),
    forgive: async (admission) => {
      if (!admission.admitted) return;
      const { counted } = admission;
      await transaction(db, {}, async (tx) => {
        await lock(
          tx,
          counted.map(({ key }) => key),
        );
        // A pause that somebody else's failure began meanwhile stays.
        await tx.query(sql`
          update sign_in_throttle t
          set failures = t.failures - 1, open_at = case when t.failures = c.failures then to_timestamp(${now()}) else open_at end
          from unnest(${counted.map(({ key }) => key)}::text[], ${counted.map(({ failures }) => failures)}::integer[]) c (key, failures)
          where t.key = c.key and t.failures > 0`);
      });
    },
    succeeded: async (attempt) => {
      const { device, place, account, address } = keysOf(attempt);
      await transaction(db, {}, async (tx) => {
        await lock(tx, [device, place, account, address]);
        if (attempt.device !== undefined) await tx.query(sql`delete from sign_in_throttle where key = ${device}`);
        // Failures at a place that is known already were taken from it alone, and may be somebody else's who sits there.
        else if (!(await isKnown(tx, place, now()))) await forgetNewcomer(tx, { place, account, address });
        await tx.query(sql`
          insert into sign_in_place (key, expires_at) values (${place}, to_timestamp(${now() + placeSeconds}))
          on conflict (key) do update set expires_at = excluded.expires_at`);
      });
    },
  };
}

/** Who signs in at a new place gets back what their failures there took: from the place, the account and, once, the address. */
async function forgetNewcomer(
  tx: Queryable,
  { place, account, address }: Record<'place' | 'account' | 'address', string>,
) {
  const [{ failures } = { failures: 0 }] = await tx.query<{ failures: number }>(
    sql`delete from sign_in_throttle where key = ${place} returning failures`,
  );
  await tx.query(sql`
    update sign_in_throttle t set failures = greatest(t.failures - own.failures, 0)
    from unnest(${[account, address]}::text[], ${[failures, Math.min(failures, 1)]}::integer[]) own (key, failures)
    where t.key = own.key`);
}

/** Locks the rows, in one order everywhere, so that no two transactions wait for one another. */
async function lock(tx: Queryable, keys: string[]): Promise<void> {
  await tx.query(sql`select from sign_in_throttle where key = any(${keys}::text[]) order by key for update`);
}

/** A known device or place has a budget of its own; everybody else shares. */
function budgetsOf({ step, device }: Attempt, placeIsKnown: boolean): BudgetName[] {
  if (device !== undefined) return ['device'];
  if (placeIsKnown) return ['place'];
  return step === 'code' ? ['code'] : ['place', 'account', 'address'];
}

async function isKnown(tx: Queryable, key: string, now: number): Promise<boolean> {
  const found = await tx.query(sql`select from sign_in_place where key = ${key} and expires_at > to_timestamp(${now})`);
  return found.length > 0;
}

/** Takes one failure from each budget, or none where one of them is in a pause. Rows are locked in the order of their keys. */
async function take(tx: Queryable, asked: Omit<Counted, 'failures'>[], now: number): Promise<Admission> {
  const rows = await tx.query<{ key: string; failures: number; openAt: number }>(sql`
    insert into sign_in_throttle as t (key, open_at, expires_at)
    select key, to_timestamp(${now}), to_timestamp(${now + day}) from unnest(${asked.map(({ key }) => key)}::text[]) key
    order by key
    on conflict (key) do update set
      failures = case when t.expires_at > excluded.open_at then t.failures else 0 end,
      open_at = case when t.expires_at > excluded.open_at then t.open_at else excluded.open_at end,
      expires_at = case when t.expires_at > excluded.open_at then t.expires_at else excluded.expires_at end
    returning key, failures, extract(epoch from open_at)::float8 as "openAt"`);
  const states = asked.map((one) => ({ ...one, ...rows.find(({ key }) => key === one.key)! }));
  const closed = states.toSorted((a, b) => b.openAt - a.openAt).find(({ openAt }) => openAt > now);
  if (closed !== undefined) {
    return { admitted: false, budget: closed.budget, retryAfter: Math.ceil(closed.openAt - now) };
  }
  // An address bears how many accounts failed, not how often.
  const again = states.some(({ budget, failures }) => budget === 'place' && failures > 0);
  const counted = states
    .filter(({ budget }) => budget !== 'address' || !again)
    .map(({ budget, key, failures }) => ({ budget, key, failures: failures + 1 }));
  await tx.query(sql`
    update sign_in_throttle t
    set failures = c.failures, open_at = to_timestamp(${now} + c.pause), expires_at = greatest(expires_at, to_timestamp(${now} + c.pause))
    from unnest(${counted.map(({ key }) => key)}::text[], ${counted.map(({ failures }) => failures)}::integer[],
                ${counted.map(({ budget, failures }) => pauseAfter(budgets[budget], failures))}::float8[]) c (key, failures, pause)
    where t.key = c.key`);
  return { admitted: true, counted };
}
