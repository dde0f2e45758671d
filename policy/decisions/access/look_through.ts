/** Looking through questions that are known from the beginning, one page at a time. */
import type { PolicyContext } from '../deciding/context.ts';
import { workOut } from '../deciding/decide.ts';
import type { Decision, DecisionRequest } from '../deciding/decision.ts';
import { resolvePresence } from '../deciding/resolve_presence.ts';
import type { Found, Looking } from './search.ts';

/** Questions worked out together, so that their facts are read together. */
const atOnce = 25;

/** Those of the questions, all by one person, to which the steps would say yes, as results and in order. */
export async function lookThrough<Result>(
  context: PolicyContext,
  requests: readonly DecisionRequest[],
  { id, now, partner, understands, rules, after, limit }: Looking,
  toResult: (request: DecisionRequest) => Result,
): Promise<Found<Result>> {
  const found: Found<Result> = { results: [], looked: 0, next: undefined, until: Infinity };
  const [first] = requests;
  if (first === undefined) return found;
  const presence = await resolvePresence(context, first, partner.clientId, now);
  const standing = await context.standings.get(first.subject.id);
  const answer = async (request: DecisionRequest): Promise<Decision> =>
    (await workOut(context, request, { id, now, understands, rules, standing, presence })).decision;
  const start = after === undefined ? 0 : Number(after);
  for (let at = start; at < requests.length; at += atOnce) {
    const together = requests.slice(at, at + atOnce);
    const decisions = await Promise.all(together.map(answer));
    for (const [index, request] of together.entries()) {
      if (found.results.length === limit) return { ...found, next: String(at + index) };
      const decision = decisions[index]!;
      found.looked += 1;
      if (!decision.decision) continue;
      found.results.push(toResult(request));
      found.until = Math.min(found.until, decision.validUntil);
    }
  }
  return found;
}
