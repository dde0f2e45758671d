/** Who signs for each agency: a named person where the demo has one, otherwise one of its invented practitioners. */
import type { Capacity } from '../../policy/register/signatures/capacity.ts';
import { type AgencyKind, agencyOf } from './agencies.ts';
import { namedPeople } from './people.ts';
import { displayName, type DemoPractitioner } from './practitioner.ts';
import { inventPractitioners } from './practitioners.ts';

type SigningCapacity = Exclude<Capacity, 'information-sharing-officer'>;

export type DemoOfficer = {
  practitioner: string;
  name: string;
  agency: string;
  capacities: Capacity[];
  signsAs: SigningCapacity;
};

const capacityByKind: Record<AgencyKind, SigningCapacity> = {
  council: 'siro',
  health: 'caldicott-guardian',
  police: 'dpo',
  school: 'director',
  voluntary: 'director',
};

// The sort of post that would hold such a capacity, the likeliest first.
const likely = ['information-governance-officer', 'headteacher', 'team-manager', 'safeguarding-lead'];

const officers = new Map<string, DemoOfficer>();
let invented: DemoPractitioner[] | undefined;

/** The officer of that agency: always the same person. */
export function officerOf(agency: string): DemoOfficer {
  const known = officers.get(agency);
  if (known !== undefined) return known;
  const officer = appoint(agency);
  officers.set(agency, officer);
  return officer;
}

/** Everybody whom the agency appoints: who signs for it, and the named people who answer for it in other ways. */
export function officersOf(agency: string): Omit<DemoOfficer, 'signsAs'>[] {
  const signing = officerOf(agency);
  const others = namedPeople
    .filter((one) => one.agency === agency && one.capacities.length > 0 && one.id !== signing.practitioner)
    .map((one) => ({ practitioner: one.id, name: displayName(one), agency, capacities: one.capacities }));
  return [signing, ...others];
}

function appoint(agency: string): DemoOfficer {
  const signsAs = capacityByKind[agencyOf(agency).kind];
  const named = namedPeople.find((one) => one.agency === agency && one.capacities.includes(signsAs));
  const person = named ?? stranger(agency);
  return {
    practitioner: person.id,
    name: displayName(person),
    agency,
    capacities: named?.capacities ?? [signsAs],
    signsAs,
  };
}

function stranger(agency: string): DemoPractitioner {
  invented ??= inventPractitioners();
  const staff = invented.filter((one) => one.agency === agency);
  const found = likely.map((role) => staff.find((one) => one.posts[0]?.role === role)).find((one) => one !== undefined);
  if (found === undefined) throw new Error(`The demo region has nobody who could sign for ${agency}.`);
  return found;
}
