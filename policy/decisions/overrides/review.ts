/**
 * Reviews of overrides. Whoever overrides opens one; it belongs to the agency that holds the record, whose officers look at
 * what was done and say what they think of it.
 */
import type { ClauseReference } from '../rules/clause.ts';

export const overrideGrounds = ['risk-of-significant-harm', 'vital-interests', 'prevention-of-serious-crime'] as const;
export type OverrideGround = (typeof overrideGrounds)[number];

export const reviewOutcomes = ['justified', 'justified-with-learning', 'not-justified', 'concern-raised'] as const;
export type ReviewOutcome = (typeof reviewOutcomes)[number];

/** After one of these nobody goes on under the override, whatever is left of its minutes. */
export const endingOutcomes: readonly ReviewOutcome[] = ['not-justified', 'concern-raised'];

/** Days after which an open review is overdue, and how many overrides within 24 hours are unusual: noticed, never stopped. */
export const limits = { overdueDays: 5, unusualPerPerson: 3, unusualPerAgency: 20 };

/** A review without what is sealed in it. Times are epoch seconds. */
export type Review = {
  id: string;
  /** The agency that holds the record. */
  agency: string;
  /** Id of the decision that the override was for. */
  decision: string;
  /** False where the decision was not recorded, so that nothing was given. */
  answered: boolean;
  practitioner: string;
  post: string;
  /** The agency that the person acted for. */
  acting: string;
  role: string;
  client: string;
  clause: ClauseReference;
  ground: OverrideGround;
  action: string;
  asset: string;
  /** The record; `byNumber`: it is named by the person's own number, and this is the service's pseudonym for it. */
  resource: string;
  byNumber: boolean;
  purpose: string;
  /** The fields that the override opened. */
  fields: string[];
  /** More than usual had been opened by then, by the person or for their agency. */
  unusual: boolean;
  openedAt: number;
  /** Until when the person might go on without stating ground and reason again. */
  until: number;
  closed?: { by: string; at: number; outcome: ReviewOutcome };
};

/** What the sealed texts are sealed as: an envelope moved to another review, or from note to reason, stays shut. */
export function sealLabel(text: 'reason' | 'note', id: string): string {
  return `override ${text} ${id}`;
}
