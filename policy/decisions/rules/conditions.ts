/**
 * Conditions of clauses, as CASL tests them. What CASL's MongoDB operators get wrong on a missing or mistyped value is kept
 * from them: only known operators are compiled, and presence and type are checked before a value is compared.
 */
import { type MatchConditions, type MongoQuery, mongoQueryMatcher } from '@casl/ability';
import type { AssetDefinition, Clause } from '../../register/protocols/document.ts';

type AttributeType = AssetDefinition['attributes'][number]['type'];
type Test = { attribute: string; type: AttributeType } & (
  { query: MongoQuery } | { operator: Ordering; seconds: number }
);

/**
 * What a rule tests. `whenUnknown` is the value of a test whose attribute is missing or of the wrong type: false in a
 * permission, true in a prohibition, so that what cannot be known never opens anything.
 */
export type RuleConditions = {
  tests: Test[];
  /** The record must be of an area that the acting team or agency serves. */
  ownArea: boolean;
  whenUnknown: boolean;
};

/** What conditions are tested against. `now`: epoch seconds. `areas`: what the acting team and agency serve, as far as known. */
export type Situation = { record: Record<PropertyKey, unknown>; now: number; areas: readonly (string | undefined)[] };

const operators = { eq: '$eq', in: '$in', lt: '$lt', lte: '$lte', gt: '$gt', gte: '$gte' } as const;

/** Comparisons of a time with a moment that moves. */
const orderings = {
  lt: (time: number, moment: number) => time < moment,
  lte: (time: number, moment: number) => time <= moment,
  gt: (time: number, moment: number) => time > moment,
  gte: (time: number, moment: number) => time >= moment,
};
type Ordering = keyof typeof orderings;

/** True for an operator that can be compiled. CASL never matches one it does not know: in a prohibition, that opens. */
export function isOperator(operator: string): operator is keyof typeof operators {
  return Object.hasOwn(operators, operator);
}

/** True for a clause that does not apply to every record. */
export function isConditional({ conditions, area }: Pick<Clause, 'conditions' | 'area'>): boolean {
  return conditions.length > 0 || area !== undefined;
}

/** The clause's conditions for CASL; undefined when it has none (never `{}`, which matches everything). */
export function compileConditions(clause: Clause, asset: AssetDefinition): RuleConditions | undefined {
  if (!isConditional(clause)) return undefined;
  const tests = clause.conditions.map(({ attribute, operator, value }): Test => {
    const type = asset.attributes.find(({ name }) => name === attribute)!.type;
    return typeof value === 'object' && 'now' in value
      ? { attribute, type, operator: operator as Ordering, seconds: value.now }
      : { attribute, type, query: { [attribute]: { [operators[operator]]: value } } };
  });
  return { tests, ownArea: clause.area === 'own', whenUnknown: clause.effect !== 'permit' };
}

/** CASL's conditions matcher, over a `Situation`: every test must hold, and an unknown value counts as `whenUnknown`. */
export function matchConditions({ tests, ownArea, whenUnknown }: RuleConditions): MatchConditions {
  const compiled = tests.map((test) => ({ attribute: test.attribute, type: test.type, holds: holder(test) }));
  return (object) => {
    const situation = object as Situation;
    const holds = compiled.every(({ attribute, type, holds: one }) =>
      // An own property of the right type: arrays would match by their members, a missing number would be less than any.
      isKnown(situation.record, attribute, type) ? one(situation) : whenUnknown,
    );
    return holds && (!ownArea || (isOwnArea(situation) ?? whenUnknown));
  };
}

/**
 * The next moment (epoch seconds) from which a test against the moment of deciding may come out otherwise; infinity where
 * time alone changes nothing.
 */
export function changesAt({ tests }: RuleConditions, { record, now }: Situation): number {
  let next = Infinity;
  for (const test of tests) {
    if (!('seconds' in test) || !isKnown(record, test.attribute, test.type)) continue;
    const moment = (record[test.attribute] as number) - test.seconds;
    // `gt` ends, and `lte` begins, at the moment itself; the other two right after it.
    if (now < moment || (now === moment && (test.operator === 'gte' || test.operator === 'lt'))) {
      next = Math.min(next, moment);
    }
  }
  return next;
}

function holder(test: Test): (situation: Situation) => boolean {
  if ('query' in test) {
    const holds = mongoQueryMatcher(test.query);
    return ({ record }) => holds(record);
  }
  const { attribute, operator, seconds } = test;
  return ({ record, now }) => orderings[operator](record[attribute] as number, now + seconds);
}

/** Undefined: the record does not say, or the directory does not. */
function isOwnArea({ record, areas }: Situation): boolean | undefined {
  const served = areas.filter((area) => area !== undefined).map(foldArea);
  if (served.length === 0 || !isKnown(record, 'area', 'string')) return undefined;
  return served.includes(foldArea(record.area as string));
}

/** An area's name as it is compared: case and the space around it tell nothing. */
function foldArea(area: string): string {
  return area.normalize('NFKC').trim().toLowerCase();
}

function isKnown(record: Situation['record'], attribute: string, type: AttributeType): boolean {
  return Object.hasOwn(record, attribute) && hasType(record[attribute], type);
}

/** Times are whole epoch seconds. NaN and infinities are numbers of no kind. */
function hasType(value: unknown, type: AttributeType): boolean {
  if (type === 'time') return Number.isSafeInteger(value);
  if (type === 'number') return Number.isFinite(value);
  return typeof value === type;
}
