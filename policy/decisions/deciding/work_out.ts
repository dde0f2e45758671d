/**
 * Deciding, as a table of contents: each step is a file of its own, in this order. What comes of it is not recorded yet, and
 * so is never to be answered as it is.
 */
import { answer } from './answer.ts';
import { isOpened, type Overridden } from './choose_override.ts';
import { canAct, choosePost } from './choose_post.ts';
import type { Circumstances } from './circumstances.ts';
import { composeFields } from './compose_fields.ts';
import type { PolicyContext } from './context.ts';
import type { Decision, DecisionRequest } from './decision.ts';
import { explainWithheld } from './explain.ts';
import { gatherFacts } from './gather_facts.ts';
import type { Inquiry } from './inquiry.ts';
import { matchClauses } from './match_clauses.ts';
import { tryOverride } from './try_override.ts';
import { type Weighed, weighClauses } from './weigh_clauses.ts';

/** A decision that is not recorded yet, with everything it was worked out from. */
export type Unrecorded<From extends Circumstances = Circumstances> = {
  decision: Decision;
  inquiry: Inquiry<From>;
  weighed: readonly Weighed[];
  /** The override that the decision rests on. */
  overridden: Overridden | undefined;
};

/** Takes one question through the steps. `id`: of the decision that it would be. */
export async function workOut<From extends Circumstances>(
  context: PolicyContext,
  request: DecisionRequest,
  circumstances: From,
  id: string,
): Promise<Unrecorded<From>> {
  const found = choosePost(request, circumstances);
  const acting = canAct(found) ? found : undefined;
  const obstacle = canAct(found) ? undefined : found;
  const matched = matchClauses(circumstances, acting, request);
  const facts = await gatherFacts(context, request, matched);
  const inquiry = { id, request, circumstances, acting, obstacle, matched, facts };
  const weighed = weighClauses(inquiry);
  const plainly = composeFields(inquiry, weighed);
  const override = request.override && (await tryOverride(context, request.override, inquiry, weighed, plainly));
  const overridden = isOpened(override) ? override : undefined;
  const composed = overridden?.composed ?? plainly;
  const explained = explainWithheld(composed, inquiry, weighed);
  const desk =
    composed.given.length === 0 || explained.length > 0
      ? await context.dutyDesks.get(request.resource.agency)
      : undefined;
  const decision = answer(inquiry, { weighed, composed, override, explained, desk });
  return { decision, inquiry, weighed, overridden };
}
