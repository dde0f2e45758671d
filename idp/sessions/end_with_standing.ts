/** Sessions of people who were suspended or have left end when the directory says so, not only when they are next used. */
import { sql } from '../../platform/database/sql.ts';
import { findActiveStanding, type IdentityContext } from '../context.ts';
import { endSession } from './end_session.ts';

/** Follows the change feed. Every process does; a session is ended and recorded once, whoever comes first. */
export function endSessionsWithStanding(context: IdentityContext): void {
  const changed = new Set<string>();
  const sweep = (): void => {
    const people = [...changed];
    changed.clear();
    endSessionsOf(context, people).catch((err: Error) =>
      context.logger.warn({ err }, 'sessions of changed people not looked at'),
    );
  };
  // Not awaited: the feed must not wait for changes that it has to report itself.
  context.log.fence.onChange('practitioner', (practitioner) => {
    if (changed.size === 0) setImmediate(sweep);
    changed.add(practitioner);
  });
}

async function endSessionsOf(context: IdentityContext, people: string[]): Promise<void> {
  const everybody = people.includes('*');
  const sessions = await context.db.query<{ uid: string; practitioner: string }>(sql`
    select uid, payload ->> 'accountId' as practitioner from oidc_payload
    where model = 'Session' and consumed_at is null and payload ->> 'accountId' is not null
      and (${everybody} or payload ->> 'accountId' = any (${people}))`);
  for (const { uid, practitioner } of sessions) {
    if ((await findActiveStanding(context, practitioner)) === undefined)
      await endSession(context, uid, 'no-longer-active');
  }
}
