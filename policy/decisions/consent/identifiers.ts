/** The numbers by which a data subject is named, each with the check that its scheme has. */
import { readNumber } from '../../../platform/typed.ts';
import type { DataSubject } from '../involvement/pseudonym.ts';

export type IdentifierScheme = 'nhs-number' | 'upn' | 'own-number';
export const identifierSchemes: readonly IdentifierScheme[] = ['nhs-number', 'upn', 'own-number'];

const nhsNumbers = 'https://fhir.nhs.uk/Id/nhs-number';
const uniquePupilNumbers = 'https://www.gov.uk/education/unique-pupil-number';

/**
 * The data subject that a number names, or a sentence that says what is wrong with it. An agency's own number has no check
 * and names a person of that agency's system alone.
 */
export function readIdentifier(
  scheme: IdentifierScheme,
  typed: string,
  agency: string,
): DataSubject | { problem: string } {
  const value = plain(typed);
  const systems = { 'nhs-number': nhsNumbers, upn: uniquePupilNumbers, 'own-number': ownNumbers(agency) };
  const subject = { system: systems[scheme], value };
  const problem =
    scheme === 'own-number' && !/^[A-Z0-9/.]{2,40}$/.test(value)
      ? 'Your agency’s number has 2 to 40 letters and digits'
      : identifierProblem(subject);
  return problem === undefined ? subject : { problem };
}

/**
 * What is wrong with a number of a scheme that has a check: NHS numbers modulo 11 (NHS Data Dictionary), unique pupil numbers
 * by their letter (Department for Education). Undefined for a number in order, and for schemes that are not known here.
 */
export function identifierProblem({ system, value }: DataSubject): string | undefined {
  const normal = system.normalize('NFKC').trim().toLowerCase();
  if (normal === nhsNumbers.toLowerCase() && !isNhsNumber(plain(value))) {
    return 'An NHS number has ten digits, and the last one must fit the others. Check it with the person or the record';
  }
  if (normal === uniquePupilNumbers && !isUniquePupilNumber(plain(value))) {
    return 'A unique pupil number is a letter and twelve digits, and the letter must fit the digits. Check it on the record';
  }
  return undefined;
}

const plain = (typed: string): string => readNumber(typed).toUpperCase();

/** The system of numbers that an agency gives out itself. */
export function ownNumbers(agency: string): string {
  return `urn:wayleave:agency:${agency.toLowerCase()}`;
}

function isNhsNumber(value: string): boolean {
  if (!/^\d{10}$/.test(value)) return false;
  const digits = [...value].map(Number);
  const sum = digits.slice(0, 9).reduce((total, digit, index) => total + digit * (10 - index), 0);
  return (11 - (sum % 11)) % 11 === digits[9];
}

/** Letters by their value; I, O and S are never used. The last character of a temporary number is a letter too. */
const letters = 'ABCDEFGHJKLMNPQRTUVWXYZ';

function isUniquePupilNumber(value: string): boolean {
  if (!/^[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]$/.test(value)) return false;
  const sum = Array.from(value.slice(1)).reduce(
    (total, character, index) => total + valueOf(character) * (index + 2),
    0,
  );
  return letters[sum % 23] === value[0];
}

function valueOf(character: string): number {
  return /\d/.test(character) ? Number(character) : letters.indexOf(character);
}
