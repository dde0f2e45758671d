/** One transaction after the other, for what no index can tell apart. */
import type { Queryable } from './database.ts';
import { sql } from './sql.ts';

/**
 * Waits while another transaction, of any process, is at the same thing, and keeps others waiting until this one ends. A
 * statement sent afterwards sees what the others committed. `what` names the thing, for example `posts of {practitioner}`.
 */
export async function oneAtATime(tx: Queryable, what: string): Promise<void> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtextextended(${what}, 0))`);
}
