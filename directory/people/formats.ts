/** What numbers on professional registers look like. A number that looks right is not a number that was checked. */

/** A register's short name, full name, the form of its numbers, and the identifier system where FHIR has one. */
type Register = {
  body: string;
  name: string;
  number: RegExp;
  example: string;
  fhir?: string;
  tidy?: (number: string) => string;
};

const registers: Register[] = [
  {
    body: 'GMC',
    name: 'General Medical Council',
    number: /^[0-9]{7}$/,
    example: '7012345',
    fhir: 'https://fhir.hl7.org.uk/Id/gmc-number',
    // Some systems write a letter before it: C for the number as such, L for the licence.
    tidy: (number) => number.replace(/^[CL](?=[0-9]{7}$)/, ''),
  },
  {
    body: 'NMC',
    name: 'Nursing and Midwifery Council',
    number: /^[0-9]{2}[A-Z][0-9]{4}[A-Z]$/,
    example: '08A1234E',
    fhir: 'https://fhir.hl7.org.uk/Id/nmc-number',
  },
  {
    body: 'HCPC',
    name: 'Health and Care Professions Council',
    number: /^[A-Z]{2}[0-9]{6}$/,
    example: 'PH012345',
    fhir: 'https://fhir.hl7.org.uk/Id/hcpc-number',
    tidy: (number) =>
      number.replace(
        /^([A-Z]{2})([0-9]{1,6})$/,
        (_, profession: string, digits: string) => profession + digits.padStart(6, '0'),
      ),
  },
  {
    body: 'GPhC',
    name: 'General Pharmaceutical Council',
    number: /^2[0-9]{6}$/,
    example: '2045678',
    fhir: 'https://fhir.hl7.org.uk/Id/gphc-number',
  },
  {
    body: 'GDC',
    name: 'General Dental Council',
    number: /^[0-9]{4,7}$/,
    example: '123456',
    fhir: 'https://fhir.hl7.org.uk/Id/gdc-number',
  },
  {
    body: 'SWE',
    name: 'Social Work England',
    number: /^SW[0-9]{1,6}$/,
    example: 'SW12345',
    tidy: (number) => number.replace(/^(?=[0-9]{1,6}$)/, 'SW'),
  },
  { body: 'TRA', name: 'Teaching Regulation Agency', number: /^[0-9]{7}$/, example: '1234567' },
];

/** Every register that the directory knows, in a fixed order. */
export function listRegisters(): readonly Register[] {
  return registers;
}

/** The number as the register writes it (capitals, no spaces or strokes, padded); undefined when it cannot be one. */
export function normaliseNumber(body: string, number: string): string | undefined {
  const register = registers.find((known) => known.body === body);
  if (register === undefined) return undefined;
  const bare = number.toUpperCase().replace(/[\s/.-]/g, '');
  const tidy = register.tidy?.(bare) ?? bare;
  return register.number.test(tidy) ? tidy : undefined;
}
