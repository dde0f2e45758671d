/** One evaluation: `POST /access/v1/evaluation`. */
import type { InputIssue } from '../../../platform/errors.ts';
import type { Asking } from '../deciding/circumstances.ts';
import { decide } from '../deciding/decide.ts';
import { documentText } from '../deciding/document.ts';
import type { PolicyContext } from '../deciding/context.ts';
import type { DecisionRequest } from '../deciding/decision.ts';
import { PolicyError } from '../../errors.ts';
import { type EvaluationAnswer, toAnswer } from './answer.ts';
import { type Evaluation, toRequest } from './request.ts';

/** Who asks: a partner system, the agencies about whose records it may, and whether it wants the boolean alone. */
export type Asker = Asking & { plain: boolean } & { holds: readonly string[] };

/** Decides one question. `invalid-input` (400) where the holding agency cannot be told. */
export async function evaluate(
  context: PolicyContext,
  evaluation: Evaluation,
  asker: Asker,
): Promise<EvaluationAnswer> {
  const request = requireRequest(evaluation, asker);
  return decide(context, request, { ...asker, alone: true }, (decision) =>
    toAnswer(decision, documentText(decision), asker.plain),
  );
}

/** The question as the decision steps take it. `invalid-input` (400) where the holding agency cannot be told. */
export function requireRequest(
  evaluation: Evaluation,
  { holds }: Asker,
  where = '/resource/properties',
): DecisionRequest {
  const request = toRequest(evaluation, holds);
  if (request !== undefined) return request;
  const issue = { ...noAgency, pointer: `${where}/agency` };
  throw new PolicyError('invalid', 'invalid-input', issue.message, { issues: [issue] });
}

/** What is wrong with a request that leaves the holding agency open. */
export const noAgency: InputIssue = {
  pointer: '/resource/properties/agency',
  message: 'is missing: name the agency that holds the record by its official code',
};
