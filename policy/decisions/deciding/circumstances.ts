/** Step: what is the same for all questions of one request: who asks, who acts, under which rules, and when. */
import type { Partner } from '../../../directory/partners/partner.ts';
import type { Standing } from '../../../directory/people/standing.ts';
import type { Ruleset } from '../rules/compile.ts';
import { confirmPartner } from './confirm_partner.ts';
import type { PolicyContext } from './context.ts';
import type { DecisionRequest } from './decision.ts';
import { pickRules } from './pick_rules.ts';
import type { Presence } from './presence.ts';
import { resolvePresence } from './resolve_presence.ts';

/**
 * Who asks. `plain`: only the boolean can be answered, so nothing that needs more is understood. `alone`: this is the one
 * question of its request, so that it may be overridden.
 */
export type Asking = { clientId: string; plain?: boolean; alone?: boolean };

/** What the steps start from. */
export type Circumstances = {
  /** Epoch seconds. */
  now: number;
  /** The partner system that asks; undefined where a decision is tried out. Only a partner can ask to override. */
  partner: Partner | undefined;
  /** What the asking system said it can carry out. */
  understands: readonly string[];
  alone: boolean;
  /** Undefined while the register does not verify: then nothing is in force. */
  rules: Ruleset | undefined;
  /** Of the person that the question names; undefined for nobody known. */
  standing: Standing | undefined;
  presence: Presence | undefined;
};

/** Circumstances of a partner system's own request: what comes of them can be recorded as a decision. */
export type Asked = Circumstances & { partner: Partner };

/** Reads them for questions about one person with one user token; throws what `confirmPartner` and `pickRules` do. */
export async function readCircumstances(
  context: PolicyContext,
  requests: readonly DecisionRequest[],
  asking: Asking,
): Promise<Asked> {
  const partner = await confirmPartner(context, asking.clientId, requests);
  const now = context.clock();
  const rules = await pickRules(context, now);
  const { userToken, subject } = requests[0]!;
  const presence = await resolvePresence(context, userToken, subject.id, partner, now);
  const standing = await context.standings.get(subject.id);
  const understands = understoodBy(partner, asking);
  return { now, partner, understands, alone: asking.alone === true, rules, standing, presence };
}

/** What counts as understood by the partner, as it asks now. */
export function understoodBy({ understands }: Partner, { plain }: Pick<Asking, 'plain'>): readonly string[] {
  return plain === true ? [] : understands;
}
