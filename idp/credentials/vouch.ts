/** An agency vouches for how people sign in. */
import type { Actor } from '../../directory/actor.ts';
import { grant } from '../../directory/agencies/administer.ts';
import { notFound } from '../../directory/errors.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Change } from '../../platform/log/change.ts';
import type { Log } from '../../platform/log/log.ts';

/** Runs `work` in one recorded transaction for an agency that may give something to these people; `practitioner-not-found`. */
export function vouch<T>(
  log: Log,
  actor: Actor,
  practitioners: readonly string[],
  work: (tx: Change) => Promise<T>,
): Promise<T> {
  return grant(log, actor, async (tx) => {
    const known = await tx.query(sql`select from practitioner where id = any(${practitioners}::uuid[])`);
    if (known.length < new Set(practitioners).size) throw notFound('practitioner');
    return work(tx);
  });
}
