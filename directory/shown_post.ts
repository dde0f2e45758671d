/**
 * Who may be shown to whom: the one rule, in SQL for rows and in code for a post that was read. A team that is not listed (a
 * refuge, say) is hidden from everybody outside its agency: neither it nor who works in it is found, named or counted there.
 */
import { activePost } from './active_post.ts';
import { type Query, sql } from '../platform/database/sql.ts';

/** True for a row `o` of `post`, with `t` its team, that may be shown to people and systems of the agency `viewer`; without one, to everybody. */
export function shownTo(viewer?: string): Query {
  return viewer === undefined ? sql`t.listed` : sql`(t.listed or o.agency = ${viewer})`;
}

/** The same where the post is active, too; `a` is its agency. Row-level security of the directory says the same again. */
export function shownPost(viewer?: string): Query {
  return sql`${activePost} and ${shownTo(viewer)}`;
}

/** The same of a post that was read, whether or not it is active. */
export function mayBeShown({ listed, agency }: { listed: boolean; agency: string }, viewer: string): boolean {
  return listed || agency === viewer;
}
