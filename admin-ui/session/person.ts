/** Who is looking at a page: current standing, the post they act in, and what their agency lets them do. */
import type { ActingPerson } from '../../directory/actor.ts';
import type { Post } from '../../directory/people/standing.ts';
import type { Capacity } from '../../policy/register/signatures/capacity.ts';

export type Person = {
  practitioner: string;
  name: string;
  post: Post;
  /** The person as the floors below take whoever acts. */
  actor: Required<ActingPerson>;
  /** How many posts they could act in now, this one included. */
  activePosts: number;
  /** Capacities that the signed register gives them in the acting agency. */
  capacities: Capacity[];
  /** True for an administrator of the acting agency. */
  administers: boolean;
};

/** Officers and administrators may read what the log says about their own agency. */
export function mayReadLog(person: Person): boolean {
  return person.administers || person.capacities.length > 0;
}
