/** Changing an agency's entries: one transaction, by somebody entitled to, recorded in the log. */
import type { Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { type Change, change } from '../../platform/log/change.ts';
import type { Log } from '../../platform/log/log.ts';
import { type Actor, personOf } from '../actor.ts';
import { DirectoryError, notFound } from '../errors.ts';
import { holdsPost } from '../active_post.ts';

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

/** The same for a change that gives something: an agency that has ended gives nothing any more (`agency-ended`). */
export function grant<T>(log: Log, actor: Actor, work: (tx: Change) => Promise<T>): Promise<T> {
  return administer(log, actor, async (tx) => {
    const [agency] = await tx.query<{ ended: boolean }>(sql`
      select ended_at is not null as ended from agency where code = ${actor.agency}`);
    if (agency === undefined) throw notFound('agency');
    if (agency.ended) {
      throw new DirectoryError(
        'conflict',
        'agency-ended',
        'The agency has left the federation, so it can give and restore nothing. What it gave can still be taken back.',
      );
    }
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

/** True where a row of `administrator` counts: leaving the agency ends the capacity without a second act. */
export const administers = holdsPost(sql`administrator.practitioner`, sql`administrator.agency`);

async function requireAdministrator(tx: Queryable, actor: Actor): Promise<void> {
  const person = personOf(actor);
  if (person === undefined) return;
  const rows = await tx.query(sql`
    select 1 from administrator
    where agency = ${actor.agency} and practitioner = ${person} and ${administers}`);
  if (rows.length > 0) return;
  throw new DirectoryError(
    'forbidden',
    'not-administrator',
    'Only an administrator of the agency that owns this entry can change it.',
  );
}
