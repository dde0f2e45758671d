/** Everybody else in the region: more than two thousand invented practitioners, the same ones on every machine. */
import { agencies, type DemoAgency } from './agencies.ts';
import { emailFor } from './email.ts';
import { type NameGroup, nameGroups } from './names.ts';
import { namedAddresses } from './people.ts';
import type { DemoPost, DemoPractitioner, DemoRegistration } from './practitioner.ts';
import { demoId, type Random, seededRandom } from './random.ts';
import { inventRegistration } from './registrations.ts';
import { roleOf } from './roles.ts';
import { teams } from './teams.ts';

/** Invents the region's practitioners, agency by agency, in one fixed order. */
export function inventPractitioners(seed = 'wayleave north east'): DemoPractitioner[] {
  const random = seededRandom(seed);
  const taken = new Set(namedAddresses);
  return agencies.flatMap((agency) =>
    Array.from({ length: agency.size }, (_, index) => invent(agency, index, random, taken)),
  );
}

function invent(agency: DemoAgency, index: number, random: Random, taken: Set<string>): DemoPractitioner {
  const label = `${agency.code} ${index}`;
  const names = pickGroup(random);
  const [givenNames, familyName] = [random.pick(names.given), random.pick(names.family)];
  const team = random.pick(teams.filter((one) => one.agency === agency.code));
  const role = random.pick(team.roles);
  return {
    id: demoId(`practitioner ${label}`),
    agency: agency.code,
    givenNames,
    familyName,
    otherNames: otherNames(givenNames, familyName, random),
    email: emailFor(givenNames, familyName, agency.emailDomain, taken),
    status: 'active',
    identity: inventIdentity(random),
    posts: [inventPost(label, agency.code, team.code, role, random)],
    registrations: inventRegistrations(label, role, random),
    confirmedDaysAgo: random.below(200),
  };
}

function pickGroup(random: Random): NameGroup {
  const total = nameGroups.reduce((sum, one) => sum + one.share, 0);
  let left = random.next() * total;
  return nameGroups.find((one) => (left -= one.share) < 0) ?? nameGroups[0]!;
}

const familiar: Record<string, string> = {
  Alexandra: 'Alex',
  Alison: 'Ali',
  Andrew: 'Andy',
  Angela: 'Angie',
  Catherine: 'Cath',
  Christine: 'Chris',
  Christopher: 'Chris',
  Daniel: 'Dan',
  Deborah: 'Debbie',
  Edward: 'Ted',
  Elizabeth: 'Liz',
  Gillian: 'Gill',
  James: 'Jim',
  Jennifer: 'Jen',
  Jessica: 'Jess',
  Katarzyna: 'Kasia',
  Kathleen: 'Kath',
  Kathryn: 'Kath',
  Kenneth: 'Ken',
  Małgorzata: 'Gosia',
  Margaret: 'Peggy',
  Matthew: 'Matt',
  Michael: 'Mick',
  Mohammed: 'Mo',
  Nicola: 'Nicky',
  Patricia: 'Pat',
  Rebecca: 'Becky',
  Richard: 'Dick',
  Robert: 'Bob',
  Samantha: 'Sam',
  Stephanie: 'Steph',
  Stephen: 'Steve',
  Susan: 'Sue',
  Thomas: 'Tommy',
  Victoria: 'Vicky',
  William: 'Bill',
};

// A known-as name for some, and a former family name for a few.
function otherNames(given: string, family: string, random: Random): string[] {
  const short = familiar[given];
  const others = short !== undefined && random.chance(0.6) ? [`${short} ${family}`] : [];
  return random.chance(0.04) ? [...others, `${given} ${random.pick(random.pick(nameGroups).family)}`] : others;
}

function inventIdentity(random: Random): DemoPractitioner['identity'] {
  const level = random.pick([1, 2, 2, 2, 2, 2, 2, 3] as const);
  const against =
    level === 1
      ? 'staff record'
      : level === 2
        ? 'passport and staff record'
        : 'passport, face to face, and staff record';
  return { level, checkedDaysAgo: 10 + random.below(1_500), against };
}

function inventPost(label: string, agency: string, team: string, role: string, random: Random): DemoPost {
  const kind = random.chance(0.06) ? 'locum' : random.chance(0.04) ? 'acting-up' : 'substantive';
  return { id: demoId(`post of ${label}`), agency, team, role, kind, startedDaysAgo: 20 + random.below(4_000) };
}

function inventRegistrations(label: string, role: string, random: Random): DemoRegistration[] {
  const body = roleOf(role).registers[0];
  if (body === undefined) return [];
  const held: DemoRegistration = {
    id: demoId(`registration of ${label}`),
    body,
    number: inventRegistration(body, random, role),
  };
  return [random.chance(0.8) ? { ...held, checkedDaysAgo: random.below(330) } : held];
}
