/**
 * Deciding, as a table of contents: each step is a file of its own, in this order. Nothing is answered before its record is
 * durable, and a record stands only if nothing was revoked since the epoch that was read before the first fact.
 */
import { PlatformError } from '../../platform/errors.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import { answer } from './answer.ts';
import { canAct, choosePost } from './choose_post.ts';
import { askedFields, composeFields } from './compose_fields.ts';
import { checkHolder, confirmPartner } from './confirm_partner.ts';
import type { PolicyContext } from './context.ts';
import type { Decision, DecisionRequest } from './decision.ts';
import { explainField } from './explain.ts';
import { gatherFacts } from './gather_facts.ts';
import { matchClauses, nothingInForce } from './match_clauses.ts';
import { pickRules } from './pick_rules.ts';
import { type Considered, recordDecision } from './record.ts';
import { resolvePresence } from './resolve_presence.ts';
import { weighClauses } from './weigh_clauses.ts';

/** Who asks. `plain`: only the boolean can be answered, so nothing that needs more is understood. */
export type Asking = { clientId: string; plain?: boolean };

const attempts = 3;

/**
 * Decides, records, and only then answers. Decides again when something was revoked meanwhile, or a fact ended; after three
 * times it is `decision-unsettled` (503). Throws `not-your-records` and `partner-suspended`; "no" is a value.
 */
export async function decide(context: PolicyContext, request: DecisionRequest, asking: Asking): Promise<Decision> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    // Read before the first fact: whatever is revoked after this line makes the record stale.
    const epoch = context.log.fence.epoch();
    const considered = await consider(context, request, asking);
    const appended = await recordDecision(context, considered, epoch);
    if (appended.outcome === 'recorded') return considered.decision;
    if (appended.outcome === 'stale') await context.log.fence.catchUp(appended.epoch);
  }
  throw new PlatformError(
    'unavailable',
    'decision-unsettled',
    'Too much changed while this was being decided. Ask again in a moment.',
  );
}

/** Works the decision out, unrecorded: never to be answered as it is. */
export async function consider(context: PolicyContext, request: DecisionRequest, asking: Asking): Promise<Considered> {
  const partner = await confirmPartner(context, asking.clientId);
  checkHolder(request, partner);
  const now = context.clock();
  const understands = asking.plain === true ? [] : partner.understands;
  const rules = await pickRules(context, now);
  const presence = await resolvePresence(context, request, partner.clientId, now);
  const standing = await context.standings.get(request.subject.id);
  const found = choosePost(request, standing, presence, now);
  const acting = canAct(found) ? found : undefined;
  const obstacle = canAct(found) ? undefined : found;
  const matched =
    rules === undefined
      ? nothingInForce
      : acting === undefined
        ? { ...nothingInForce, asset: rules.asset(request.resource.type) }
        : matchClauses(rules, acting, request);
  const facts = await gatherFacts(context, request, matched);
  const weighed = acting === undefined ? [] : weighClauses(matched, { request, acting, facts, understands, now });
  const composed = composeFields(askedFields(request, matched), matched, weighed);
  const explained = composed.withheld.map((field) => explainField(field, matched, weighed, obstacle));
  const decision = answer({
    id: uuidv7(now),
    request,
    acting,
    composed,
    explained,
    fallback: explainField('', matched, weighed, obstacle),
    understands,
    desk:
      explained.length > 0 || composed.given.length === 0
        ? await context.dutyDesks.get(request.resource.agency)
        : undefined,
    now,
    boundary: rules?.boundary,
  });
  return { decision, request, partner, understands, acting, standing, matched, weighed, facts, rules, now };
}
