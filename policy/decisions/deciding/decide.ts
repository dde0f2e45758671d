/**
 * Deciding one question. Nothing is answered before its record is durable, and a record stands only if nothing was revoked
 * since the epoch that was read before the first fact.
 */
import { uuidv7 } from '../../../platform/uuid.ts';
import { type Asked, type Asking, readCircumstances } from './circumstances.ts';
import type { PolicyContext } from './context.ts';
import type { Decision, DecisionRequest } from './decision.ts';
import { openReview } from './open_review.ts';
import { recordDecision } from './record.ts';
import { recorded, settle } from './settle.ts';
import { type Unrecorded, workOut } from './work_out.ts';

/**
 * Decides, records, and only then gives what `present` makes of the decision: only that waits for the record, not all it was
 * made from. Decides again when something was revoked meanwhile, or a fact ended; after three times it is
 * `decision-unsettled` (503). Throws `not-your-records` and `partner-suspended`; "no" is a value.
 */
export function decide(context: PolicyContext, request: DecisionRequest, asking: Asking): Promise<Decision>;
export function decide<T>(
  context: PolicyContext,
  request: DecisionRequest,
  asking: Asking,
  present: (decision: Decision) => T,
): Promise<T>;
export function decide(
  context: PolicyContext,
  request: DecisionRequest,
  asking: Asking,
  present = (decision: Decision): unknown => decision,
): Promise<unknown> {
  const id = uuidv7(context.clock());
  let asked = request;
  const work = async () => workOut(context, asked, await readCircumstances(context, [asked], asking), id);
  return settle(context, async (epoch) => {
    let unrecorded = await work();
    const review = asked.override && (await openReview(context, unrecorded));
    if (review !== undefined) {
      asked = { ...asked, override: { review } };
      // The same override was stated before: what is answered rests on that review, and holds for as long as it does.
      if (review !== unrecorded.overridden?.review) unrecorded = await work();
    }
    return recorded(present(unrecorded.decision), recordDecision(context, unrecorded, epoch));
  });
}

/** What `decide` would record and answer now; it does neither. */
export async function foresee(
  context: PolicyContext,
  request: DecisionRequest,
  asking: Asking,
): Promise<Unrecorded<Asked>> {
  return workOut(context, request, await readCircumstances(context, [request], asking), uuidv7(context.clock()));
}
