/** The reasons that an example may expect, in words. */

export const reasons: Record<string, string> = {
  permitted: 'Permitted',
  'no-protocol': 'No protocol covers it',
  'not-a-party': 'The agency is not a party',
  'role-not-covered': 'The role is not covered',
  'purpose-not-covered': 'The purpose is not covered',
  'fields-not-covered': 'The fields are not covered',
  prohibited: 'Prohibited',
  'sign-in-needed': 'The person must be signed in',
  'consent-needed': 'Agreement is needed',
  'consent-refused': 'Agreement was refused',
  'involvement-needed': 'The practitioner must work with the person',
  'condition-not-met': 'A condition is not met',
  'identity-level-too-low': 'Identity is not checked well enough',
  'authentication-too-weak': 'Sign-in is not strong enough',
  'registration-lapsed': 'No current registration',
  'protocol-not-in-force': 'The protocol is not in force',
};
