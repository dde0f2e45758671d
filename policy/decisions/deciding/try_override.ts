/** Step: the override that the request asks for, if it may be used here. */
import { uuidv7 } from '../../../platform/uuid.ts';
import { chooseOverride, isOpened, type Overridden, type Resumed } from './choose_override.ts';
import type { Acting } from './choose_post.ts';
import type { Composed } from './compose_fields.ts';
import type { PolicyContext } from './context.ts';
import type { OverrideRequest } from './decision.ts';
import type { Inquiry } from './inquiry.ts';
import type { Weighed } from './weigh_clauses.ts';
import type { OverrideLack } from './wording.ts';

/** The clause that the override opens, or why it is not used; the question is then answered as if none had been asked for. */
export async function tryOverride(
  context: PolicyContext,
  override: OverrideRequest,
  inquiry: Inquiry,
  weighed: readonly Weighed[],
  plainly: Composed,
): Promise<Overridden | OverrideLack> {
  const { acting, circumstances } = inquiry;
  if (!circumstances.alone) return 'alone';
  if (acting === undefined) return 'something-else';
  const resumed = await findResumed(context, override, inquiry, acting);
  const review = uuidv7(circumstances.now);
  const found = chooseOverride(override, { inquiry: { ...inquiry, acting }, weighed, plainly, resumed, review });
  const partly = isOpened(found) && found.composed.withheld.length > 0;
  return partly && !circumstances.understands.includes('fields') ? 'all-fields' : found;
}

/**
 * The review that the request names; undefined when there is none, when it is over, or when it was opened by another
 * person, in another post, at another client or for another person concerned. Read afresh: it may have been closed.
 */
async function findResumed(
  { reviews }: PolicyContext,
  override: OverrideRequest,
  { request: { resource }, circumstances: { partner }, facts: { subject } }: Inquiry,
  { standing, post }: Acting,
): Promise<Resumed> {
  if (!('review' in override) || subject === undefined || partner === undefined) return undefined;
  const { agency } = resource;
  return reviews.findRunning(override.review, {
    agency,
    practitioner: standing.practitioner,
    post: post.id,
    client: partner.clientId,
    subject,
  });
}
