/** The tests of one clause, in words: what the deciding steps found for it, and what they found met. */
import type { Clause } from '../../register/protocols/document.ts';
import type { RegisteredProtocol, RegisterState } from '../../register/chain/state.ts';
import { addresses, type CompiledClause, type Written } from '../rules/clause.ts';
import { isConditional, matchConditions, type RuleConditions, type Situation } from '../rules/conditions.ts';
import type { Acting } from './choose_post.ts';
import type { DecisionRequest } from './decision.ts';
import { type NeedTest, reasons } from './reasons.ts';
import type { Weighed } from './weigh_clauses.ts';

type ClauseTest = NeedTest | 'status' | 'action' | 'asset' | 'holder' | 'recipient' | 'purpose' | 'area' | 'condition';

export type TraceStep = { test: ClauseTest; met: boolean; text: string };

/** What a clause is about: whether it speaks to the question at all. */
export function targetSteps(
  state: RegisterState,
  { registered, clause }: Written,
  entry: CompiledClause | undefined,
  request: DecisionRequest,
  acting: Acting | undefined,
): TraceStep[] {
  const { action, resource, purpose = '' } = request;
  const inForce = registered.status === 'in-force';
  const recipient = acting !== undefined && addresses(state, registered, clause, acting.post.agency, acting.post.role);
  const asks = sayIn(state, registered);
  return [
    step('status', inForce, 'The protocol is in force.', `The protocol is not in force (${said(registered.status)}).`),
    step(
      'asset',
      clause.asset === resource.type,
      'It is about this type of record.',
      `It is about ${said(clause.asset)}.`,
    ),
    step(
      'holder',
      (entry?.holders ?? []).includes(resource.agency),
      'It is about records of this agency.',
      `It is about records of ${asks.agencies(clause.holders)}.`,
    ),
    step(
      'action',
      clause.actions.includes(action),
      `It is about “${said(action)}”.`,
      `It is about ${list(clause.actions.map(said))}.`,
    ),
    step(
      'recipient',
      recipient,
      'It speaks to the role and agency that the person acts in.',
      acting === undefined ? 'Nobody can be taken to act.' : `It speaks to ${asks.recipients(clause)}.`,
    ),
    step(
      'purpose',
      clause.purposes.includes(purpose),
      'It is for this purpose.',
      `It is for ${asks.purposes(clause.purposes)}.`,
    ),
  ];
}

/** What a clause tests of the record. */
export function conditionSteps(entry: CompiledClause | undefined, situation: Situation): TraceStep[] {
  if (entry === undefined || entry.conditions === undefined || !isConditional(entry.clause)) return [];
  const { conditions, clause } = entry;
  const steps = conditions.tests.map((test, at) => {
    const { attribute, operator, value } = clause.conditions[at]!;
    const words = `${said(attribute)} ${comparisons[operator]} ${valueWords(value)}`;
    return conditionStep('condition', { ...conditions, tests: [test], ownArea: false }, situation, words);
  });
  if (!conditions.ownArea) return steps;
  const words = 'it is of an area that the team or agency serves';
  return [...steps, conditionStep('area', { ...conditions, tests: [] }, situation, words)];
}

function conditionStep(test: ClauseTest, conditions: RuleConditions, situation: Situation, words: string): TraceStep {
  const holds = (whenUnknown: boolean): boolean => matchConditions({ ...conditions, whenUnknown })(situation);
  const met = holds(conditions.whenUnknown);
  // Known is what comes out the same whatever the unknown is taken for.
  if (holds(true) !== holds(false)) {
    const counts = met ? ' What cannot be known counts as met here, so that it opens nothing.' : '';
    return { test, met, text: `It is not known whether ${words}.${counts}` };
  }
  return step(test, met, `The record meets: ${words}.`, `The record does not meet: ${words}.`);
}

/** What a permission asks for beyond that, as it was weighed; only what it asks for, and what was looked at. */
export function needSteps({ entry, unmet }: Weighed): TraceStep[] {
  const { clause } = entry;
  const looked = !unmet.includes('condition-not-met');
  const asked: Record<NeedTest, [asks: boolean, wanted: string]> = {
    presence: [clause.presence === 'required', `signed in, at level ${clause.authentication_level} or stronger`],
    registration: [clause.registrations.length > 0, `a checked entry on ${list(clause.registrations)}`],
    'identity-level': [clause.identity_level > 0, `identity checked to level ${clause.identity_level}`],
    obligation: [clause.obligations.length > 0, 'a system that can carry out the duties'],
    consent: [looked && clause.consent.rule === 'required', 'agreement of the person concerned'],
    involvement: [looked && clause.involvement === 'required', 'work with the person concerned'],
  };
  return Object.entries(asked).flatMap(([test, [asks, wanted]]) => {
    if (!asks) return [];
    const lack = unmet.find((code) => reasons[code].test === test);
    const text = lack === undefined ? `Asked for and there: ${wanted}.` : reasons[lack].sentence;
    return [{ test: test as NeedTest, met: lack === undefined, text }];
  });
}

function step(test: ClauseTest, met: boolean, yes: string, no: string): TraceStep {
  return { test, met, text: met ? yes : no };
}

const comparisons = {
  eq: 'is',
  in: 'is one of',
  lt: 'is less than',
  lte: 'is at most',
  gt: 'is more than',
  gte: 'is at least',
} as const;

const daySeconds = 86_400;

function valueWords(value: Clause['conditions'][number]['value']): string {
  if (Array.isArray(value)) return list(value.map(String));
  if (typeof value !== 'object') return String(value);
  const { now } = value;
  if (now === 0) return 'the moment of deciding';
  const [unit, length] = now % daySeconds === 0 ? ['days', daySeconds] : ['seconds', 1];
  return `the moment of deciding ${now < 0 ? 'minus' : 'plus'} ${Math.abs(now) / length} ${unit}`;
}

/** Codes of a protocol as it names them. */
function sayIn(state: RegisterState, { document }: RegisteredProtocol) {
  const agency = (code: string): string => state.agencies.get(code)?.name ?? code;
  const role = (code: string): string => state.roles.get(code)?.definition.name ?? said(code);
  return {
    agencies: (codes: readonly string[]) => list(codes.map(agency)),
    purposes: (codes: readonly string[]) =>
      list(codes.map((code) => `“${document.purposes.find((one) => one.code === code)?.name ?? said(code)}”`)),
    recipients: ({ recipients }: Clause) =>
      list(
        recipients.map((one) =>
          'agency' in one
            ? `${role(one.role)} of ${agency(one.agency)}`
            : `${role(one.role)} of parties of the kind “${state.kinds.get(one.kind)?.definition.name ?? said(one.kind)}”`,
        ),
      ),
  };
}

function said(code: string): string {
  return code.replaceAll(/[-_]/g, ' ');
}

function list(words: readonly string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(words);
}
