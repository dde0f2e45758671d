/** What an answer says in words beside its reason: short, plain, and never "you may not share". */
import type { DutyDesk } from './decision.ts';

const someWithheld = 'Some of the fields asked for are withheld.';

/** The reason's whole text. Wherever something is withheld it says what a refusal is and is not, and whom to ring. */
export function reasonText(sentence: string, withheld: 'nothing' | 'some' | 'all', desk: DutyDesk | undefined): string {
  if (withheld === 'nothing') return sentence;
  return [sentence, ...(withheld === 'some' ? [someWithheld] : []), notTheLastWord(desk)].join(' ');
}

function notTheLastWord(desk: DutyDesk | undefined): string {
  const whom =
    desk === undefined
      ? 'the duty desk of the agency that holds the record'
      : `${desk.name} (${desk.phone}, ${desk.hours})`;
  return (
    'This is what the protocol gives automatically; it does not say that you may not share. If someone may come to ' +
    `serious harm, speak to ${whom} now: the law may allow or require you to share.`
  );
}

/** What an override would need, for `missing`. */
export function overrideText(minutes: number): string {
  return (
    'In an emergency the clause lets this role override consent and involvement, signed in less than a minute ago, on a ' +
    `stated ground and with a written reason, for ${minutes} minutes; the holding agency reviews it.`
  );
}

/** Why the override that was asked for was not used, for the reason's text. */
export function lackText(lack: OverrideLack): string {
  return `The override asked for was not used: ${lackSentences[lack]}`;
}

const lackSentences = {
  alone: 'one is taken for a single question only, never for several at once. Ask about this record by itself.',
  'not-needed': 'everything asked for is given without it.',
  'no-clause': 'no clause lets this role override what is withheld.',
  'data-subject': 'the request must name the one person concerned (resource.properties.data_subject).',
  'signed-in': 'the person must be signed in at this system.',
  'sign-in-again': 'the person must have signed in less than a minute ago. Let them sign in again, then ask at once.',
  ground: 'the ground stated is none of those that the clause takes.',
  'review-ended': 'the earlier one is over, or was for something else. State ground and reason again.',
  'something-else': 'it lifts consent and involvement only, and something else stands in the way.',
  'all-fields': 'it opens only some of the fields asked for, and the asking system takes all or nothing.',
};

/** What an override that was asked for would have needed. */
export type OverrideLack = keyof typeof lackSentences;
