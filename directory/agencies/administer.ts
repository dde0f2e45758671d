/** Changing an agency's entries: one transaction, by somebody entitled to, recorded in the log. */
import type { Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { type Change, change } from '../../platform/log/change.ts';
import type { Log } from '../../platform/log/log.ts';
import { type Actor, personOf } from '../actor.ts';
import { DirectoryError } from '../errors.ts';

/**
 * Runs `work` in one recorded transaction under the actor's agency. A person must be an administrator of that agency at
 * this moment, else `not-administrator` (forbidden). Row-level security lets `work` write the agency's own rows only, and
 * read what any practitioner may find in the others.
 */
export function administer<T>(log: Log, actor: Actor, work: (tx: Change) => Promise<T>): Promise<T> {
  return change(log, { agency: actor.agency, reading: 'directory' }, async (tx) => {
    await requireAdministrator(tx, actor);
    return work(tx);
  });
}

/** Refuses when the change would give something to the person who makes it: nobody grants themselves a right. */
export function refuseOwn(actor: Actor, practitioner: string): void {
  if (personOf(actor) !== practitioner) return;
  throw new DirectoryError(
    'forbidden',
    'not-for-yourself',
    'You cannot give or restore your own post, capacity or registration. Ask another administrator of your agency.',
  );
}

async function requireAdministrator(tx: Queryable, actor: Actor): Promise<void> {
  const person = personOf(actor);
  if (person === undefined) return;
  const rows = await tx.query(sql`
    select 1 from administrator
    where agency = ${actor.agency} and practitioner = ${person}
      and exists (select from practitioner p where p.id = administrator.practitioner and p.status = 'active')
      and exists (select from post where post.practitioner = administrator.practitioner and post.agency = administrator.agency
                    and not post.suspended and post.starts_at <= now() and (post.ends_at is null or now() < post.ends_at))
      and exists (select from agency a where a.code = administrator.agency and a.ended_at is null)`);
  if (rows.length === 0) {
    throw new DirectoryError(
      'forbidden',
      'not-administrator',
      'Only an administrator of the agency that owns this entry can change it.',
    );
  }
}
