/** The acting post: what the provider's Grant cannot hold, kept beside it under the grant's id. */
import type { Post } from '../../directory/people/standing.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { change } from '../../platform/log/change.ts';
import type { IdentityContext } from '../context.ts';
import { lifetimes } from '../lifetimes.ts';
import { revokeGrantIn } from './revoke_grant.ts';

/** `grantedAt`: epoch seconds by the service's clock, where the library's own times are by this machine's. */
type GrantPost = {
  grant: string;
  session: string;
  practitioner: string;
  client: string;
  post: string;
  grantedAt: number;
};

/** The post that a grant is bound to. */
export async function findGrantPost(db: Queryable, grant: string): Promise<GrantPost | undefined> {
  const [row] = await db.query<GrantPost>(sql`
    select grant_id as grant, session, practitioner, client, post, extract(epoch from granted_at)::float8 as "grantedAt"
    from grant_post where grant_id = ${grant}`);
  return row;
}

/** Binds a grant to a post and records the choice; the grant it takes the place of ends in the same moment. */
export async function bindGrantToPost(
  context: IdentityContext,
  input: {
    grant: string;
    session: string;
    practitioner: string;
    client: string;
    post: Post;
    replaces?: string | undefined;
  },
): Promise<void> {
  const { grant, session, practitioner, client, post, replaces } = input;
  const now = context.clock();
  await change(context.log, {}, async (tx) => {
    await tx.query(sql`
      insert into grant_post (grant_id, session, practitioner, client, post, agency, granted_at, expires_at)
      values (${grant}, ${session}, ${practitioner}, ${client}, ${post.id}, ${post.agency}, to_timestamp(${now}),
              to_timestamp(${now + lifetimes.grant}))`);
    tx.record({
      event: 'post.chosen',
      actor: { practitioner, post: post.id, agency: post.agency, client },
      agencies: [post.agency],
      subject: practitioner,
      content: { client, post: post.id, role: post.role },
    });
    if (replaces !== undefined) await revokeGrantIn(tx, replaces, 'post-changed');
  });
}
