/** Every reason that a decision can have. A new one is one entry here, with its words. */

/** What a permission may ask for beyond being about the question, as a trace names the test. */
export type NeedTest = 'presence' | 'registration' | 'identity-level' | 'obligation' | 'consent' | 'involvement';

type Reason = {
  /** What an answer says. It names no fact about the person concerned that the code does not already tell. */
  sentence: string;
  /** In a few words, for lists; only where an example of a protocol can expect it. */
  short?: string;
  /** Saying so reveals a fact about the data subject: told to recipients only where the clause says `explain: facts`. */
  aboutSubject?: true;
  /** An override sets it aside. */
  liftable?: true;
  /** The test of a clause that was not met. */
  test?: NeedTest;
  /** How far it is from a permission, for what no single need could mend; the rest is further still. */
  distance?: number;
};

const table = {
  permitted: { sentence: 'A signed protocol gives this to the role the person acts in.', short: 'Permitted' },
  'permitted-by-override': { sentence: 'Given under an override, which the agency that holds the record reviews.' },
  'no-protocol': {
    sentence: 'No signed protocol in force gives anybody this from this agency.',
    short: 'No protocol covers it',
  },
  'not-a-party': {
    sentence: 'The agency the person acts for is not a party to a protocol in force that gives this.',
    short: 'The agency is not a party',
  },
  'role-not-covered': {
    sentence: 'No clause gives this to the role the person acts in.',
    short: 'The role is not covered',
  },
  'purpose-not-covered': {
    sentence: 'No clause gives this for the purpose stated.',
    short: 'The purpose is not covered',
    distance: 102,
  },
  'fields-not-covered': {
    sentence: 'No clause gives this field to this role for this purpose.',
    short: 'The fields are not covered',
    distance: 103,
  },
  'obligation-not-supported': {
    sentence: 'The clause comes with a duty that the asking system has not said it can carry out.',
    test: 'obligation',
  },
  prohibited: { sentence: 'A clause forbids this.', short: 'Prohibited', distance: 100 },
  'sign-in-needed': {
    sentence: 'The clause asks that the person is signed in at this system, in the post they act in.',
    short: 'The person must be signed in',
    test: 'presence',
  },
  'consent-needed': {
    sentence: 'The clause asks for the agreement of the person concerned, and none is recorded.',
    short: 'Agreement is needed',
    aboutSubject: true,
    liftable: true,
    test: 'consent',
  },
  'consent-refused': {
    sentence: 'The person concerned refused, or took their agreement back.',
    short: 'Agreement was refused',
    aboutSubject: true,
    liftable: true,
    test: 'consent',
  },
  'involvement-needed': {
    sentence:
      'The clause asks that the practitioner works with the person concerned, and no confirmed involvement is recorded.',
    short: 'The practitioner must work with the person',
    aboutSubject: true,
    liftable: true,
    test: 'involvement',
  },
  'condition-not-met': {
    sentence: 'A condition of the clause is not met.',
    short: 'A condition is not met',
    aboutSubject: true,
  },
  'identity-level-too-low': {
    sentence: 'The clause asks for a stronger check of who the practitioner is.',
    short: 'Identity is not checked well enough',
    test: 'identity-level',
  },
  'authentication-too-weak': {
    sentence: 'The clause asks for a stronger sign-in.',
    short: 'Sign-in is not strong enough',
    test: 'presence',
  },
  'registration-lapsed': {
    sentence: 'The clause asks for a current entry on a professional register that somebody has checked.',
    short: 'No current registration',
    test: 'registration',
  },
  'post-ended': { sentence: 'The person does not hold this post now.' },
  suspended: { sentence: 'The person, or the post they act in, is suspended.' },
  'protocol-not-in-force': {
    sentence: 'The protocol that would give this is not in force now.',
    short: 'The protocol is not in force',
    distance: 101,
  },
  'unknown-subject': { sentence: 'Nobody is known by this identifier.' },
} satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof table;

export const reasons: Readonly<Record<ReasonCode, Reason>> = table;

/** What an example of a protocol can expect: codes with their few words. */
export const expectable: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries<Reason>(table).flatMap(([code, { short }]) => (short === undefined ? [] : [[code, short]])),
);
