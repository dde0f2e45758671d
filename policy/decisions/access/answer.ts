/** What AuthZEN clients get to see. */
import { z } from 'zod';
import type { Decision } from '../deciding/decision.ts';

/** `text`: JSON, exactly as it is sent. */
export type EvaluationAnswer = { decision: boolean; text: string };

/** The whole answer, or in plain mode the boolean alone. */
export function toAnswer({ decision }: Pick<Decision, 'decision'>, document: string, plain: boolean): EvaluationAnswer {
  return { decision, text: plain ? JSON.stringify({ decision }) : document };
}

const clause = z.object({ protocol: z.string(), version: z.int(), clause: z.string(), hash: z.string() });

/** The answer's shape: as the OpenAPI document tells it, and as the log is read again. In plain mode there is no context. */
export const EvaluationResponse = z.object({
  decision: z.boolean(),
  context: z
    .object({
      id: z.uuid().describe('Of the decision: GET /audit/v1/decisions/{id} tells how it was recorded'),
      fields: z.array(z.string()).describe('The fields that may be shown; nothing else may'),
      withheld: z.array(
        z.object({ field: z.string(), reason: z.string(), text: z.string(), clause: clause.optional() }),
      ),
      reason: z.object({ code: z.string(), text: z.string() }),
      clauses: z.array(clause).describe('Every clause that contributed; on a refusal the nearest ones'),
      obligations: z.array(
        z.object({ id: z.string(), type: z.string(), properties: z.record(z.string(), z.unknown()) }),
      ),
      missing: z.array(
        z.object({
          need: z.string(),
          text: z.string(),
          clause,
          override: z
            .object({ grounds: z.array(z.string()), fields: z.array(z.string()), minutes: z.int() })
            .optional(),
        }),
      ),
      valid_until: z.int().describe('Epoch seconds, at most 60 ahead; the answer is for one use'),
      duty_desk: z
        .object({ agency: z.string(), name: z.string(), phone: z.string(), hours: z.string() })
        .optional()
        .describe('Whom to speak to wherever something is withheld'),
      override: z
        .object({ review: z.uuid(), until: z.int() })
        .optional()
        .describe('Given under an override: name the review to go on under it until then (epoch seconds)'),
    })
    .optional(),
});
