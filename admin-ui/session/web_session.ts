/** A browser that is signed in: a random token in a cookie, and the row that its hash opens. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import type { Log } from '../../platform/log/log.ts';

/** Seconds without a request after which a session ends, and seconds after which it ends in any case. */
const idle = 30 * 60;
const absolute = 12 * 60 * 60;
/** Seconds within which a use of the session is not written down again, so that few pages cost a write. */
const grain = 60;

type WebSession = { practitioner: string; post: string; identitySession: string };

/** Starts a session and returns the cookie's value, which is kept nowhere. `now` in epoch seconds. */
export async function startSession(db: Queryable, session: WebSession, now: number): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db.query(sql`
    insert into web_session (token_hash, practitioner, post, identity_session, created_at, last_used_at)
    values (${hash(token)}, ${session.practitioner}, ${session.post}, ${session.identitySession},
            to_timestamp(${now}), to_timestamp(${now}))`);
  return token;
}

/**
 * The session behind a cookie, while it counts, the log's epoch as it was then, and the database's clock. Using it keeps it from going idle: half an
 * hour after a use it has ended, and up to a minute earlier where that use was not written down.
 */
export async function findSession(
  { db, name }: Pick<Log, 'db' | 'name'>,
  token: string,
  now: number,
): Promise<(WebSession & { epoch: number; at: number }) | undefined> {
  const [row] = await db.query<WebSession & { epoch: number; at: number }>(sql`
    with found as (
      select token_hash, practitioner, post, identity_session from web_session
      where token_hash = ${hash(token)}
        and last_used_at > to_timestamp(${now - idle})
        and created_at > to_timestamp(${now - absolute})),
    used as (
      update web_session set last_used_at = to_timestamp(${now}) from found
      where web_session.token_hash = found.token_hash and last_used_at <= to_timestamp(${now - grain}))
    select practitioner, post, identity_session as "identitySession", epoch, extract(epoch from now())::float8 as at
    from found join log_head on log = ${name}`);
  return row;
}

/** What goes to the identity provider with a sign-out and comes back from it: it follows from the cookie, and leads nowhere. */
export function signOutState(token: string): string {
  return hash(`sign-out ${token}`).toString('base64url');
}

/** True for the state that belongs to the sign-out of this session. */
export function isSignOutOf(token: string, state: unknown): boolean {
  const [wanted, given] = [signOutState(token), state].map((text) => Buffer.from(String(text)));
  return given!.length === wanted!.length && timingSafeEqual(given!, wanted!);
}

/** Ends the session for good. */
export async function endSession(db: Queryable, token: string): Promise<void> {
  await db.query(sql`delete from web_session where token_hash = ${hash(token)}`);
}

/** Removes sessions that have ended by themselves; a job calls it now and then. */
export async function removeEndedSessions(db: Queryable, now: number): Promise<void> {
  await db.query(sql`
    delete from web_session
    where last_used_at <= to_timestamp(${now - idle}) or created_at <= to_timestamp(${now - absolute})`);
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
