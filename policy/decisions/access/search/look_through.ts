/** Looking through questions that are known from the beginning, one page at a time. */
import type { Asked } from '../../deciding/circumstances.ts';
import type { PolicyContext } from '../../deciding/context.ts';
import type { DecisionRequest } from '../../deciding/decision.ts';
import { resolvePresence } from '../../deciding/resolve_presence.ts';
import { workOut } from '../../deciding/work_out.ts';
import type { Found, Looking } from './looking.ts';

/** Questions worked out together, so that their facts are read together. */
const atOnce = 25;

/** Those of the questions, all by one person, to which the steps would say yes, as results and in order. */
export async function lookThrough<Result>(
  context: PolicyContext,
  requests: readonly DecisionRequest[],
  looking: Looking<Asked>,
  toResult: (request: DecisionRequest) => Result,
): Promise<Found<Result>> {
  const found: Found<Result> = { results: [], looked: 0, next: undefined, until: Infinity };
  const [first] = requests;
  if (first === undefined) return found;
  const { id, now, partner, after, limit } = looking;
  const { userToken, subject } = first;
  const presence = await resolvePresence(context, userToken, subject.id, partner, now);
  const standing = await context.standings.get(subject.id);
  const circumstances = { ...looking, standing, presence };
  const start = after === undefined ? 0 : Number(after);
  for (let at = start; at < requests.length; at += atOnce) {
    const together = requests.slice(at, at + atOnce);
    const worked = await Promise.all(together.map((request) => workOut(context, request, circumstances, id)));
    for (const [index, request] of together.entries()) {
      if (found.results.length === limit) return { ...found, next: String(at + index) };
      const { decision } = worked[index]!;
      found.looked += 1;
      if (!decision.decision) continue;
      found.results.push(toResult(request));
      found.until = Math.min(found.until, decision.validUntil);
    }
  }
  return found;
}
