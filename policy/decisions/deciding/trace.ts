/**
 * Trying a decision out: what would be answered, and for every clause about the type of record why it did or did not count.
 * The steps are those of deciding. It is no decision and is not recorded as one: whoever calls records that it was tried.
 */
import { uuidv7 } from '../../../platform/uuid.ts';
import { postIsActive } from '../../../directory/active_post.ts';
import type { Standing } from '../../../directory/people/standing.ts';
import { type ClauseReference, compileClause, type Written } from '../rules/clause.ts';
import type { PolicyContext } from './context.ts';
import type { Circumstances } from './circumstances.ts';
import type { Decision, DecisionRequest } from './decision.ts';
import { situationOf } from './match_clauses.ts';
import { pickRules } from './pick_rules.ts';
import type { Presence } from './presence.ts';
import { presume } from './resolve_presence.ts';
import { conditionSteps, needSteps, targetSteps, type TraceStep } from './trace_steps.ts';
import { type Unrecorded, workOut } from './work_out.ts';

/** `presume`: take a sign-in of that level for granted. `understands`: what the asking system would be able to carry out. */
export type Trying = {
  understands: readonly string[];
  presume?: { level: Presence['authenticationLevel'] };
};

export type TracedRule = {
  reference: ClauseReference;
  /** Of the protocol. */
  title: string;
  text: string;
  effect: 'permit' | 'prohibit';
  fields: readonly string[];
  /** True where a permission gives its fields, or a prohibition applies. */
  matched: boolean;
  steps: TraceStep[];
};

/** `rules`: the nearest first. `more`: how many clauses about the type of record are further away than those shown. */
export type Trace = { decision: Decision; rules: TracedRule[]; more: number };

const mostShown = 100;

/** Works out what would be answered now. `register-behind` (503) as for decisions. */
export async function traceDecision(
  context: PolicyContext,
  request: DecisionRequest,
  { understands, presume: presumed }: Trying,
): Promise<Trace> {
  const now = context.clock();
  const state = context.register.state();
  const rules = await pickRules(context, now);
  const standing = await context.standings.get(request.subject.id);
  const post = request.subject.post ?? onlyPost(standing, now);
  const presence =
    presumed === undefined || standing === undefined || post === undefined
      ? undefined
      : presume(standing.practitioner, post, presumed.level, now);
  const nobodys = { partner: undefined, alone: false };
  const circumstances: Circumstances = { now, ...nobodys, understands, rules, standing, presence };
  const worked = await workOut(context, request, circumstances, uuidv7(now));
  const traced = [...(state?.protocols.values() ?? [])]
    .filter(({ status }) => status !== 'superseded')
    .flatMap((registered) => registered.document.clauses.map((clause) => ({ registered, clause })))
    .filter(({ clause }) => clause.asset === request.resource.type)
    .map((written) => trace(state!, written, worked))
    .sort((one, other) => unmetIn(one) - unmetIn(other));
  return { decision: worked.decision, rules: traced.slice(0, mostShown), more: Math.max(0, traced.length - mostShown) };
}

function onlyPost(standing: Standing | undefined, now: number): string | undefined {
  const active = standing?.posts.filter((post) => postIsActive(post, now)) ?? [];
  return active.length === 1 ? active[0]!.id : undefined;
}

function trace(
  state: Parameters<typeof compileClause>[0],
  written: Written,
  { inquiry, weighed }: Unrecorded,
): TracedRule {
  const { registered, clause } = written;
  const { request, circumstances, acting, matched } = inquiry;
  const entry = compileClause(state, registered, clause);
  const target = targetSteps(state, written, entry, request, acting);
  const isThis = ({ reference }: { reference: ClauseReference }): boolean =>
    reference.hash === registered.hash && reference.clause === clause.id;
  const weighing = weighed.find((one) => isThis(one.entry));
  const spoken = target.every(({ met }) => met);
  const steps = [
    ...target,
    ...(spoken && acting !== undefined ? conditionSteps(entry, situationOf(acting, request, circumstances.now)) : []),
    ...(spoken && weighing !== undefined ? needSteps(weighing) : []),
  ];
  return {
    reference: {
      protocol: registered.document.id,
      version: registered.document.version,
      clause: clause.id,
      hash: registered.hash,
    },
    title: registered.document.title,
    text: clause.text,
    effect: clause.effect,
    fields: clause.fields,
    // As the deciding steps found it, not as the tests above add up: the two agree, or a test of theirs is missing here.
    matched: clause.effect === 'permit' ? weighing?.unmet.length === 0 : matched.prohibitions.some(isThis),
    steps,
  };
}

function unmetIn({ steps, matched }: TracedRule): number {
  return matched ? 0 : 1 + steps.filter(({ met }) => !met).length;
}
