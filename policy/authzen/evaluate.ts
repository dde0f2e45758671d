/** One evaluation: `POST /access/v1/evaluation`. */
import type { InputIssue } from '../../platform/errors.ts';
import type { Asking } from '../decisions/decide.ts';
import { decide } from '../decisions/decide.ts';
import type { PolicyContext } from '../decisions/context.ts';
import { PolicyError } from '../errors.ts';
import { type EvaluationAnswer, toAnswer } from './answer.ts';
import { type Evaluation, toRequest } from './request.ts';

/** Who asks: a partner system, the agencies about whose records it may, and whether it wants the boolean alone. */
export type Asker = Asking & { plain: boolean } & { holds: readonly string[] };

/** Decides one question. `input` (400) where the holding agency cannot be told. */
export async function evaluate(
  context: PolicyContext,
  evaluation: Evaluation,
  asker: Asker,
): Promise<EvaluationAnswer> {
  const request = toRequest(evaluation, asker.holds);
  if (request === undefined)
    throw new PolicyError('invalid', 'invalid-input', noAgency.message, { issues: [noAgency] });
  return toAnswer(await decide(context, request, { ...asker, alone: true }), asker.plain);
}

/** What is wrong with a request that leaves the holding agency open. */
export const noAgency: InputIssue = {
  pointer: '/resource/properties/agency',
  message: 'is missing: name the agency that holds the record by its official code',
};
