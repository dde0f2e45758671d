/** The partner systems of the demo region: one that signs people in as well, three that only ask for decisions. */

export type DemoPartner = {
  clientId: string;
  name: string;
  agency: string;
  holds: string[];
  understands: string[];
  scopes: string[];
  /** True for Casebook, to whose address people are sent back. */
  signsPeopleIn: boolean;
};

const asking = ['decisions', 'audit.read'];

export const casebook: DemoPartner = {
  clientId: 'casebook-gateshead',
  name: 'Casebook',
  agency: 'E08000037',
  holds: ['E08000037'],
  understands: ['fields', 'notification', 'custom'],
  scopes: ['openid', 'profile', 'email', 'post', ...asking, 'directory.read', 'consent'],
  signsPeopleIn: true,
};

/** A hospital's ward system. */
export const wardview: DemoPartner = {
  clientId: 'wardview-gateshead-health',
  name: 'Wardview',
  agency: 'RR7',
  holds: ['RR7'],
  understands: ['fields', 'notification', 'custom'],
  scopes: [...asking, 'directory.read'],
  signsPeopleIn: false,
};

/** An older system that reads the boolean and nothing else: it is given all that it asks for, or nothing. */
const bedline: DemoPartner = {
  clientId: 'bedline-newcastle-hospitals',
  name: 'Bedline',
  agency: 'RTD',
  holds: ['RTD'],
  understands: [],
  scopes: asking,
  signsPeopleIn: false,
};

/** The police's custody system. */
const custody: DemoPartner = {
  clientId: 'custody-northumbria-police',
  name: 'Custody',
  agency: 'E23000007',
  holds: ['E23000007'],
  understands: ['fields', 'custom'],
  scopes: asking,
  signsPeopleIn: false,
};

export const partners: readonly DemoPartner[] = [casebook, wardview, bedline, custody];
