/** AuthZEN requests, as OpenID's Authorization API 1.0 writes them, and what of them decisions read. Unknown fields are ignored. */
import { z } from 'zod';
import type { DecisionRequest, OverrideRequest } from '../deciding/decision.ts';
import { overrideGrounds } from '../overrides/review.ts';

export const word = z.string().min(1).max(256);

export const Subject = z.object({ type: word, id: word, properties: z.object({ post: word.optional() }).optional() });
export const Action = z.object({ name: word });
export const Resource = z.object({
  type: word,
  id: word,
  /** Everything not named here is an attribute of the record, for conditions to test. */
  properties: z
    .looseObject({
      agency: word
        .optional()
        .describe('Official code of the holding agency; may be left out by a partner of one agency'),
      data_subject: z.object({ system: word, value: word }).optional(),
      fields: z.array(word).max(200).optional().describe('Fields asked for; none: every field'),
    })
    .optional(),
});
/**
 * Asking to override, strictly: a ground and a written reason, or, within the clause's minutes, the review that they opened.
 * What is misspelt here must not be taken for no override at all.
 */
const Override = z
  .strictObject({
    ground: z.enum(overrideGrounds).optional(),
    reason: z
      .string()
      .trim()
      .min(20, 'must say why in at least 20 characters')
      .max(2_000, 'must have at most 2000 characters')
      .optional(),
    review: z.uuid().optional().describe('From the answer to the first question: ground and reason stand there'),
  })
  .transform(({ ground, reason, review }, { addIssue }): OverrideRequest => {
    if (review !== undefined && ground === undefined && reason === undefined) return { review };
    if (review === undefined && ground !== undefined && reason !== undefined) return { ground, reason };
    addIssue({ code: 'custom', message: 'must have a ground and a reason, or a review, and not both' });
    return z.NEVER;
  });
export const Context = z.object({
  purpose: word.optional(),
  user_token: z
    .string()
    .min(1)
    .max(8192)
    .optional()
    .describe('Access token of the person’s own sign-in at this partner'),
  override: Override.optional().describe('Break-glass: only for one question by itself'),
});

/** One question. */
export const Evaluation = z.object({
  subject: Subject,
  action: Action,
  resource: Resource,
  context: Context.optional(),
});
export type Evaluation = z.infer<typeof Evaluation>;

const semantics = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const;
export type Semantic = (typeof semantics)[number];

/** Most questions in one request. */
const largestBatch = 100;

/**
 * Many questions. What stands at the top is a default; a key of an item replaces the whole entity. The parts are checked
 * once they are put together, so that one item that cannot be read refuses itself and not the others.
 */
export const Evaluations = z.object({
  subject: z.unknown().optional(),
  action: z.unknown().optional(),
  resource: z.unknown().optional(),
  context: z.unknown().optional(),
  evaluations: z.array(z.record(z.string(), z.unknown())).max(largestBatch).optional(),
  options: z.object({ evaluations_semantic: z.enum(semantics).optional() }).optional(),
});
export type Evaluations = z.infer<typeof Evaluations>;

/** The question as the decision steps take it. `holds`: the partner's agencies; where it is one, it need not be named. */
export function toRequest(
  { subject, action, resource, context }: Evaluation,
  holds: readonly string[],
): DecisionRequest | undefined {
  const { agency: named, data_subject: dataSubject, fields, ...attributes } = resource.properties ?? {};
  const agency = named ?? (holds.length === 1 ? holds[0] : undefined);
  if (agency === undefined) return undefined;
  const post = subject.properties?.post;
  return {
    subject: { type: subject.type, id: subject.id, ...(post !== undefined && { post }) },
    action: action.name,
    resource: {
      type: resource.type,
      id: resource.id,
      agency,
      ...(dataSubject && { dataSubject }),
      ...(fields && { fields }),
      attributes,
    },
    ...(context?.purpose !== undefined && { purpose: context.purpose }),
    ...(context?.user_token !== undefined && { userToken: context.user_token }),
    ...(context?.override !== undefined && { override: context.override }),
  };
}
