/** Whether the examples of a draft hold, in words: what each expects, and what would come out. */
import type { JsonObject } from '../../../platform/json.ts';
import { type ExampleResult, type Outcome, runExamples } from '../../../policy/governance/drafts/run_examples.ts';
import { expectable } from '../../../policy/decisions/deciding/reasons.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import { inSentence } from '../../words/sentence.ts';
import { listOf, objectOf, textOf } from './form/field.ts';

type ExampleWords = { index: number; name: string; holds: boolean; expected: string; got: string };

/** Every example that can be asked already, with its place in the document. */
export function listExamples(state: RegisterState, document: JsonObject): ExampleWords[] {
  return runExamples(state, document).map((result) => inWords(state, document, result));
}

/** The example in that place; undefined where it cannot be asked yet. */
export function findExample(state: RegisterState, document: JsonObject, index: number): ExampleWords | undefined {
  return listExamples(state, document).find((example) => example.index === index);
}

function inWords(
  state: RegisterState,
  document: JsonObject,
  { index, name, holds, expected, got }: ExampleResult,
): ExampleWords {
  const asset = state.assets.get(textOf(objectOf(listOf(document.examples)[index]).asset))?.definition;
  const title = (field: string): string => asset?.fields.find((one) => one.name === field)?.title ?? field;
  const answer = ({ decision, reason, fields }: Outcome): string => {
    const why = inSentence(expectable[reason] ?? reason);
    if (!decision) return `no: ${why}`;
    return fields.length === 0 ? `yes, ${why}, and nothing more` : `yes, ${why}: ${fields.map(title).join(', ')}`;
  };
  return { index, name, holds, expected: answer(expected), got: answer(got) };
}
