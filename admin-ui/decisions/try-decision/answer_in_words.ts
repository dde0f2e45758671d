/** A trial's outcome as the page shows it: the answer, and every clause with why it did or did not count. */
import type { DecisionRequest } from '../../../policy/decisions/deciding/decision.ts';
import type { Trace, TracedRule } from '../../../policy/decisions/deciding/trace.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import { fieldTitles } from '../explain-decision/clause_of.ts';
import { citeClause } from '../../words/citation.ts';

export function answerInWords(state: RegisterState, request: DecisionRequest, { decision, rules, more }: Trace) {
  const titles = fieldTitles(state, request.resource.type);
  return {
    yes: decision.decision,
    reason: decision.reason.text,
    given: decision.fields.map(titles),
    // Fields that are withheld for one reason stand together.
    withheld: [...Map.groupBy(decision.withheld, ({ text }) => text)].map(([text, fields]) => ({
      fields: fields.map(({ field }) => titles(field)),
      text,
    })),
    duties: decision.obligations.map(({ id, properties }) =>
      typeof properties.text === 'string' ? properties.text : id,
    ),
    rules: rules.map((rule) => inWords(rule, titles)),
    more,
  };
}

function inWords(
  { reference, title, text, effect, fields, matched, steps }: TracedRule,
  titles: (name: string) => string,
) {
  const { protocol, version, clause } = reference;
  return {
    ...citeClause({ id: protocol, version, title }, { id: clause, text }),
    fields: fields.map(titles),
    tag: tags[effect][matched ? 'yes' : 'no'],
    met: steps.filter((step) => step.met).map((step) => step.text),
    unmet: steps.filter((step) => !step.met).map((step) => step.text),
  };
}

const tags = {
  permit: { yes: { text: 'Gives', tag: 'green' }, no: { text: 'Does not give', tag: 'grey' } },
  prohibit: { yes: { text: 'Forbids', tag: 'red' }, no: { text: 'Does not forbid', tag: 'grey' } },
};
