/** Whether this process can do its work: named checks, each of which throws what is wrong in words. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Queryable } from '../database/database.ts';
import { explainToOperator } from '../database/outage.ts';
import { sql } from '../database/sql.ts';
import { PlatformError, ServiceError } from '../errors.ts';

/** A check may return a word on what is wrong but hinders nothing. */
export type ReadinessCheck = { name: string; check(this: void): Promise<string | undefined | void> };

export type CheckResult = { name: string; ready: boolean; problem?: string; note?: string };

const patienceMs = 3_000;

/** Runs all checks at once; one that does not answer in time has failed. Unforeseen errors are not quoted. */
export async function checkReadiness(checks: ReadinessCheck[]): Promise<CheckResult[]> {
  return Promise.all(
    checks.map(async ({ name, check }) => {
      try {
        const late = delay(patienceMs, 'late' as const, { ref: false });
        const said = await Promise.race([check().then((note) => ({ note })), late]);
        if (said === 'late') return { name, ready: false, problem: 'No answer in time.' };
        return { name, ready: true, ...(typeof said.note === 'string' && { note: said.note }) };
      } catch (error) {
        return {
          name,
          ready: false,
          problem: error instanceof ServiceError ? explainToOperator(error) : 'The check failed.',
        };
      }
    }),
  );
}

/** What "committed" must mean for the promise that no answer is given without its record. */
const required: Record<string, string[]> = {
  fsync: ['on'],
  full_page_writes: ['on'],
  // `remote_apply` is stronger than `on`; `local` and `remote_write` lose the last commits with a machine.
  synchronous_commit: ['on', 'remote_apply'],
};

/** Not ready where PostgreSQL may lose a commit that it confirmed. */
export function durabilityCheck(db: Queryable): ReadinessCheck {
  return {
    name: 'durability',
    check: async () => {
      const rows = await db.query<{ name: string; setting: string }>(
        sql`select name, setting from pg_settings where name = any(${Object.keys(required)}::text[])`,
      );
      const wrong = rows.filter(({ name, setting }) => !required[name]?.includes(setting));
      if (wrong.length === 0 && rows.length === Object.keys(required).length) return;
      const found = wrong.map(({ name, setting }) => `${name} is ${setting}`).join(', ');
      throw new PlatformError(
        'unavailable',
        'not-durable',
        `PostgreSQL may lose what it confirmed: ${found}. Set fsync, full_page_writes and synchronous_commit to on.`,
      );
    },
  };
}
