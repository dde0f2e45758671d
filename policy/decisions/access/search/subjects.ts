/** Subject search, `POST /access/v1/search/subject`: who may do this with this record, were they signed in. */
import { listHolders } from '../../../../directory/people/list_holders.ts';
import { listStandings } from '../../../../directory/people/find_standing.ts';
import { postIsActive } from '../../../../directory/active_post.ts';
import { mayBeShown } from '../../../../directory/shown_post.ts';
import type { Standing } from '../../../../directory/people/standing.ts';
import type { JsonObject } from '../../../../platform/json.ts';
import { type Asker, requireRequest } from '../evaluate.ts';
import type { PolicyContext } from '../../deciding/context.ts';
import type { DecisionRequest } from '../../deciding/decision.ts';
import { presume } from '../../deciding/resolve_presence.ts';
import { workOut } from '../../deciding/work_out.ts';
import { type Reached, type Ruleset, targetKey } from '../../rules/compile.ts';
import type { SubjectSearch } from './request.ts';
import type { Found, Looking } from './looking.ts';
import { search, type SearchAnswer } from './search.ts';

type SubjectResult = { type: 'practitioner'; id: string };

/** Answers one page of people, by id. */
export function searchSubjects(
  context: PolicyContext,
  { page, ...asked }: SubjectSearch,
  asker: Asker,
): Promise<SearchAnswer<SubjectResult>> {
  const request = requireRequest({ ...asked, subject: { ...asked.subject, id: '' } }, asker);
  return search(context, {
    kind: 'subject',
    asker,
    body: asked as JsonObject,
    page,
    requests: [request],
    look: async (looking, rules) => {
      const { results, ...found } = await findPeople(
        context,
        request,
        { ...looking, viewer: looking.partner.agency },
        rules,
      );
      return { ...found, results: results.map(({ practitioner }) => ({ type: 'practitioner', id: practitioner })) };
    },
  });
}

/** `viewer`: the agency to which people are shown. */
type Viewing = Looking & { viewer: string };

/** People looked at for one page: what a page costs at most, however many it finds. */
const mostLooked = 500;
const atOnce = 100;

/**
 * People with an active post that the rules reach and that may be shown to the asking agency, to whom the steps would say yes in it: with their sign-in
 * taken for granted at the highest level, and everything else as it is. Read from the directory a part at a time.
 */
export async function findPeople(
  context: PolicyContext,
  request: DecisionRequest,
  looking: Viewing,
  rules: Ruleset,
): Promise<Found<Standing & { post: string }>> {
  const reached = request.subject.type === 'practitioner' ? reachedBy(rules, request) : [];
  const found: Found<Standing & { post: string }> = { results: [], looked: 0, next: undefined, until: Infinity };
  if (reached.length === 0) return found;
  const facts = readOnce(context);
  let { after } = looking;
  while (found.results.length < looking.limit && found.looked < mostLooked) {
    const ids = await listHolders(context.db, reached, looking.viewer, after, atOnce);
    const standings = new Map((await listStandings(context.db, ids)).map((one) => [one.practitioner, one]));
    for (const id of ids) {
      if (found.results.length === looking.limit) return { ...found, next: after };
      const standing = standings.get(id);
      if (standing !== undefined) await look(facts, request, standing, reached, looking, found);
      found.looked += 1;
      after = id;
    }
    if (ids.length < atOnce) return found;
  }
  return { ...found, next: after ?? '' };
}

/** All are asked about one data subject, whose facts are read for the first of them. */
function readOnce(context: PolicyContext): PolicyContext {
  const [consents, involvements] = [memoize(context.consents.get), memoize(context.involvements.get)];
  return { ...context, consents: { get: consents }, involvements: { get: involvements } };
}

function memoize<V>(get: (key: string) => V): (key: string) => V {
  const known = new Map<string, V>();
  return (key) => {
    if (!known.has(key)) known.set(key, get(key));
    return known.get(key)!;
  };
}

/** Agencies and roles to whom some permission gives this for this purpose. */
export function reachedBy(rules: Ruleset, { action, resource, purpose = '' }: DecisionRequest): Reached[] {
  const target = targetKey(action, resource.type, resource.agency);
  return rules.reach(target).filter(({ agency, role }) =>
    rules
      .grants(agency, role)
      .about(target)
      .some(({ clause }) => clause.purposes.includes(purpose)),
  );
}

// Posts are never united: one of them must suffice.
async function look(
  context: PolicyContext,
  request: DecisionRequest,
  standing: Standing,
  reached: readonly Reached[],
  looking: Viewing,
  found: Found<Standing & { post: string }>,
): Promise<void> {
  const may = standing.posts.filter(
    (post) =>
      postIsActive(post, looking.now) &&
      mayBeShown(post, looking.viewer) &&
      reached.some(({ agency, role }) => agency === post.agency && role === post.role),
  );
  for (const { id: post } of may) {
    const { practitioner } = standing;
    const asked = { ...request, subject: { type: 'practitioner', id: practitioner, post } };
    const presence = presume(practitioner, post, 3, looking.now);
    const { decision } = await workOut(context, asked, { ...looking, standing, presence }, looking.id);
    if (!decision.decision) continue;
    found.results.push({ ...standing, post });
    found.until = Math.min(found.until, decision.validUntil);
    return;
  }
}
