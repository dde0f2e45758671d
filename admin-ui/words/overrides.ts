/** Overrides and their reviews in plain words. */
import type { OverrideGround, ReviewOutcome, Review } from '../../policy/decisions/overrides/review.ts';
import { pseudonymFor } from '../../policy/decisions/involvement/pseudonym.ts';
import { isOverdue } from '../../policy/decisions/overrides/list_reviews.ts';
import type { WebContext } from '../context.ts';

export const groundWords: Record<OverrideGround, string> = {
  'risk-of-significant-harm': 'Risk of significant harm',
  'vital-interests': 'To save a life or prevent serious injury',
  'prevention-of-serious-crime': 'To prevent a serious crime',
};

export const outcomeWords: Record<ReviewOutcome, string> = {
  justified: 'Justified',
  'justified-with-learning': 'Justified, with something to learn',
  'not-justified': 'Not justified',
  'concern-raised': 'Concern raised',
};

/** Short enough for a tag. */
const outcomeTags: Record<ReviewOutcome, { text: string; tag: string }> = {
  justified: { text: 'Justified', tag: 'green' },
  'justified-with-learning': { text: 'To learn from', tag: 'blue' },
  'not-justified': { text: 'Not justified', tag: 'red' },
  'concern-raised': { text: 'Concern raised', tag: 'red' },
};

/** How a review stands, with the colour of its tag. */
export function reviewState(review: Review, now: number): { text: string; tag: string } {
  if (review.closed !== undefined) return outcomeTags[review.closed.outcome];
  return isOverdue(review, now) ? { text: 'Overdue', tag: 'red' } : { text: 'Open', tag: 'yellow' };
}

/** Which record it was about, as officers of that agency may read it. */
export function recordWords({ register, ground }: WebContext, agency: string, review: Review): string {
  const { asset, resource, byNumber } = review;
  const kind = register.state()?.assets.get(asset)?.definition.name ?? asset;
  return `${kind} ${byNumber ? pseudonymFor(ground.config.masterKey, { agency }, resource) : resource}`;
}

/** Choices for a list: `value` as it is stored, `text` as it is read. */
export function choices(words: Record<string, string>): { value: string; text: string }[] {
  return Object.entries(words).map(([value, text]) => ({ value, text }));
}
