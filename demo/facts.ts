/** What is on record about the people in Casebook's cases: who agreed, who refused, and who works with whom. */
import { findCase } from './casebook/cases.ts';
import { namedPerson } from './region/people.ts';

type Subject = { system: string; value: string };

export type DemoConsent = {
  subject: Subject;
  /** The agency that asked and wrote the answer down. */
  agency: string;
  protocol: string;
  purpose: string;
  basis: 'confidence' | 'lawful-basis';
  state: 'given' | 'refused';
};

export type DemoInvolvement = { subject: Subject; agency: string; practitioner: string; confirmedBy: string };

/** The data subject of a case. */
export function subjectOf(reference: string): Subject {
  const found = findCase(reference, 0);
  if (found === undefined) throw new Error(`Casebook has no case ${reference}.`);
  return found.dataSubject;
}

const earlyHelp = (reference: string, state: DemoConsent['state']): DemoConsent => ({
  subject: subjectOf(reference),
  agency: 'E08000037',
  protocol: 'safeguarding-children',
  purpose: 'early-help',
  basis: 'confidence',
  state,
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
