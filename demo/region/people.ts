/** The named people of the demo: invented, each standing for a part that somebody plays, or for something that can go wrong. */
import type { Capacity } from '../../policy/register/signatures/capacity.ts';
import { agencyOf } from './agencies.ts';
import { emailFor } from './email.ts';
import data from './people.json' with { type: 'json' };
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

const plans = data as unknown as readonly Plan[];

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
