/** Step: the override that the request asks for, if it may be used here. */
import { uuidv7 } from '../../../platform/uuid.ts';
import type { Acting } from './choose_post.ts';
import { chooseOverride, isOpened, type Overridden, type OverrideLack, type Resumed } from './choose_override.ts';
import type { Composed } from './compose_fields.ts';
import type { PolicyContext } from './context.ts';
import type { DecisionRequest, OverrideRequest } from './decision.ts';
import type { Matched } from './match_clauses.ts';
import type { Weighed } from './weigh_clauses.ts';

type Situation = {
  request: DecisionRequest;
  /** Whether it is the one question of its request, and the client that asks it. */
  asking: { clientId: string; alone?: boolean };
  acting: Acting | undefined;
  matched: Matched;
  weighed: readonly Weighed[];
  /** What is given without an override. */
  plainly: Composed;
  understands: readonly string[];
  now: number;
};

/** The clause that the override opens, or why it is not used; the question is then answered as if none had been asked for. */
export async function tryOverride(
  context: PolicyContext,
  override: OverrideRequest,
  situation: Situation,
): Promise<Overridden | OverrideLack> {
  const { request, asking, acting, matched, weighed, plainly, understands, now } = situation;
  if (asking.alone !== true) return 'alone';
  if (acting === undefined) return 'something-else';
  const resumed = await findResumed(context, override, request, acting, asking.clientId);
  const review = uuidv7(now);
  const found = chooseOverride(override, {
    request,
    acting,
    matched,
    weighed,
    composed: plainly,
    resumed,
    review,
    now,
  });
  const partly = isOpened(found) && found.composed.withheld.length > 0;
  return partly && !understands.includes('fields') ? 'all-fields' : found;
}

/**
 * The review that the request names; undefined when there is none, when it is over, or when it was opened by another
 * person, in another post, at another client or for another person concerned. Read afresh: it may have been closed.
 */
async function findResumed(
  { reviews, pseudonym }: PolicyContext,
  override: OverrideRequest,
  { resource }: DecisionRequest,
  { standing, post }: Acting,
  client: string,
): Promise<Resumed> {
  if (!('review' in override) || resource.dataSubject === undefined) return undefined;
  const subject = pseudonym(resource.dataSubject);
  const opener = { agency: resource.agency, practitioner: standing.practitioner, post: post.id, client, subject };
  return reviews.findRunning(override.review, opener);
}
