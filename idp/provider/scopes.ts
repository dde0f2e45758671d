/** What partner systems may ask for: about the person who signs in, and for themselves. */

/** For a person's sign-in. The last five are shaped as in NHS CIS2, for NHS partner systems. */
const person = [
  'openid',
  'offline_access',
  'profile',
  'email',
  'post',
  'decisions',
  'nationalrbacaccess',
  'associatedorgs',
  'professionalmemberships',
  'selectedrole',
] as const;

/** For a system itself (client credentials). */
const machine = ['decisions', 'directory.read', 'consent', 'involvement', 'audit.read', 'scim'] as const;

export const scopes: Record<'person' | 'machine' | 'all', ReadonlySet<string>> = {
  person: new Set(person),
  machine: new Set(machine),
  all: new Set([...person, ...machine]),
};
