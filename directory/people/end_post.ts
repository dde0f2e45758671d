/** Ending, suspending and restoring a post. Each takes effect for every request sent after the call returns. */
import { type Query, sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import type { Actor } from '../actor.ts';
import { administer, refuseOwn } from '../agencies/administer.ts';
import { notFound } from '../errors.ts';

/** Ends the post at `until` (epoch seconds; now when left out or in the past). */
export function endPost(
  log: Log,
  actor: Actor,
  input: { post: string; until?: number; reason: string },
): Promise<void> {
  const until = sql`greatest(starts_at, now(), to_timestamp(${input.until ?? 0}))`;
  return changePost(log, actor, input, {
    event: 'post.ended',
    gives: false,
    set: sql`ends_at = least(ends_at, ${until})`,
  });
}

/** Takes the post's rights away without ending it. */
export function suspendPost(log: Log, actor: Actor, input: { post: string; reason: string }): Promise<void> {
  return changePost(log, actor, input, { event: 'post.suspended', gives: false, set: sql`suspended = true` });
}

/** Gives a suspended post its rights back. */
export function restorePost(log: Log, actor: Actor, input: { post: string; reason: string }): Promise<void> {
  return changePost(log, actor, input, { event: 'post.restored', gives: true, set: sql`suspended = false` });
}

type PostChange = { event: string; gives: boolean; set: Query };

function changePost(
  log: Log,
  actor: Actor,
  input: { post: string; reason: string },
  { event, gives, set }: PostChange,
): Promise<void> {
  return administer(log, actor, async (tx) => {
    const [post] = await tx.query<{ practitioner: string; until: number | null }>(sql`
      update post set ${set}, confirmed_at = now() where id = ${input.post} and agency = ${actor.agency}
      returning practitioner, extract(epoch from ends_at)::float8 as until`);
    if (post === undefined) throw notFound('post');
    if (gives) refuseOwn(actor, post.practitioner);
    tx.record({
      event,
      actor,
      agencies: [actor.agency],
      subject: post.practitioner,
      content: { post: input.post, reason: input.reason, until: post.until },
    });
    tx.affects('practitioner', post.practitioner);
  });
}
