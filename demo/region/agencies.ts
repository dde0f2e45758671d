/**
 * The agencies of the demo region: real organisations of North-East England under their official codes. Everything else
 * about them here (teams, telephone numbers, e-mail domains, people) is invented.
 *
 * Where the codes come from
 * - Councils: GSS codes of the Office for National Statistics, "Local Authority Districts (April 2024) Names and Codes in
 *   the UK". Gateshead is E08000037 and Northumberland E06000057 since the boundary changes of 2013; their older codes
 *   E08000020 and E06000048 are out of use. Compared in 2026 with public copies of that list (columns LAD24CD, LAD24NM).
 * - Police: GSS codes of the Office for National Statistics, "Police Force Areas (December 2023) Names and Codes in England
 *   and Wales". The code names the area that the force polices. Compared with a public copy keyed "pfa23".
 * - NHS trusts: codes of the NHS Organisation Data Service. Compared with the list of organisations in NHS England's public
 *   repository NHSDigital/record-a-vaccination-prototype, app/data/organisations.js, of August 2026.
 * - Schools: unique reference numbers of the Department for Education's Get Information About Schools. The Gosforth and
 *   Jesmond numbers stand in the department's public repository DFE-Digital/get-help-with-tech-prototype,
 *   app/data/responsible-body-schools.js; Macmillan Academy's in the department's public code for Teaching Vacancies.
 * - Voluntary organisations: numbers of the Charity Commission for England and Wales, each as the charity itself prints it:
 *   Age UK Gateshead and The Children's Foundation in their filed accounts (opencharities.uk/ew/702561 and /1000013),
 *   Changing Lives in its privacy notice (newcastleidas.co.uk/privacy-policy).
 *
 * Codes were compared with copies, not asked of the issuing body on the day. An agency whose code could not be supported
 * like this was left out. Numbers begin with 0191 498 0 or 01632 960: Ofcom keeps both ranges free for drama.
 */
import data from './agencies.json' with { type: 'json' };

export type AgencyKind = 'council' | 'health' | 'police' | 'school' | 'voluntary';

/** What sort of work its teams do; a trust for mental health has other teams than a hospital. */
export type Profile = 'council' | 'police' | 'acute' | 'mental-health' | 'ambulance' | 'school' | 'voluntary';

export type DemoAgency = {
  /** The key used everywhere: the official code, with a prefix where the code alone would be ambiguous. */
  code: string;
  codeSystem: 'gss' | 'ods' | 'urn' | 'charity';
  name: string;
  shortName: string;
  kind: AgencyKind;
  profile: Profile;
  /** Invented; ends in `.example`, which can never be a real address (RFC 2606). */
  emailDomain: string;
  switchboard: string;
  /** Where the code was taken from. */
  codeSource: string;
  /** How many practitioners the generator gives it. */
  size: number;
};

export const agencies = data as readonly DemoAgency[];

/** The agency with that code; a code that is not in the region is a mistake in the demo's own data. */
export function agencyOf(code: string): DemoAgency {
  const found = agencies.find((agency) => agency.code === code);
  if (found === undefined) throw new Error(`The demo region has no agency ${code}.`);
  return found;
}
