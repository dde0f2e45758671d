/** Who may see something of the officer's agency: the clauses, the roles that they reach, and the first people, by the search that partner systems use. */
import { countHolders } from '../../directory/posts/count_holders.ts';
import { listFindable } from '../../directory/search/list_findable.ts';
import { PlatformError } from '../../platform/errors.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import type { DecisionRequest } from '../../policy/decisions/decision.ts';
import { pickRules } from '../../policy/decisions/pick_rules.ts';
import { Obligation } from '../../policy/protocols/document.ts';
import { findPeople, reachedBy } from '../../policy/search/search_subjects.ts';
import { addresses } from '../../policy/rules/clause.ts';
import type { WebContext } from '../context.ts';
import { getState } from '../register_state.ts';
import type { Person } from '../session/person.ts';
import { type CitedWords, cite, type Topic } from './topics.ts';

type ReachedRole = { agency: string; role: string; people: number };

export type Reach = {
  clauses: (CitedWords & { roles: ReachedRole[] })[];
  /** How many people have such a role, and the first of those to whom the rules would say yes for a record of which nothing is said. */
  holders: number;
  people: { name: string; where: string; href: string }[];
  unlisted: number;
};

const shown = 10;

/** Works it out, and gives it once it is recorded. */
export async function findReach(context: WebContext, person: Person, topic: Topic): Promise<Reach> {
  const { ground, policy } = context;
  const now = ground.clock();
  const state = getState(context);
  const request: DecisionRequest = {
    subject: { type: 'practitioner', id: '' },
    action: topic.action,
    resource: { type: topic.asset, id: 'any', agency: topic.holder, attributes: {} },
    purpose: topic.purpose,
  };
  const rules = await pickRules(policy, now);
  const reached = rules === undefined ? [] : reachedBy(rules, request);
  const counts = await countHolders(ground.db, reached);
  const found =
    rules === undefined
      ? undefined
      : await findPeople(policy, request, {
          id: uuidv7(now),
          now,
          understands: ['fields', ...Obligation.shape.type.options],
          rules,
          after: undefined,
          limit: shown,
        });
  const standings = found?.results ?? [];
  const nameable = new Set(
    await listFindable(
      ground.db,
      standings.map(({ practitioner }) => practitioner),
    ),
  );
  await recordLooking(context, person, topic, { reached: reached.length, found: standings.length });
  const named = standings.filter(({ practitioner }) => nameable.has(practitioner));
  const clauses = [...state.protocols.values()]
    .filter(({ status }) => status === 'in-force')
    .flatMap((registered) => registered.document.clauses.map((clause) => ({ registered, clause })))
    .filter(({ clause }) => isAbout(clause, topic));
  return {
    clauses: clauses.map(({ registered, clause }) => ({
      ...cite(state, registered, clause),
      roles: counts
        .filter(({ agency, role }) => addresses(state, registered, clause, agency, role))
        .map(({ agency, roleName, people }) => ({
          agency: state.agencies.get(agency)?.name ?? agency,
          role: roleName,
          people,
        })),
    })),
    holders: counts.reduce((sum, { people }) => sum + people, 0),
    people: named.map(({ practitioner, name, posts, post }) => ({
      name,
      where: posts
        .filter(({ id }) => id === post)
        .map(({ roleName, agencyName }) => `${roleName}, ${agencyName}`)
        .join(),
      href: `/directory/${practitioner}`,
    })),
    unlisted: standings.length - named.length,
  };
}

function isAbout(
  clause: { actions: string[]; asset: string; holders: string[]; purposes: string[] },
  { asset, action, purpose, holder }: Topic,
): boolean {
  return (
    clause.asset === asset &&
    clause.actions.includes(action) &&
    clause.purposes.includes(purpose) &&
    clause.holders.includes(holder)
  );
}

async function recordLooking(
  { ground }: WebContext,
  { practitioner, post }: Person,
  { asset, action, purpose, holder }: Topic,
  counts: { reached: number; found: number },
): Promise<void> {
  const { outcome } = await ground.log.append({
    event: 'search.subject',
    actor: { practitioner, post: post.id, agency: post.agency },
    agencies: [post.agency],
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
