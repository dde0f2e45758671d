/**
 * Deciding, as a table of contents: each step is a file of its own, in this order. Nothing is answered before its record is
 * durable, and a record stands only if nothing was revoked since the epoch that was read before the first fact.
 */
import type { Standing } from '../../../directory/people/standing.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import type { Ruleset } from '../rules/compile.ts';
import { answer } from './answer.ts';
import { isOpened } from './choose_override.ts';
import { canAct, choosePost, type Obstacle } from './choose_post.ts';
import { askedFields, composeFields } from './compose_fields.ts';
import { checkHolder, confirmPartner } from './confirm_partner.ts';
import type { PolicyContext } from './context.ts';
import type { Decision, DecisionRequest } from './decision.ts';
import { explainField } from './explain.ts';
import { gatherFacts } from './gather_facts.ts';
import { matchClauses, nothingInForce } from './match_clauses.ts';
import { openReview } from './open_review.ts';
import { pickRules } from './pick_rules.ts';
import type { Presence } from './presence.ts';
import { type Considered, recordDecision } from './record.ts';
import { resolvePresence } from './resolve_presence.ts';
import { recorded, settle } from './settle.ts';
import { tryOverride } from './try_override.ts';
import { weighClauses } from './weigh_clauses.ts';

/**
 * Who asks. `plain`: only the boolean can be answered, so nothing that needs more is understood. `alone`: this is the one
 * question of its request, so that it may be overridden.
 */
export type Asking = { clientId: string; plain?: boolean; alone?: boolean };

/** What the steps start from, once it is clear who asks. Times are epoch seconds. */
export type Beginning = {
  /** Of the decision. */
  id: string;
  now: number;
  understands: readonly string[];
  rules: Ruleset | undefined;
  /** Of the person that the question names; undefined for nobody known. */
  standing: Standing | undefined;
  presence: Presence | undefined;
  /** Absent: nobody who could override. */
  asking?: Asking;
};

/** A decision as the steps leave it; `obstacle` says why nobody can be taken to act. */
export type Worked = Omit<Considered, 'partner'> & { obstacle: Obstacle | undefined };

/**
 * Decides, records, and only then answers. Decides again when something was revoked meanwhile, or a fact ended; after three
 * times it is `decision-unsettled` (503). Throws `not-your-records` and `partner-suspended`; "no" is a value.
 */
export function decide(context: PolicyContext, request: DecisionRequest, asking: Asking): Promise<Decision> {
  return decideAs(context, request, asking, (decision) => decision);
}

/** The same, and gives what `present` makes of the decision: only that waits for the record, not all it was made from. */
export function decideAs<T>(
  context: PolicyContext,
  request: DecisionRequest,
  asking: Asking,
  present: (decision: Decision) => T,
): Promise<T> {
  const id = uuidv7(context.clock());
  let asked = request;
  return settle(context, async (epoch) => {
    const considered = await consider(context, asked, asking, id);
    if (asked.override !== undefined) asked = await openReview(context, considered);
    return recorded(present(considered.decision), recordDecision(context, considered, epoch));
  });
}

/** Works the decision out, unrecorded: never to be answered as it is. `id`: of the decision. */
export async function consider(
  context: PolicyContext,
  request: DecisionRequest,
  asking: Asking,
  id = uuidv7(context.clock()),
): Promise<Considered> {
  const [considered] = await considerTogether(context, [request], asking, [id]);
  return considered!;
}

/** The same for questions of one request about one person with one user token: who acts, and when, is the same for all. */
export async function considerTogether(
  context: PolicyContext,
  requests: readonly DecisionRequest[],
  asking: Asking,
  ids: readonly string[],
): Promise<Considered[]> {
  const partner = await confirmPartner(context, asking.clientId);
  for (const request of requests) checkHolder(request, partner);
  const now = context.clock();
  const understands = asking.plain === true ? [] : partner.understands;
  const rules = await pickRules(context, now);
  const presence = await resolvePresence(context, requests[0]!, partner.clientId, now);
  const standing = await context.standings.get(requests[0]!.subject.id);
  return Promise.all(
    requests.map(async (request, index) => ({
      ...(await workOut(context, request, {
        id: ids[index]!,
        now,
        understands,
        rules,
        standing,
        presence,
        asking,
      })),
      partner,
    })),
  );
}

/** The steps that follow, whoever asks. */
export async function workOut(
  context: PolicyContext,
  request: DecisionRequest,
  { id, now, understands, rules, standing, presence, asking }: Beginning,
): Promise<Worked> {
  const found = choosePost(request, standing, presence, now);
  const acting = canAct(found) ? found : undefined;
  const obstacle = canAct(found) ? undefined : found;
  const matched =
    rules === undefined
      ? nothingInForce
      : acting === undefined
        ? { ...nothingInForce, asset: rules.asset(request.resource.type) }
        : matchClauses(rules, acting, request, now);
  const facts = await gatherFacts(context, request, matched);
  const weighed = acting === undefined ? [] : weighClauses(matched, { request, acting, facts, understands, now });
  const plainly = composeFields(askedFields(request, matched), matched, weighed);
  const override =
    request.override &&
    asking &&
    (await tryOverride(context, request.override, {
      request,
      asking,
      acting,
      matched,
      weighed,
      plainly,
      understands,
      now,
    }));
  const overridden = isOpened(override) ? override : undefined;
  const composed = overridden?.composed ?? plainly;
  const explained = composed.withheld.map((field) => explainField(field, matched, weighed, obstacle));
  const decision = answer({
    id,
    acting,
    composed,
    override,
    explained,
    fallback: explainField('', matched, weighed, obstacle),
    understands,
    desk:
      explained.length > 0 || composed.given.length === 0
        ? await context.dutyDesks.get(request.resource.agency)
        : undefined,
    now,
    boundary: Math.min(rules?.boundary ?? Infinity, matched.until),
  });
  return {
    decision,
    request,
    understands,
    acting,
    obstacle,
    standing,
    matched,
    weighed,
    overridden,
    facts,
    rules,
    now,
  };
}
