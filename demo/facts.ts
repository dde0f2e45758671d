/** What is on record about the people in Casebook's cases: who agreed, who refused, and who works with whom. */
import { findCase } from './casebook/cases.ts';
import type { Statement } from '../policy/decisions/consent/statement.ts';
import { namedPerson } from './region/people.ts';

type Subject = { system: string; value: string };

type DemoConsent = Pick<Statement, 'givenBy' | 'capacity' | 'authority' | 'childView' | 'wording' | 'language'> & {
  subject: Subject;
  /** The agency that asked and wrote the answer down. */
  agency: string;
  protocol: string;
  purpose: string;
  basis: 'confidence' | 'lawful-basis';
  state: 'given' | 'refused';
};

type DemoInvolvement = { subject: Subject; agency: string; practitioner: string; confirmedBy: string };

/** The data subject of a case. */
export function subjectOf(reference: string): Subject {
  const found = findCase(reference, 0);
  if (found === undefined) throw new Error(`Casebook has no case ${reference}.`);
  return found.dataSubject;
}

/** A parent said so, at a desk where the agency knew them. */
const byAParent = {
  givenBy: 'parental-responsibility',
  capacity: 'child-not-competent',
  authority: 'on-record',
  childView: 'agrees',
  wording: 'consent-form',
  language: 'en',
} as const;

const earlyHelp = (reference: string, state: DemoConsent['state']): DemoConsent => ({
  subject: subjectOf(reference),
  agency: 'E08000037',
  protocol: 'safeguarding-children',
  purpose: 'early-help',
  basis: 'confidence',
  state,
  ...byAParent,
});

export const consents: readonly DemoConsent[] = [
  earlyHelp('GC-1001', 'given'),
  earlyHelp('GC-1002', 'given'),
  earlyHelp('GC-1005', 'refused'),
  earlyHelp('GC-1004', 'given'),
  {
    subject: subjectOf('GC-2001'),
    agency: 'CHARITY:702561',
    protocol: 'hospital-discharge',
    purpose: 'hospital-discharge',
    basis: 'lawful-basis',
    state: 'given',
    givenBy: 'self',
    capacity: 'has-capacity',
    wording: 'spoken',
    language: 'en',
  },
];

const worksWith = (key: string, references: string[]): DemoInvolvement[] => {
  const { id, agency } = namedPerson(key);
  return references.map((reference) => ({
    subject: subjectOf(reference),
    agency,
    practitioner: id,
    confirmedBy: 'caseload of the agency’s own record system',
  }));
};

export const involvements: readonly DemoInvolvement[] = [
  ...worksWith('health-visitor', ['GC-1001', 'GC-1005', 'GC-1007']),
  ...worksWith('school-nurse', ['GC-1001', 'GC-1006']),
];
