/**
 * Conditions of clauses, as CASL tests them. What CASL's MongoDB operators get wrong on a missing or mistyped value is kept
 * from them: only known operators are compiled, and presence and type are checked before a value is compared.
 */
import { type MatchConditions, type MongoQuery, mongoQueryMatcher } from '@casl/ability';
import type { AssetDefinition, Clause } from '../protocols/document.ts';

type AttributeType = AssetDefinition['attributes'][number]['type'];
type Test = { attribute: string; type: AttributeType; query: MongoQuery };

/**
 * What a rule tests. `whenUnknown` is the value of a test whose attribute is missing or of the wrong type: false in a
 * permission, true in a prohibition, so that what cannot be known never opens anything.
 */
export type RuleConditions = { tests: Test[]; whenUnknown: boolean };

const operators = { eq: '$eq', in: '$in', lt: '$lt', lte: '$lte', gt: '$gt', gte: '$gte' } as const;

/** True for an operator that can be compiled. CASL never matches one it does not know: in a prohibition, that opens. */
export function isOperator(operator: string): operator is keyof typeof operators {
  return Object.hasOwn(operators, operator);
}

/** The clause's conditions for CASL; undefined when it has none (never `{}`, which matches everything). */
export function compileConditions(clause: Clause, asset: AssetDefinition): RuleConditions | undefined {
  if (clause.conditions.length === 0) return undefined;
  const tests = clause.conditions.map(({ attribute, operator, value }) => ({
    attribute,
    type: asset.attributes.find(({ name }) => name === attribute)!.type,
    query: { [attribute]: { [operators[operator]]: value } },
  }));
  return { tests, whenUnknown: clause.effect !== 'permit' };
}

/** CASL's conditions matcher: every test must hold, and an unknown value counts as `whenUnknown`. */
export function matchConditions({ tests, whenUnknown }: RuleConditions): MatchConditions {
  const compiled = tests.map(({ attribute, type, query }) => ({ attribute, type, holds: mongoQueryMatcher(query) }));
  return (record: Record<PropertyKey, unknown>) =>
    compiled.every(({ attribute, type, holds }) =>
      // An own property of the right type: arrays would match by their members, a missing number would be less than any.
      Object.hasOwn(record, attribute) && hasType(record[attribute], type) ? holds(record) : whenUnknown,
    );
}

/** Times are whole epoch seconds. NaN and infinities are numbers of no kind. */
function hasType(value: unknown, type: AttributeType): boolean {
  if (type === 'time') return Number.isSafeInteger(value);
  if (type === 'number') return Number.isFinite(value);
  return typeof value === type;
}
