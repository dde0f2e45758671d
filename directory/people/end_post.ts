/** Ending, suspending and restoring a post. Each takes effect for every request sent after the call returns. */
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import type { Actor } from '../actor.ts';
import { administer, grant, refuseOwn } from '../agencies/administer.ts';
import { DirectoryError, notFound } from '../errors.ts';
import { checkMoment } from '../times.ts';

type Input = { post: string; reason: string };

/** Ends the post at `until` (epoch seconds; now when left out or in the past). Ending never puts an earlier end off. */
export function endPost(log: Log, actor: Actor, input: Input & { until?: number }): Promise<void> {
  return changePost(log, actor, input, 'post.ended', (post) => {
    checkMoment(input.until);
    if (post.over) return post;
    const until = Math.max(post.from, post.now, input.until ?? post.now);
    return until < (post.until ?? Infinity) ? { ...post, until } : post;
  });
}

/** Takes the post's rights away without ending it. */
export function suspendPost(log: Log, actor: Actor, input: Input): Promise<void> {
  return changePost(log, actor, input, 'post.suspended', (post) => ({ ...goingOn(post), suspended: true }));
}

/** Gives a suspended post its rights back. */
export function restorePost(log: Log, actor: Actor, input: Input): Promise<void> {
  return changePost(log, actor, input, 'post.restored', (post) => {
    refuseOwn(actor, post.practitioner);
    return { ...goingOn(post), suspended: false };
  });
}

/**
 * `now` is the database's, which every decision is measured by: of the moment when the transaction began, so that another may
 * have ended the post since. `over` is of the moment when the row was held.
 */
type Row = { practitioner: string; from: number; until: number | null; suspended: boolean; now: number; over: boolean };

function goingOn(post: Row): Row {
  if (post.until === null || post.now < post.until) return post;
  throw new DirectoryError(
    'conflict',
    'post-ended',
    'This post has ended. Give a new one if the person is back in it.',
  );
}

function changePost(log: Log, actor: Actor, input: Input, event: string, become: (post: Row) => Row): Promise<void> {
  return (event === 'post.restored' ? grant : administer)(log, actor, async (tx) => {
    const [before] = await tx.query<Row>(sql`
      select practitioner, suspended, extract(epoch from starts_at)::float8 as "from",
             extract(epoch from ends_at)::float8 as until, extract(epoch from now())::float8 as now,
             coalesce(ends_at <= clock_timestamp(), false) as over
      from post where id = ${input.post} and agency = ${actor.agency} for update`);
    if (before === undefined) throw notFound('post');
    const { practitioner, until, suspended } = become(before);
    if (until === before.until && suspended === before.suspended) return;
    await tx.query(sql`
      update post set ends_at = to_timestamp(${until}::float8), suspended = ${suspended}, confirmed_at = now()
      where id = ${input.post}`);
    tx.record({
      event,
      actor,
      agencies: [actor.agency],
      subject: practitioner,
      content: { post: input.post, reason: input.reason, until },
    });
    tx.affects('practitioner', practitioner);
  });
}
