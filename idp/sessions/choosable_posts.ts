/** Which posts a person may act in, given who vouched for how they signed in. */
import { postIsActive } from '../../directory/active_post.ts';
import type { Post } from '../../directory/people/standing.ts';
import { findActiveStanding, type IdentityContext } from '../context.ts';
import { listAccepting } from '../credentials/accept_credentials.ts';
import { findVouchers } from './sign_in.ts';

/**
 * Posts that are active now and whose own agency vouched for the session's credentials, or accepts by name the agency
 * that did. So a reset or an account in one agency opens nothing in another.
 */
export async function listChoosablePosts(
  context: IdentityContext,
  practitioner: string,
  session: string,
): Promise<Post[]> {
  const standing = await findActiveStanding(context, practitioner);
  const active = (standing?.posts ?? []).filter((post) => postIsActive(post, context.clock()));
  if (active.length === 0) return [];
  const vouchedBy = await findVouchers(context.db, session);
  const agencies = [...new Set(active.map((post) => post.agency))];
  const accepting = await listAccepting(context.db, agencies, vouchedBy);
  return active.filter((post) => accepting.has(post.agency));
}
