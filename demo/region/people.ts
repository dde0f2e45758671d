/** The named people of the demo: invented, each standing for a part that somebody plays, or for something that can go wrong. */
import type { Capacity } from '../../policy/register/signatures/capacity.ts';
import { agencyOf } from './agencies.ts';
import { emailFor } from './email.ts';
import type { DemoPost, DemoPractitioner, DemoRegistration } from './practitioner.ts';
import { demoId } from './random.ts';
import { type RegisterBody, registrationFormats } from './registrations.ts';

/** `key` names the person in examples; `part` says in the start-up message and the manifest why one would sign in as them. */
export type NamedPerson = DemoPractitioner & {
  key: string;
  part: string;
  capacities: Capacity[];
  administers: string[];
};

type Plan = {
  key: string;
  name: [given: string, family: string];
  otherNames?: string[];
  part: string;
  posts: { agency: string; team: string; role: string; endedDaysAgo?: number }[];
  registration?: { body: RegisterBody; number: string; lapsedDaysAgo?: number };
  level?: 0 | 1 | 2 | 3;
  status?: 'suspended';
  capacities?: Capacity[];
  administers?: string[];
};

const gateshead = 'E08000037';
const newcastle = 'E08000021';
const hartlepool = 'E06000001';
const northumbriaPolice = 'E23000007';
const gatesheadHealth = 'RR7';
const newcastleHospitals = 'RTD';
const southTyneside = 'R0B';
const jesmondPark = 'URN:146752';
const gosforthAcademy = 'URN:136352';
const changingLives = 'CHARITY:500640';

const health = (team: string, role: string) => [{ agency: gatesheadHealth, team, role }];
const council = (team: string, role: string, agency = gateshead) => [{ agency, team, role }];
const nmc = (number: string, lapsedDaysAgo?: number) => ({
  body: 'NMC' as const,
  number,
  ...(lapsedDaysAgo === undefined ? {} : { lapsedDaysAgo }),
});

const plans: readonly Plan[] = [
  {
    key: 'social-worker',
    name: ['Amina', 'Begum'],
    part: 'social worker of the neighbouring council',
    posts: council('childrens-social-care', 'social-worker', newcastle),
    registration: { body: 'SWE', number: 'SW104417' },
  },
  {
    key: 'health-visitor',
    name: ['Grace', "O'Neill"],
    otherNames: ['Grace Doherty'],
    part: 'health visitor',
    posts: health('health-visiting', 'health-visitor'),
    registration: nmc('91F4821E'),
  },
  {
    key: 'police-officer',
    name: ['Callum', 'Hedley'],
    part: 'police officer',
    posts: [{ agency: northumbriaPolice, team: 'protecting-vulnerable-people', role: 'police-officer' }],
  },
  {
    key: 'housing-officer',
    name: ['Tomasz', 'Kowalczyk'],
    part: 'housing officer',
    posts: council('housing-options', 'housing-officer'),
  },
  {
    key: 'teacher',
    name: ['Wei Ling', 'Chen'],
    otherNames: ['Winnie Chen'],
    part: 'teacher',
    posts: [{ agency: jesmondPark, team: 'teaching', role: 'teacher' }],
    registration: { body: 'TRA', number: '1482067' },
  },
  {
    key: 'youth-justice-worker',
    name: ['Kwame', 'Mensah'],
    part: 'youth justice worker',
    posts: council('youth-justice', 'youth-justice-worker'),
  },
  {
    key: 'discharge-coordinator',
    name: ['Ioana', 'Popescu'],
    part: 'discharge coordinator',
    posts: health('discharge-hub', 'discharge-coordinator'),
  },
  {
    key: 'district-nurse',
    name: ['Ngozi', 'Okafor'],
    part: 'district nurse',
    posts: health('district-nursing', 'district-nurse'),
    registration: nmc('04C1187E'),
  },
  {
    key: 'general-practitioner',
    name: ['Rajesh', 'Patel'],
    part: 'GP',
    posts: health('urgent-treatment', 'general-practitioner'),
    registration: { body: 'GMC', number: '7040915' },
  },
  {
    key: 'two-posts',
    name: ['Siobhan', 'Gallagher'],
    part: 'police officer in the week, youth worker at a charity at the weekend: two posts to choose from',
    posts: [
      { agency: northumbriaPolice, team: 'neighbourhood', role: 'police-officer' },
      { agency: changingLives, team: 'advice', role: 'youth-worker' },
    ],
  },
  {
    key: 'hospital-social-worker',
    name: ['Emma', 'Thornton'],
    part: 'social worker who plans discharges with the hospital',
    posts: council('hospital-social-work', 'social-worker'),
    registration: { body: 'SWE', number: 'SW098120' },
  },
  {
    key: 'emergency-doctor',
    name: ['Layla', 'Al-Masri'],
    part: 'doctor in the emergency department',
    posts: health('emergency-department', 'emergency-department-doctor'),
    registration: { body: 'GMC', number: '7213348' },
  },
  {
    key: 'school-nurse',
    name: ['Kelly', 'Robson'],
    part: 'school nurse',
    posts: [{ agency: newcastleHospitals, team: 'school-nursing', role: 'school-nurse' }],
    registration: nmc('12H3309E'),
  },
  {
    key: 'outside-social-worker',
    name: ['Claire', 'Hindmarsh'],
    part: 'social worker of a council that has not signed the children’s protocol',
    posts: council('childrens-social-care', 'social-worker', hartlepool),
    registration: { body: 'SWE', number: 'SW087702' },
  },
  {
    key: 'administrator',
    name: ['Dave', 'Robson'],
    part: 'agency administrator',
    posts: council('information-governance', 'information-governance-officer'),
    administers: [gateshead],
  },
  {
    key: 'second-administrator',
    name: ['Helen', 'Ridley'],
    part: 'second administrator of the council, who approves what the first proposes',
    posts: council('information-governance', 'information-governance-officer'),
    administers: [gateshead],
  },
  {
    key: 'health-administrator',
    name: ['Yusuf', 'Rahman'],
    part: 'administrator of the hospital',
    posts: health('information-governance', 'information-governance-officer'),
    administers: [gatesheadHealth],
  },
  {
    key: 'second-health-administrator',
    name: ['Bronwen', 'Pryce'],
    part: 'second administrator of the hospital, who approves what the first proposes',
    posts: health('information-governance', 'information-governance-officer'),
    administers: [gatesheadHealth],
  },
  {
    key: 'headteacher',
    name: ['Olufemi', 'Adebayo'],
    part: 'headteacher, who signs for a school that may join a protocol',
    posts: [{ agency: gosforthAcademy, team: 'office', role: 'headteacher' }],
    capacities: ['director'],
  },
  {
    key: 'caldicott-guardian',
    name: ['Fatima', 'Al-Hassan'],
    part: 'Caldicott guardian, who signs for the hospital',
    posts: health('safeguarding', 'safeguarding-lead'),
    capacities: ['caldicott-guardian'],
    administers: [gatesheadHealth],
  },
  {
    key: 'siro',
    name: ['Margaret', 'Charlton'],
    part: 'senior information risk owner, who signs for the council',
    posts: council('information-governance', 'team-manager'),
    capacities: ['siro'],
  },
  {
    key: 'dpo',
    name: ['Iain', 'MacLeod'],
    part: 'data protection and information sharing officer, who signs for the police',
    posts: [{ agency: northumbriaPolice, team: 'information-management', role: 'information-governance-officer' }],
    capacities: ['dpo', 'information-sharing-officer'],
    administers: [northumbriaPolice],
  },
  {
    key: 'suspended',
    name: ['Lukáš', 'Horváth'],
    part: 'suspended: cannot sign in',
    posts: council('childrens-social-care', 'social-worker', newcastle),
    registration: { body: 'SWE', number: 'SW101993' },
    status: 'suspended',
  },
  {
    key: 'post-ended',
    name: ['Joanne', 'Bell'],
    part: 'post ended last month: has nothing to act in',
    posts: [{ agency: gatesheadHealth, team: 'health-visiting', role: 'health-visitor', endedDaysAgo: 30 }],
    registration: nmc('87B2270E'),
  },
  {
    key: 'registration-lapsed',
    name: ['Colin', 'Tait'],
    part: 'nurse whose registration has lapsed',
    posts: health('district-nursing', 'district-nurse'),
    registration: nmc('83A6154E', 12),
  },
  {
    key: 'unchecked',
    name: ['Precious', 'Adeyemi'],
    part: 'identity not yet checked (level 0)',
    posts: health('health-visiting', 'health-visitor'),
    registration: nmc('98K5521E'),
    level: 0,
  },
  {
    key: 'joined-district-nurse',
    name: ['Deepa', 'Varma'],
    part: 'district nurse of a hospital that joined the discharge protocol later',
    posts: [{ agency: southTyneside, team: 'district-nursing', role: 'district-nurse' }],
    registration: nmc('15D2046E'),
  },
  {
    key: 'council-dpo',
    name: ['Farida', 'Karim'],
    part: 'data protection officer of the council, who publishes its privacy statements',
    posts: council('information-governance', 'information-governance-officer'),
    capacities: ['dpo'],
  },
  {
    key: 'council-sharing-officer',
    name: ['Gareth', 'Whitfield'],
    part: 'information sharing officer of the council, who reviews overrides',
    posts: council('information-governance', 'information-governance-officer'),
    capacities: ['information-sharing-officer'],
  },
  {
    key: 'health-dpo',
    name: ['Gwen', 'Ashworth'],
    part: 'data protection officer of the hospital, who publishes its privacy statements',
    posts: health('information-governance', 'information-governance-officer'),
    capacities: ['dpo'],
  },
  {
    key: 'health-sharing-officer',
    name: ['Agnieszka', 'Wilk'],
    part: 'information sharing officer of the hospital, who reviews overrides',
    posts: health('information-governance', 'information-governance-officer'),
    capacities: ['information-sharing-officer'],
  },
];

const taken = new Set<string>();

export const namedPeople: readonly NamedPerson[] = plans.map(person);

/** E-mail addresses that the named people have, so that the generator gives them to nobody else. */
export const namedAddresses: ReadonlySet<string> = taken;

export function namedPerson(key: string): NamedPerson {
  const found = namedPeople.find((one) => one.key === key);
  if (found === undefined) throw new Error(`The demo region has nobody called ${key}.`);
  return found;
}

function person(plan: Plan): NamedPerson {
  const [givenNames, familyName] = plan.name;
  const keeper = plan.posts[0]!.agency;
  const level = plan.level ?? 2;
  return {
    key: plan.key,
    part: plan.part,
    capacities: plan.capacities ?? [],
    administers: plan.administers ?? [],
    id: demoId(`person ${plan.key}`),
    agency: keeper,
    givenNames,
    familyName,
    otherNames: plan.otherNames ?? [],
    email: emailFor(givenNames, familyName, agencyOf(keeper).emailDomain, taken),
    status: plan.status ?? 'active',
    identity: level === 0 ? { level } : { level, checkedDaysAgo: 200, against: 'passport and staff record' },
    posts: plan.posts.map((post, index) => namedPost(plan.key, index, post)),
    registrations: plan.registration === undefined ? [] : [namedRegistration(plan.key, plan.registration)],
    confirmedDaysAgo: 3,
  };
}

function namedPost(key: string, index: number, post: Plan['posts'][number]): DemoPost {
  const { endedDaysAgo, ...rest } = post;
  const held: DemoPost = { id: demoId(`post ${key} ${index}`), ...rest, kind: 'substantive', startedDaysAgo: 700 };
  return endedDaysAgo === undefined ? held : { ...held, endedDaysAgo };
}

function namedRegistration(
  key: string,
  { body, number, lapsedDaysAgo }: NonNullable<Plan['registration']>,
): DemoRegistration {
  if (!registrationFormats[body].test(number)) throw new Error(`${number} does not have the form of a ${body} number.`);
  const held: DemoRegistration = { id: demoId(`registration ${key}`), body, number, checkedDaysAgo: 20 };
  return lapsedDaysAgo === undefined ? held : { ...held, lapsedDaysAgo };
}
