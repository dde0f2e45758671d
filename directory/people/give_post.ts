/** Giving a practitioner a post. */
import type { Queryable } from '../../platform/database/database.ts';
import { oneAtATime } from '../../platform/database/one_at_a_time.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import type { Actor } from '../actor.ts';
import { grant, refuseOwn } from '../agencies/administer.ts';
import { DirectoryError, notFound } from '../errors.ts';
import { checkMoment } from '../times.ts';
import type { PostKind, Standing } from './standing.ts';

/** `from` and `until` in epoch seconds (`until` exclusive); from now, open-ended, when left out. */
export type PostInput = {
  id?: string;
  practitioner: string;
  team: string;
  role: string;
  kind?: PostKind;
  from?: number;
  until?: number;
  source: string;
};

/** Gives an active practitioner, whoever keeps their record, a post in a team of the actor's agency. Returns the post's id. */
export function givePost(log: Log, actor: Actor, input: PostInput): Promise<string> {
  const { practitioner, team, role, kind = 'substantive', from, until, source } = input;
  return grant(log, actor, async (tx) => {
    refuseOwn(actor, practitioner);
    await checkTimes(tx, input);
    // Held until the commit: two at the same moment would both find that the person has no such post.
    await oneAtATime(tx, `posts of ${practitioner}`);
    await check(tx, actor.agency, input);
    const id = input.id ?? uuidv7();
    const given = await tx.query(sql`
      insert into post (id, agency, practitioner, team, role, kind, starts_at, ends_at, source)
      values (${id}, ${actor.agency}, ${practitioner}, ${team}, ${role}, ${kind},
              coalesce(to_timestamp(${from ?? null}), now()), to_timestamp(${until ?? null}), ${source})
      on conflict do nothing returning 1`);
    if (given.length === 0) throw new DirectoryError('conflict', 'post-id-in-use', 'This id belongs to another post.');
    tx.record({
      event: 'post.given',
      actor,
      agencies: [actor.agency],
      subject: practitioner,
      content: { post: id, agency: actor.agency, team, role, kind, until: until ?? null },
    });
    tx.affects('practitioner', practitioner);
    return id;
  });
}

async function checkTimes(tx: Queryable, { from, until }: PostInput): Promise<void> {
  checkMoment(from);
  checkMoment(until);
  if (until === undefined) return;
  const [{ now } = { now: 0 }] = await tx.query<{ now: number }>(sql`select extract(epoch from now())::float8 as now`);
  if (until <= (from ?? now)) {
    throw new DirectoryError('invalid', 'post-ends-before-it-starts', 'The post’s last day must be after its first.');
  }
  if (until <= now) {
    throw new DirectoryError('invalid', 'post-over-already', 'The post would be over already. Give a later last day.');
  }
}

type Found = { status: Standing['status'] | null; team: boolean; role: boolean; held: boolean };

// Row-level security hides whoever is not active from every agency but the one that keeps the record.
async function check(tx: Queryable, agency: string, input: PostInput): Promise<void> {
  const { practitioner, team, role, from, until } = input;
  const [found] = await tx.query<Found>(sql`
    select (select status from practitioner where id = ${practitioner}) as status,
           exists (select from team where id = ${team} and agency = ${agency}) as team,
           exists (select from role r join agency a on a.kind = any (r.kinds)
                   where r.code = ${role} and a.code = ${agency}) as role,
           exists (select from post
                   where practitioner = ${practitioner} and team = ${team} and role = ${role}
                     and tstzrange(starts_at, ends_at) && tstzrange(
                       coalesce(to_timestamp(${from ?? null}), now()), to_timestamp(${until ?? null}))) as held`);
  if (!found?.status) throw notFound('practitioner');
  if (found.status !== 'active') {
    throw new DirectoryError(
      'conflict',
      'practitioner-not-active',
      'This person is suspended or has left. Restore them before they are given a post.',
    );
  }
  if (!found.team) throw notFound('team');
  if (!found.role) {
    throw new DirectoryError(
      'invalid',
      'role-not-for-this-agency',
      'Agencies of this kind do not have this role. Choose one from the role catalogue.',
    );
  }
  if (found.held) {
    throw new DirectoryError(
      'conflict',
      'post-given-already',
      'The person has this role in this team at that time already. End or restore that post instead.',
    );
  }
}
