/** Consent in words: what was said, by whom, and how it was asked. */
import type { StatementScope } from '../../policy/decisions/consent/statement.ts';
import type {
  Authority,
  Capacity,
  ChildView,
  ConsentBasis,
  NotAskedReason,
  Relation,
  StatementState,
  Wording,
} from '../../policy/decisions/consent/statement.ts';
import type { IdentifierScheme } from '../../policy/decisions/consent/identifiers.ts';
import type { Protocol } from '../../policy/register/protocols/document.ts';
import { citeInLine, clauseTitle } from '../words/citation.ts';

type Item = { value: string; text: string; hint?: { text: string } };
type Words<Code extends string> = Record<Code, { text: string; hint?: string }>;

/** What can be written down, by the last part of the address. */
export const deeds: Record<string, { state: StatementState; heading: string; link: string }> = {
  agreement: { state: 'given', heading: 'What did they agree to?', link: 'They agree' },
  refusal: { state: 'refused', heading: 'What did they refuse?', link: 'They refuse' },
  withdrawal: { state: 'withdrawn', heading: 'What do they take back?', link: 'They take back what was agreed' },
  objection: { state: 'objected', heading: 'What do they object to?', link: 'They object' },
};

export const stateWords: Record<StatementState, { text: string; tag: string; said: string }> = {
  given: { text: 'Agreed', tag: 'green', said: 'agreed to' },
  refused: { text: 'Refused', tag: 'red', said: 'refused' },
  withdrawn: { text: 'Taken back', tag: 'red', said: 'took back their agreement to' },
  objected: { text: 'Objected', tag: 'yellow', said: 'objected to' },
};

export const standingWords = {
  given: { text: 'Agreed', tag: 'green' },
  refused: { text: 'Refused', tag: 'red' },
  needed: { text: 'Not asked yet', tag: 'grey' },
};

export const capacityWords: Words<Capacity> = {
  'has-capacity': {
    text: 'Yes: they are 16 or older and can decide',
    hint: 'Assume so unless it was established otherwise.',
  },
  'competent-child': {
    text: 'Yes: they are under 16 and understand what it means',
    hint: 'Often called Gillick competent.',
  },
  'child-not-competent': {
    text: 'No: they are a child who cannot decide this yet',
    hint: 'Somebody with parental responsibility decides. Ask the child what they think.',
  },
  'lacks-capacity': {
    text: 'No: they are 16 or older and lack the capacity to decide this',
    hint: 'They cannot agree. A deputy or attorney decides, or those who care for them in their best interests (Mental Capacity Act 2005); until 18, also somebody with parental responsibility.',
  },
};

export const relationWords: Words<Relation> = {
  self: { text: 'The person themselves' },
  'parental-responsibility': { text: 'Somebody with parental responsibility' },
  'deputy-or-attorney': { text: 'A deputy or attorney', hint: 'For health and welfare, or for this decision.' },
  advocate: { text: 'An advocate', hint: 'Who passes on what the person says, and decides nothing for them.' },
  'best-interests': {
    text: 'Those who care for them, in their best interests',
    hint: 'Mental Capacity Act 2005, section 4.',
  },
};

export const authorityWords: Words<Authority> = {
  'document-seen': {
    text: 'I saw the document',
    hint: 'A birth certificate, a court order, a registered power of attorney.',
  },
  'on-record': { text: 'It is in our own records' },
  stated: { text: 'They told me', hint: 'Enough for parental responsibility where nothing speaks against it.' },
};

export const childViewWords: Words<ChildView> = {
  agrees: { text: 'The child agrees' },
  disagrees: { text: 'The child does not agree' },
  'not-asked': { text: 'The child was not asked' },
};

export const notAskedWords: Words<NotAskedReason> = {
  'too-young': { text: 'Too young to understand the question' },
  'not-safe': { text: 'It was not safe to ask' },
  'cannot-express': { text: 'They cannot say, even with help' },
  'not-present': { text: 'They were not there' },
};

export const wordingWords: Words<Wording> = {
  'consent-form': { text: 'With the form of this protocol' },
  spoken: { text: 'In conversation', hint: 'With the words of the form or the leaflet.' },
  'own-form': { text: 'With a form of our own agency' },
};

export const languages: Record<string, string> = {
  en: 'English',
  ar: 'Arabic',
  bn: 'Bengali',
  bfi: 'British Sign Language',
  cs: 'Czech',
  fa: 'Farsi',
  ku: 'Kurdish',
  pl: 'Polish',
  pt: 'Portuguese',
  pa: 'Punjabi',
  ro: 'Romanian',
  sk: 'Slovak',
  so: 'Somali',
  ti: 'Tigrinya',
  uk: 'Ukrainian',
  ur: 'Urdu',
  cy: 'Welsh',
  zh: 'Chinese',
  mul: 'Another language, with an interpreter',
};

export const schemeWords: Words<IdentifierScheme> = {
  'nhs-number': { text: 'NHS number', hint: 'Ten digits.' },
  upn: { text: 'Unique pupil number', hint: 'A letter and twelve digits.' },
  'own-number': { text: 'Our own agency’s number', hint: 'As your own record system writes it.' },
};

export const basisWords: Record<ConsentBasis, string> = {
  confidence: 'agreement under the duty of confidence',
  'lawful-basis': 'consent as the lawful basis',
};

/** The choices of a question, in their order. */
export function itemsOf(words: Words<string>): Item[] {
  return Object.entries(words).map(([value, { text, hint }]) => ({
    value,
    text,
    ...(hint && { hint: { text: hint } }),
  }));
}

/** What a statement is about: "everything for “Early help”", "one clause only: “A teacher may …” (clause early-help-in-school)", "the whole of “…”". */
export function scopeInWords(
  document: Protocol,
  scope: { clause?: string | null; purpose?: string | null } | undefined,
): string {
  const { clause, purpose } = scope ?? {};
  if (clause) {
    const text = document.clauses.find(({ id }) => id === clause)?.text ?? '';
    return `one clause only: ${citeInLine({ text, title: clauseTitle({ id: clause }) })}`;
  }
  if (purpose) return `everything for “${document.purposes.find(({ code }) => code === purpose)?.name ?? purpose}”`;
  return `the whole of “${document.title}”`;
}

/** A scope as the value of a choice, and back. */
export function scopeValue(basis: ConsentBasis, scope: StatementScope | undefined): string {
  if (scope?.clause !== undefined) return `${basis} clause ${scope.clause}`;
  return scope?.purpose === undefined ? basis : `${basis} purpose ${scope.purpose}`;
}
