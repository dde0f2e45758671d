/** The region as the directory imports it: the invented people and teams, with times counted back from now. */
import type {
  ImportedAgency,
  ImportedPost,
  ImportedPractitioner,
  Region,
} from '../../directory/provisioning/region.ts';
import { agencies, type DemoAgency } from '../region/agencies.ts';
import { namedPeople } from '../region/people.ts';
import { displayName, type DemoPost, type DemoPractitioner, type DemoRegistration } from '../region/practitioner.ts';
import { inventPractitioners } from '../region/practitioners.ts';
import { agencyDesk, teamOf, teams } from '../region/teams.ts';

const DAY = 86_400;
const YEAR = 365 * DAY;
const source = 'Demo region: invented';

type Partners = NonNullable<ImportedAgency['partners']>;

/** Puts the region together as of `now` (epoch seconds), with the partner systems that each agency runs. */
export function describeRegion(now: number, partnersOf: (agency: string) => Partners): Region {
  const people = [...namedPeople, ...inventPractitioners()];
  const posts = people.flatMap((person) => person.posts.map((post) => ({ person, post })));
  return {
    service: 'demo region',
    agencies: agencies.map((agency) => ({
      ...describeAgency(agency, now),
      practitioners: people.filter((one) => one.agency === agency.code).map((one) => describePerson(one, agency, now)),
      posts: posts
        .filter(({ post }) => post.agency === agency.code)
        .map(({ person, post }) => describePost(person, post, now)),
      administrators: namedPeople.filter((one) => one.administers.includes(agency.code)).map((one) => one.id),
      partners: partnersOf(agency.code),
    })),
  };
}

function describeAgency(agency: DemoAgency, now: number): Omit<ImportedAgency, 'practitioners' | 'posts'> {
  const { code, codeSystem, codeSource, kind, name, switchboard } = agency;
  const own = teams.filter((team) => team.agency === code);
  const desks = own.map((team) => ({ team: team.id, ...team.dutyDesk, source }));
  return {
    code,
    codeSystem,
    codeSource,
    kind,
    name,
    switchboard,
    source,
    confirmedAt: now - 5 * DAY,
    teams: own.map((team) => ({ id: team.id, name: team.name, source })),
    desks: [{ ...agencyDesk(code), source }, ...desks],
  };
}

function describePerson(person: DemoPractitioner, agency: DemoAgency, now: number): ImportedPractitioner {
  const { id, email, status, identity, givenNames, familyName, otherNames } = person;
  const { level, checkedDaysAgo, against } = identity;
  return {
    id,
    email,
    status,
    names: { display: displayName(person), given: givenNames, family: familyName, other: otherNames },
    ...(checkedDaysAgo !== undefined &&
      against !== undefined && {
        identity: { level, checkedBy: agency.name, checkedAt: now - checkedDaysAgo * DAY, against },
      }),
    source,
    confirmedAt: now - person.confirmedDaysAgo * DAY,
    registrations: person.registrations.map((one) => describeRegistration(one, agency, now)),
  };
}

// A check counts for a year, as most registers renew yearly.
function describeRegistration(
  { body, number, checkedDaysAgo, lapsedDaysAgo }: DemoRegistration,
  agency: DemoAgency,
  now: number,
): NonNullable<ImportedPractitioner['registrations']>[number] {
  const at = now - (checkedDaysAgo ?? 0) * DAY;
  return {
    body,
    number,
    source,
    ...(checkedDaysAgo !== undefined && { checked: { by: agency.name, at, validUntil: at + YEAR } }),
    ...(lapsedDaysAgo !== undefined && { lapsedAt: now - lapsedDaysAgo * DAY }),
  };
}

function describePost(person: DemoPractitioner, post: DemoPost, now: number): ImportedPost {
  return {
    id: post.id,
    practitioner: person.id,
    team: teamOf(post.agency, post.team).id,
    role: post.role,
    kind: post.kind,
    from: now - post.startedDaysAgo * DAY,
    ...(post.endedDaysAgo !== undefined && { until: now - post.endedDaysAgo * DAY }),
    source,
    confirmedAt: now - person.confirmedDaysAgo * DAY,
  };
}
