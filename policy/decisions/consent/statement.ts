/** A statement: what somebody said about sharing what is known about a data subject, as it is asked for and recorded. */

/** Agreement under the duty of confidence, or consent as the lawful basis. Neither stands for the other. */
export const bases = ['confidence', 'lawful-basis'] as const;
export type ConsentBasis = (typeof bases)[number];

export const statementStates = ['given', 'refused', 'withdrawn', 'objected'] as const;
export type StatementState = (typeof statementStates)[number];

/**
 * Who said it. An advocate passes on the person's own words. `best-interests`: those who care for an adult who cannot decide,
 * under section 4 of the Mental Capacity Act 2005.
 */
export const relations = [
  'self',
  'parental-responsibility',
  'deputy-or-attorney',
  'advocate',
  'best-interests',
] as const;
export type Relation = (typeof relations)[number];

/** Whether the data subject can decide this. `competent-child`: under 16 and understands what it means (Gillick). */
export const capacities = ['has-capacity', 'competent-child', 'child-not-competent', 'lacks-capacity'] as const;
export type Capacity = (typeof capacities)[number];

/** How it was checked that who said it may decide for the data subject. */
export const authorities = ['document-seen', 'on-record', 'stated'] as const;
export type Authority = (typeof authorities)[number];

export const childViews = ['agrees', 'disagrees', 'not-asked'] as const;
export type ChildView = (typeof childViews)[number];

export const notAskedReasons = ['too-young', 'not-safe', 'cannot-express', 'not-present'] as const;
export type NotAskedReason = (typeof notAskedReasons)[number];

/** The form that the protocol generates, words spoken after it, or the agency's own form. */
export const wordings = ['consent-form', 'spoken', 'own-form'] as const;
export type Wording = (typeof wordings)[number];

/** What it is about. With neither clause nor purpose: the whole protocol. */
export type StatementScope = { clause: string; purpose?: never } | { purpose: string; clause?: never };

/** Times are epoch seconds. `subject` is the pseudonym, `protocol` the protocol's id, `language` a BCP 47 tag. */
export type Statement = {
  /** The same statement sent twice is recorded once. */
  id?: string;
  subject: string;
  protocol: string;
  basis: ConsentBasis;
  scope?: StatementScope;
  state: StatementState;
  saidAt: number;
  /** Until when an agreement counts. */
  until?: number;
  givenBy: Relation;
  capacity: Capacity;
  authority?: Authority;
  childView?: ChildView;
  notAskedBecause?: NotAskedReason;
  wording: Wording;
  language: string;
};
