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

const ons = 'ONS, Local Authority Districts (April 2024) Names and Codes in the UK';
const pfa = 'ONS, Police Force Areas (December 2023) Names and Codes in England and Wales';
const ods = 'NHS Organisation Data Service, as listed in NHSDigital/record-a-vaccination-prototype';
const gias = 'Department for Education, Get Information About Schools';
const charities = 'Charity Commission for England and Wales, number as printed by the charity';

export const agencies: readonly DemoAgency[] = [
  council('E06000005', 'Darlington Borough Council', 'Darlington', 'darlington', '01632 960005'),
  council('E06000047', 'Durham County Council', 'Durham', 'durham', '0191 498 0047'),
  council('E08000037', 'Gateshead Council', 'Gateshead', 'gateshead', '0191 498 0037', 110),
  council('E06000001', 'Hartlepool Borough Council', 'Hartlepool', 'hartlepool', '01632 960001'),
  council('E06000002', 'Middlesbrough Council', 'Middlesbrough', 'middlesbrough', '01632 960002'),
  council('E08000021', 'Newcastle City Council', 'Newcastle', 'newcastle', '0191 498 0021', 110),
  council('E08000022', 'North Tyneside Council', 'North Tyneside', 'northtyneside', '0191 498 0022'),
  council('E06000057', 'Northumberland County Council', 'Northumberland', 'northumberland', '01632 960057'),
  council(
    'E06000003',
    'Redcar and Cleveland Borough Council',
    'Redcar and Cleveland',
    'redcar-cleveland',
    '01632 960003',
  ),
  council('E08000023', 'South Tyneside Council', 'South Tyneside', 'southtyneside', '0191 498 0023'),
  council('E06000004', 'Stockton-on-Tees Borough Council', 'Stockton', 'stockton', '01632 960004'),
  council('E08000024', 'Sunderland City Council', 'Sunderland', 'sunderland', '0191 498 0024'),

  police('E23000013', 'Cleveland Police', 'Cleveland Police', 'cleveland', '01632 960013'),
  police('E23000008', 'Durham Constabulary', 'Durham Constabulary', 'durham', '0191 498 0108'),
  police('E23000007', 'Northumbria Police', 'Northumbria Police', 'northumbria', '0191 498 0107'),

  trust(
    'RXP',
    'County Durham and Darlington NHS Foundation Trust',
    'County Durham and Darlington NHS',
    'cddft',
    '0191 498 0201',
  ),
  trust(
    'RX4',
    'Cumbria, Northumberland, Tyne and Wear NHS Foundation Trust',
    'CNTW',
    'cntw',
    '0191 498 0202',
    'mental-health',
  ),
  trust(
    'RR7',
    'Gateshead Health NHS Foundation Trust',
    'Gateshead Health',
    'gatesheadhealth',
    '0191 498 0203',
    'acute',
    110,
  ),
  trust(
    'RX6',
    'North East Ambulance Service NHS Foundation Trust',
    'North East Ambulance',
    'neas',
    '0191 498 0204',
    'ambulance',
  ),
  trust(
    'RVW',
    'North Tees and Hartlepool NHS Foundation Trust',
    'North Tees and Hartlepool NHS',
    'nth',
    '01632 960205',
  ),
  trust(
    'RTF',
    'Northumbria Healthcare NHS Foundation Trust',
    'Northumbria Healthcare',
    'northumbriahealth',
    '0191 498 0206',
  ),
  trust('RTR', 'South Tees Hospitals NHS Foundation Trust', 'South Tees Hospitals', 'southtees', '01632 960207'),
  trust(
    'R0B',
    'South Tyneside and Sunderland NHS Foundation Trust',
    'South Tyneside and Sunderland NHS',
    'stsft',
    '0191 498 0208',
  ),
  trust('RX3', 'Tees, Esk and Wear Valleys NHS Foundation Trust', 'TEWV', 'tewv', '01632 960209', 'mental-health'),
  trust(
    'RTD',
    'The Newcastle upon Tyne Hospitals NHS Foundation Trust',
    'Newcastle Hospitals',
    'newcastlehospitals',
    '0191 498 0210',
  ),

  school('136352', 'Gosforth Academy', 'gosforthacademy', '0191 498 0301'),
  school('136348', 'Gosforth Junior High Academy', 'gosforthjuniorhigh', '0191 498 0302'),
  school('146752', 'Jesmond Park Academy', 'jesmondpark', '0191 498 0303'),
  school('144279', 'North Gosforth Academy', 'northgosforth', '0191 498 0304'),
  school('137138', 'Macmillan Academy', 'macmillan', '01632 960305'),

  charity('702561', 'Age UK Gateshead', 'ageukgateshead', '0191 498 0401'),
  charity('500640', 'Changing Lives', 'changinglives', '0191 498 0402'),
  charity('1000013', "The Children's Foundation", 'childrensfoundation', '0191 498 0403'),
];

/** The agency with that code; a code that is not in the region is a mistake in the demo's own data. */
export function agencyOf(code: string): DemoAgency {
  const found = agencies.find((agency) => agency.code === code);
  if (found === undefined) throw new Error(`The demo region has no agency ${code}.`);
  return found;
}

function council(
  code: string,
  name: string,
  shortName: string,
  domain: string,
  switchboard: string,
  size = 65,
): DemoAgency {
  const emailDomain = `${domain}.council.example`;
  return {
    code,
    codeSystem: 'gss',
    name,
    shortName,
    kind: 'council',
    profile: 'council',
    emailDomain,
    switchboard,
    codeSource: ons,
    size,
  };
}

function police(code: string, name: string, shortName: string, domain: string, switchboard: string): DemoAgency {
  const emailDomain = `${domain}.police.example`;
  return {
    code,
    codeSystem: 'gss',
    name,
    shortName,
    kind: 'police',
    profile: 'police',
    emailDomain,
    switchboard,
    codeSource: pfa,
    size: 90,
  };
}

function trust(
  code: string,
  name: string,
  shortName: string,
  domain: string,
  switchboard: string,
  profile: Profile = 'acute',
  size = 80,
): DemoAgency {
  const emailDomain = `${domain}.nhs.example`;
  return {
    code,
    codeSystem: 'ods',
    name,
    shortName,
    kind: 'health',
    profile,
    emailDomain,
    switchboard,
    codeSource: ods,
    size,
  };
}

function school(urn: string, name: string, domain: string, switchboard: string): DemoAgency {
  const emailDomain = `${domain}.school.example`;
  const of = { name, shortName: name, kind: 'school', profile: 'school', emailDomain, switchboard, size: 22 } as const;
  return { code: `URN:${urn}`, codeSystem: 'urn', ...of, codeSource: gias };
}

function charity(number: string, name: string, domain: string, switchboard: string): DemoAgency {
  const emailDomain = `${domain}.charity.example`;
  const of = {
    name,
    shortName: name,
    kind: 'voluntary',
    profile: 'voluntary',
    emailDomain,
    switchboard,
    size: 18,
  } as const;
  return { code: `CHARITY:${number}`, codeSystem: 'charity', ...of, codeSource: charities };
}
