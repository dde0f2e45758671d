/** What an answer says in words: short, plain, and never "you may not share". */
import type { OverrideLack } from './choose_override.ts';
import type { DutyDesk, ReasonCode } from './decision.ts';

/** One sentence for each reason. None names a fact about the person concerned that its code does not already tell. */
export const sentences: Record<ReasonCode, string> = {
  permitted: 'A signed protocol gives this to the role the person acts in.',
  'permitted-by-override': 'Given under an override, which the agency that holds the record reviews.',
  'no-protocol': 'No signed protocol in force gives anybody this from this agency.',
  'not-a-party': 'The agency the person acts for is not a party to a protocol in force that gives this.',
  'role-not-covered': 'No clause gives this to the role the person acts in.',
  'purpose-not-covered': 'No clause gives this for the purpose stated.',
  'fields-not-covered': 'No clause gives this field to this role for this purpose.',
  'obligation-not-supported': 'The clause comes with a duty that the asking system has not said it can carry out.',
  prohibited: 'A clause forbids this.',
  'sign-in-needed': 'The clause asks that the person is signed in at this system, in the post they act in.',
  'consent-needed': 'The clause asks for the agreement of the person concerned, and none is recorded.',
  'consent-refused': 'The person concerned refused, or took their agreement back.',
  'involvement-needed':
    'The clause asks that the practitioner works with the person concerned, and no confirmed involvement is recorded.',
  'condition-not-met': 'A condition of the clause is not met.',
  'identity-level-too-low': 'The clause asks for a stronger check of who the practitioner is.',
  'authentication-too-weak': 'The clause asks for a stronger sign-in.',
  'registration-lapsed': 'The clause asks for a current entry on a professional register that somebody has checked.',
  'post-ended': 'The person does not hold this post now.',
  suspended: 'The person, or the post they act in, is suspended.',
  'protocol-not-in-force': 'The protocol that would give this is not in force now.',
  'unknown-subject': 'Nobody is known by this identifier.',
};

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

const lackSentences: Record<OverrideLack, string> = {
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
