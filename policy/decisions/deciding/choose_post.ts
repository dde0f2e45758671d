/** Step: the one post in which the person acts. Posts are never united. */
import { postIsActive } from '../../../directory/active_post.ts';
import type { Post, Standing } from '../../../directory/people/standing.ts';
import type { Circumstances } from './circumstances.ts';
import type { DecisionRequest } from './decision.ts';
import type { Presence } from './presence.ts';
import type { ReasonCode } from './reasons.ts';

/** Who acts, in which post, and whether they are there. */
export type Acting = { standing: Standing; post: Post; presence: Presence | undefined };

/** Why nobody can be taken to act: then no rule is looked at. */
export type Obstacle = { code: ReasonCode; text?: string };

/**
 * The acting post: the one that the sign-in chose; without a sign-in the one that the request names; without a name the
 * only active one. Everything about the person comes from their standing, never from what the caller claims.
 */
export function choosePost(
  { subject }: DecisionRequest,
  { standing, presence, now }: Circumstances,
): Acting | Obstacle {
  if (standing === undefined || subject.type !== 'practitioner') return { code: 'unknown-subject' };
  if (standing.status === 'suspended') return { code: 'suspended' };
  if (standing.status === 'left') return { code: 'post-ended' };
  const named = presence?.post ?? subject.post;
  if (named === undefined) return chooseOnly(standing, now);
  const post = standing.posts.find((held) => held.id === named);
  if (post?.suspended === true) return { code: 'suspended' };
  return post !== undefined && postIsActive(post, now) ? { standing, post, presence } : { code: 'post-ended' };
}

function chooseOnly(standing: Standing, now: number): Acting | Obstacle {
  const active = standing.posts.filter((post) => postIsActive(post, now));
  const [post] = active;
  if (active.length > 1) {
    const text =
      'The person holds more than one post: they sign in and choose one, or the request names it (subject.properties.post).';
    return { code: 'sign-in-needed', text };
  }
  if (post !== undefined) return { standing, post, presence: undefined };
  return { code: standing.posts.some((held) => held.suspended) ? 'suspended' : 'post-ended' };
}

/** True for a person who can act. */
export function canAct(found: Acting | Obstacle): found is Acting {
  return 'post' in found;
}
