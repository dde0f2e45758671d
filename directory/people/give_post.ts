/** Giving a practitioner a post. */
import type { Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import type { Actor } from '../actor.ts';
import { administer, refuseOwn } from '../agencies/administer.ts';
import { DirectoryError, notFound } from '../errors.ts';
import type { PostKind } from './standing.ts';

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
  return administer(log, actor, async (tx) => {
    refuseOwn(actor, input.practitioner);
    await check(tx, actor.agency, input);
    const id = input.id ?? uuidv7();
    await tx.query(sql`
      insert into post (id, agency, practitioner, team, role, kind, starts_at, ends_at, source)
      values (${id}, ${actor.agency}, ${input.practitioner}, ${input.team}, ${input.role}, ${input.kind ?? 'substantive'},
              coalesce(to_timestamp(${input.from ?? null}), now()), to_timestamp(${input.until ?? null}), ${input.source})`);
    tx.record({
      event: 'post.given',
      actor,
      agencies: [actor.agency],
      subject: input.practitioner,
      content: {
        post: id,
        agency: actor.agency,
        team: input.team,
        role: input.role,
        kind: input.kind ?? 'substantive',
        until: input.until ?? null,
      },
    });
    tx.affects('practitioner', input.practitioner);
    return id;
  });
}

async function check(tx: Queryable, agency: string, input: PostInput): Promise<void> {
  if (input.until !== undefined && input.until <= (input.from ?? 0)) {
    throw new DirectoryError('invalid', 'post-ends-before-it-starts', 'The post’s last day must be after its first.');
  }
  const [found] = await tx.query<{ person: boolean; team: boolean; role: boolean }>(sql`
    select exists (select from practitioner where id = ${input.practitioner} and status = 'active') as person,
           exists (select from team where id = ${input.team} and agency = ${agency}) as team,
           exists (select from role r join agency a on a.kind = any (r.kinds)
                   where r.code = ${input.role} and a.code = ${agency} and a.ended_at is null) as role`);
  if (!found?.person) throw notFound('practitioner');
  if (!found.team) throw notFound('team');
  if (!found.role) {
    throw new DirectoryError(
      'invalid',
      'role-not-for-this-agency',
      'Agencies of this kind do not have this role. Choose one from the role catalogue.',
    );
  }
}
