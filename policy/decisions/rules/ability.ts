/** The CASL ability of one role in one agency. */
import { Ability, type AbilityTuple, type SubjectRawRule } from '@casl/ability';
import { actionKey, type CompiledClause, subjectKey } from './clause.ts';
import { changesAt, matchConditions, type RuleConditions, type Situation } from './conditions.ts';

type ClauseRule = SubjectRawRule<string, string, RuleConditions> & { entry: CompiledClause };
export type ClauseAbility = Ability<AbilityTuple, RuleConditions>;

/** What is asked of an ability; `record` holds the attributes that conditions test. */
type Question = Situation & {
  action: string;
  purpose: string;
  asset: string;
  holder: string;
};

/**
 * `mayProhibit`: some prohibition speaks to the question, whether or not its conditions hold. `until`: epoch seconds at
 * which time alone may change which clauses apply; infinity where it cannot.
 */
type Applicable = {
  permits: CompiledClause[];
  prohibitions: CompiledClause[];
  mayProhibit: boolean;
  until: number;
};

/** Builds the ability. Prohibitions come last, so that CASL's own precedence says what the decision steps say. */
export function buildAbility(clauses: readonly CompiledClause[]): ClauseAbility {
  const rules = clauses.map(toRule);
  return new Ability<AbilityTuple, RuleConditions>(
    [...rules.filter((rule) => rule.inverted !== true), ...rules.filter((rule) => rule.inverted === true)],
    {
      conditionsMatcher: matchConditions,
      // Exactly the fields listed: CASL's own matcher would read a `*` as a pattern.
      fieldMatcher: (fields) => (field) => fields.includes(field),
    },
  );
}

/**
 * The clauses that apply to the question, their conditions tested. The record must be an object: CASL takes a bare string
 * for a type and skips conditions. Fields are composed afterwards, one by one: CASL without a field means "some field".
 */
export function applicable(ability: ClauseAbility, question: Question): Applicable {
  const { record } = question;
  if (typeof record !== 'object' || record === null) throw new TypeError('A record is an object.');
  const found: Applicable = { permits: [], prohibitions: [], mayProhibit: false, until: Infinity };
  const rules = ability.possibleRulesFor(
    actionKey(question.action, question.purpose),
    subjectKey(question.asset, question.holder),
  );
  for (const rule of rules) {
    found.mayProhibit ||= rule.inverted;
    // CASL hands the matcher whatever object it is given: the moment and the areas travel beside the record.
    if (rule.matchesConditions(question)) {
      (rule.inverted ? found.prohibitions : found.permits).push((rule.origin as ClauseRule).entry);
    }
    if (rule.conditions !== undefined) found.until = Math.min(found.until, changesAt(rule.conditions, question));
  }
  return found;
}

function toRule(entry: CompiledClause): ClauseRule {
  const { clause, conditions, holders } = entry;
  return {
    action: clause.actions.flatMap((action) => clause.purposes.map((purpose) => actionKey(action, purpose))),
    subject: holders.map((holder) => subjectKey(clause.asset, holder)),
    fields: [...entry.fields],
    inverted: clause.effect !== 'permit',
    ...(conditions && { conditions }),
    entry,
  };
}
