/** Who may see something of the officer's agency: the clauses, the roles that they reach, and the first people, by the search that partner systems use. */
import { countHolders, type HolderCount, mostCounted } from '../../../directory/people/count_holders.ts';
import { listFindable } from '../../../directory/finding/list_findable.ts';
import type { Standing } from '../../../directory/people/standing.ts';
import { PlatformError } from '../../../platform/errors.ts';
import { uuidv7 } from '../../../platform/uuid.ts';
import type { DecisionRequest } from '../../../policy/decisions/deciding/decision.ts';
import { pickRules } from '../../../policy/decisions/deciding/pick_rules.ts';
import { type Clause, Obligation } from '../../../policy/register/protocols/document.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import { findPeople, reachedBy } from '../../../policy/decisions/access/search/subjects.ts';
import { addresses } from '../../../policy/decisions/rules/clause.ts';
import type { Ruleset } from '../../../policy/decisions/rules/compile.ts';
import type { WebContext } from '../../context.ts';
import { getState } from '../../kit/register_state.ts';
import type { Person } from '../../session/person.ts';
import { inSentence } from '../../words/sentence.ts';
import { type CitedWords, cite, type SharedUse } from './shared_uses.ts';

/** The roles of one agency that a clause speaks to and that somebody holds, with how many do; none where nobody does. */
type ReachedAgency = { agency: string; roles: { role: string; people: string }[] };

type Reach = {
  clauses: (CitedWords & { agencies: ReachedAgency[] })[];
  /** How many people have such a role, of those whom the officer may be shown, each counted for each role. */
  holders: { people: number; more: boolean };
  /** The first of those to whom the rules would say yes about such a record, as far as they may be named. */
  people: { name: string; where: string; href: string }[];
  /** Of the officer's own agency: those of others are not even counted. */
  unlisted: number;
};

const shown = 10;

/** Works it out for a record that says this about itself, and gives it once it is recorded. */
export async function findReach(
  context: WebContext,
  person: Person,
  topic: SharedUse,
  attributes: Record<string, unknown>,
): Promise<Reach> {
  const { ground, policy } = context;
  const request: DecisionRequest = {
    subject: { type: 'practitioner', id: '' },
    action: topic.action,
    resource: { type: topic.asset, id: 'any', agency: topic.holder, attributes },
    purpose: topic.purpose,
  };
  const viewer = person.post.agency;
  const rules = await pickRules(policy, ground.clock());
  const counts = rules === undefined ? [] : await countHolders(ground.db, reachedBy(rules, request), viewer);
  const found = rules === undefined ? [] : await findFirst(policy, request, rules, viewer);
  const nameable = new Set(
    await listFindable(
      ground.db,
      found.map(({ practitioner }) => practitioner),
    ),
  );
  await recordLooking(context, person, topic, { reached: counts.length, found: found.length });
  return {
    clauses: clausesAbout(getState(context), topic, counts),
    holders: {
      people: counts.reduce((sum, { people }) => sum + Math.min(people, mostCounted), 0),
      more: counts.some(({ people }) => people > mostCounted),
    },
    people: found.filter(({ practitioner }) => nameable.has(practitioner)).map(inWords),
    unlisted: found.filter(({ practitioner }) => !nameable.has(practitioner)).length,
  };
}

async function findFirst(
  policy: WebContext['policy'],
  request: DecisionRequest,
  rules: Ruleset,
  viewer: string,
): Promise<Someone[]> {
  const now = policy.clock();
  const understands = ['fields', ...Obligation.shape.type.options];
  const nobodys = { partner: undefined, alone: false };
  const looking = { id: uuidv7(now), now, ...nobodys, understands, rules, after: undefined, limit: shown, viewer };
  return (await findPeople(policy, request, looking, rules)).results;
}

type Someone = Standing & { post: string };

function inWords({ practitioner, name, posts, post }: Someone): Reach['people'][number] {
  const held = posts.find(({ id }) => id === post);
  return { name, where: held ? `${held.roleName}, ${held.agencyName}` : '', href: `/directory/${practitioner}` };
}

function clausesAbout(state: RegisterState, topic: SharedUse, counts: readonly HolderCount[]): Reach['clauses'] {
  return [...state.protocols.values()]
    .filter(({ status }) => status === 'in-force')
    .flatMap((registered) => registered.document.clauses.map((clause) => ({ registered, clause })))
    .filter(({ clause }) => isAbout(clause, topic))
    .map(({ registered, clause }) => {
      const spoken = counts.filter(({ agency, role }) => addresses(state, registered, clause, agency, role));
      const agencies = [...Map.groupBy(spoken, ({ agency }) => agency)].map(([agency, roles]) => ({
        agency: state.agencies.get(agency)?.name ?? agency,
        roles: roles
          .filter(({ people }) => people > 0)
          .map(({ roleName, people }) => ({ role: inSentence(roleName), people: peopleWords(people) })),
      }));
      return { ...cite(state, registered, clause), agencies };
    });
}

function peopleWords(people: number): string {
  return people > mostCounted ? `more than ${mostCounted}` : `${people}`;
}

function isAbout(clause: Clause, { asset, action, purpose, holder }: SharedUse): boolean {
  return (
    clause.asset === asset &&
    clause.actions.includes(action) &&
    clause.purposes.includes(purpose) &&
    clause.holders.includes(holder)
  );
}

async function recordLooking(
  { ground }: WebContext,
  { actor }: Person,
  { asset, action, purpose, holder }: SharedUse,
  counts: { reached: number; found: number },
): Promise<void> {
  const { outcome } = await ground.log.append({
    event: 'search.subject',
    actor,
    agencies: [actor.agency],
    content: {
      request: { subject: { type: 'practitioner' }, action, resource: { type: asset, agency: holder }, purpose },
      ...counts,
    },
  });
  if (outcome === 'recorded') return;
  throw new PlatformError(
    'unavailable',
    'search-not-recorded',
    'Looking this up could not be recorded, so nothing is shown. Try again in a moment.',
  );
}
