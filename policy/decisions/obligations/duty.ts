/**
 * Duties that came with permitted answers, and what the asking system said became of them. Deciding writes nothing for them:
 * they are read out of the log afterwards.
 */
import { z } from 'zod';

/** Hours within which a duty is to be done, where its clause does not say. */
const defaultHours = 24;

export const states = ['done', 'refused'] as const;
export type State = (typeof states)[number];

/** What a decision's record holds of its duties. */
export const Answered = z.object({
  request: z.object({ resource: z.object({ agency: z.string() }) }),
  answer: z.object({
    decision: z.boolean(),
    context: z.object({
      obligations: z.array(
        z.object({ id: z.string(), type: z.string(), properties: z.record(z.string(), z.unknown()) }),
      ),
    }),
  }),
});
export type Obligation = z.output<typeof Answered>['answer']['context']['obligations'][number];

/** Epoch seconds by which a duty of a decision made at `time` is to be done. */
export function dueAt({ properties }: Obligation, time: number): number {
  const hours = properties.within_hours;
  return time + (typeof hours === 'number' && hours > 0 ? hours : defaultHours) * 3_600;
}
