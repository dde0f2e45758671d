/**
 * The role catalogue as the register publishes it: what practitioners are called, said so that a colleague in another
 * service understands it. The directory's own catalogue (its migration) says the same, and a test holds the two together.
 */
import type { RoleDefinition } from '../../policy/register/protocols/document.ts';
import type { RegisterBody } from './registrations.ts';

/** `registers`: professional registers of which one is expected of a holder. */
export type DemoRole = RoleDefinition & { registers: readonly RegisterBody[] };

export const roles: readonly DemoRole[] = [
  role(
    'social-worker',
    'Social worker',
    ['council', 'health', 'voluntary'],
    ['SWE'],
    'Assesses and supports children, adults and families, and has legal duties to protect them',
  ),
  role(
    'senior-social-worker',
    'Senior social worker',
    ['council', 'health'],
    ['SWE'],
    'An experienced social worker who supervises others and holds the hardest cases',
  ),
  role(
    'team-manager',
    'Team manager',
    ['council', 'health', 'voluntary'],
    [],
    'Runs a team of practitioners and answers for its decisions',
  ),
  role(
    'family-support-worker',
    'Family support worker',
    ['council', 'voluntary'],
    [],
    'Helps families at home with parenting, routines and getting other help',
  ),
  role(
    'early-help-coordinator',
    'Early help coordinator',
    ['council'],
    [],
    'Brings services together for a family before things get worse',
  ),
  role(
    'youth-justice-worker',
    'Youth justice worker',
    ['council'],
    [],
    'Works with young people who offend or may offend, and with the courts',
  ),
  role(
    'housing-officer',
    'Housing officer',
    ['council', 'voluntary'],
    [],
    'Manages tenancies and helps people who are, or may become, homeless',
  ),
  role(
    'education-welfare-officer',
    'Education welfare officer',
    ['council'],
    [],
    'Follows up children who miss school and supports them back',
  ),
  role(
    'occupational-therapist',
    'Occupational therapist',
    ['council', 'health'],
    ['HCPC'],
    'Helps people manage everyday life at home, with equipment and adaptations',
  ),
  role(
    'approved-mental-health-professional',
    'Approved mental health professional',
    ['council'],
    ['SWE', 'NMC', 'HCPC'],
    'Carries out assessments under the Mental Health Act',
  ),
  role(
    'care-navigator',
    'Care navigator',
    ['council', 'health', 'voluntary'],
    [],
    'Guides people and carers through health and care services',
  ),
  role(
    'health-visitor',
    'Health visitor',
    ['health', 'council'],
    ['NMC'],
    'A nurse or midwife who visits every family with a child under five',
  ),
  role('school-nurse', 'School nurse', ['health', 'council', 'school'], ['NMC'], 'A nurse for children of school age'),
  role('midwife', 'Midwife', ['health'], ['NMC'], 'Cares for women and babies in pregnancy, birth and the first weeks'),
  role('district-nurse', 'District nurse', ['health'], ['NMC'], 'Nurses people in their own homes and in care homes'),
  role(
    'community-psychiatric-nurse',
    'Community psychiatric nurse',
    ['health'],
    ['NMC'],
    'Supports people with mental illness outside hospital',
  ),
  role('general-practitioner', 'General practitioner', ['health'], ['GMC'], 'A family doctor'),
  role('paediatrician', 'Paediatrician', ['health'], ['GMC'], 'A hospital or community doctor for children'),
  role(
    'emergency-department-doctor',
    'Emergency department doctor',
    ['health'],
    ['GMC'],
    'A doctor in accident and emergency',
  ),
  role('psychiatrist', 'Psychiatrist', ['health'], ['GMC'], 'A doctor for mental illness'),
  role('physiotherapist', 'Physiotherapist', ['health'], ['HCPC'], 'Helps people move and recover'),
  role(
    'speech-and-language-therapist',
    'Speech and language therapist',
    ['health'],
    ['HCPC'],
    'Helps children and adults to communicate and to swallow',
  ),
  role('paramedic', 'Paramedic', ['health'], ['HCPC'], 'Answers emergency calls by ambulance'),
  role('pharmacist', 'Pharmacist', ['health'], ['GPhC'], 'Supplies and advises on medicines'),
  role(
    'discharge-coordinator',
    'Discharge coordinator',
    ['health'],
    [],
    'Plans with home and community services how a patient leaves hospital',
  ),
  role(
    'safeguarding-lead',
    'Safeguarding lead',
    ['health', 'council', 'voluntary', 'police'],
    [],
    'The named person for protecting children or adults in an organisation',
  ),
  role('police-officer', 'Police officer', ['police'], [], 'A constable or sergeant on response or neighbourhood duty'),
  role(
    'public-protection-officer',
    'Public protection officer',
    ['police'],
    [],
    'A police officer who investigates abuse and protects vulnerable people',
  ),
  role(
    'neighbourhood-officer',
    'Neighbourhood officer',
    ['police'],
    [],
    'A police officer or community support officer who knows one area',
  ),
  role('teacher', 'Teacher', ['school'], ['TRA'], 'Teaches, and sees a child every school day'),
  role('headteacher', 'Headteacher', ['school'], ['TRA'], 'Runs a school'),
  role(
    'designated-safeguarding-lead',
    'Designated safeguarding lead',
    ['school'],
    [],
    'The person in a school who leads on protecting children',
  ),
  role(
    'special-needs-coordinator',
    'Special educational needs coordinator',
    ['school'],
    ['TRA'],
    'Arranges support in school for children with special needs',
  ),
  role(
    'domestic-abuse-adviser',
    'Domestic abuse adviser',
    ['voluntary'],
    [],
    'Keeps people at high risk from a partner or relative safe',
  ),
  role(
    'substance-misuse-worker',
    'Substance misuse worker',
    ['voluntary', 'health'],
    [],
    'Supports people who use drugs or drink too much',
  ),
  role(
    'youth-worker',
    'Youth worker',
    ['voluntary', 'council'],
    [],
    'Works with young people in clubs, on the street and in projects',
  ),
  role(
    'carers-support-worker',
    'Carers’ support worker',
    ['voluntary'],
    [],
    'Supports people who look after a relative or friend',
  ),
  role(
    'information-governance-officer',
    'Information governance officer',
    ['council', 'health', 'police', 'school', 'voluntary'],
    [],
    'Answers for how the organisation keeps and shares personal data',
  ),
];

/** What is published and pinned: the definitions, without what only the directory needs. */
export const roleDefinitions: readonly RoleDefinition[] = roles.map(({ registers: _, ...definition }) => definition);

/** The catalogue entry; a code that is not in it is a mistake in the demo's own data. */
export function roleOf(code: string): DemoRole {
  const found = roles.find((one) => one.code === code);
  if (found === undefined) throw new Error(`The role catalogue has no ${code}.`);
  return found;
}

function role(code: string, name: string, kinds: string[], registers: RegisterBody[], description: string): DemoRole {
  return { type: 'wayleave-role', code, name, description, kinds, registers };
}
