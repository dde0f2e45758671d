/** A random question, and the people and facts around it. */
import type { Partner } from '../../../../directory/partners/partner.ts';
import type { Post, Registration, Standing } from '../../../../directory/people/standing.ts';
import type { Consent } from '../../../../policy/decisions/consent/consent.ts';
import type { DecisionRequest } from '../../../../policy/decisions/deciding/decision.ts';
import type { Presence } from '../../../../policy/decisions/deciding/presence.ts';
import type { Opening } from '../../../../policy/decisions/overrides/open_review.ts';
import type { Built } from './build.ts';
import type { Question } from './naive_decision.ts';
import type { QuestionPlan } from './plan.ts';
import {
  aHeldPost,
  aPresence,
  aRequest,
  aStanding,
  askingPartner,
  childId,
  theChild,
} from '../../../support/policy/decisions.ts';

/** The question, and the world around it, as the plan has it. */
export function poseQuestion(built: Built, plan: QuestionPlan) {
  const { members, now } = built;
  const [name, role] = plan.works;
  const { code, kind } = members[name];
  const first = aHeldPost({
    id: 'first',
    agency: code,
    agencyKind: kind,
    role,
    ...postTimes(plan.post, now),
    ...areasOf(plan),
  });
  const second = aHeldPost({
    id: 'second',
    agency: members.council.code,
    agencyKind: 'council',
    role: 'social-worker',
    from: 0,
  });
  const standing: Standing | undefined = plan.known
    ? aStanding({
        status: plan.status,
        identity: { level: plan.identity },
        posts: plan.second ? [first, second] : [first],
        registrations: registrationsOf(plan.registration, now),
      })
    : undefined;
  const token = plan.presence === 'none' ? {} : { userToken: 'token' };
  const presence = presenceOf(plan, now);
  const request: DecisionRequest = {
    ...aRequest({
      subject: { type: 'practitioner', id: 'hv-1', ...(plan.named !== 'none' && { post: plan.named }) },
      action: plan.action,
      ...token,
      ...overrideOf(plan),
    }),
    resource: {
      type: plan.asset,
      id: 'case-17',
      agency: members[plan.holder].code,
      ...(plan.dataSubject && { dataSubject: childId }),
      ...(plan.fields && { fields: plan.fields }),
      attributes: plan.attributes,
    },
  };
  delete request.purpose;
  if (plan.purpose !== undefined) request.purpose = plan.purpose;
  const partner: Partner = askingPartner({
    holds: Object.values(members).map((one) => one.code),
    understands: plan.understands,
  });
  const question: Question = {
    request,
    standing,
    presence: presence !== undefined && plan.presence === 'first' && plan.known ? presence : undefined,
    understands: plan.plain ? [] : plan.understands,
    alone: plan.alone,
    resumed: plan.override === 'resume' ? anyClause(built, plan) : undefined,
    now,
    ...factsOf(plan, members, now),
  };
  return { question, partner, presences: presence === undefined ? {} : { token: presence } };
}

const areasOf = ({ areas: [agencyArea, teamArea] }: QuestionPlan): Partial<Post> => ({
  ...(agencyArea !== undefined && { agencyArea }),
  ...(teamArea !== undefined && { teamArea }),
});

/** A review that the person opened earlier, for one of the clauses there are. */
export function openedFor(
  { works: [, role] }: QuestionPlan,
  clause: string,
  { resource }: DecisionRequest,
  now: number,
): Opening {
  const [hash = '', id = ''] = clause.split(' ');
  return {
    id: running,
    agency: resource.agency,
    practitioner: 'hv-1',
    post: 'first',
    client: 'casebook',
    subject: theChild,
    role,
    clause: { protocol: '', version: 1, clause: id, hash },
    until: now + 100,
  } as unknown as Opening;
}

/** The first clause of one of the texts, whichever it is. */
function anyClause({ chain }: Built, plan: QuestionPlan): string {
  const hashes = [...chain.texts.keys()];
  return `${hashes[plan.consents.length % hashes.length]} c${plan.level % 2}`;
}

const running = '0197b2a0-0000-7000-8000-000000000001';

function overrideOf({ override }: QuestionPlan): Pick<DecisionRequest, 'override'> {
  if (override === 'none') return {};
  if (override === 'resume') return { override: { review: running } };
  return { override: { ground: override, reason: 'The child may be in danger tonight.' } };
}

function postTimes(state: QuestionPlan['post'], now: number): Partial<Post> {
  if (state === 'ended') return { from: 0, until: now };
  if (state === 'future') return { from: now + 1 };
  return { from: 0, suspended: state === 'suspended' };
}

function presenceOf(plan: QuestionPlan, now: number): Presence | undefined {
  if (plan.presence === 'none') return undefined;
  return aPresence({
    post: 'first',
    authenticationLevel: plan.level,
    authenticatedAt: now - plan.age,
    expiresAt: plan.presence === 'over' ? now : now + 200,
    ...(plan.presence === 'other-client' && { clientId: 'another' }),
    ...(plan.presence === 'other-person' && { practitioner: 'somebody-else' }),
  });
}

function registrationsOf(plan: QuestionPlan['registration'], now: number): Registration[] {
  const entry: Registration = { body: 'SWE', number: 'SW1', evidence: 'checked', lapsed: false, validUntil: now + 10 };
  switch (plan) {
    case 'none':
      return [];
    case 'format':
      return [{ ...entry, evidence: 'format' }];
    case 'lapsed':
      return [{ ...entry, lapsed: true }];
    case 'over':
      return [{ ...entry, validUntil: now }];
    case 'SWE':
    case 'NMC':
      return [{ ...entry, body: plan }];
  }
}

function factsOf(
  plan: QuestionPlan,
  members: Built['members'],
  now: number,
): Pick<Question, 'consents' | 'involvements'> {
  return {
    consents: plan.consents.map(({ agency, scope, until, saidAt, givenBy, capacity, ...word }) => ({
      ...word,
      ...(saidAt !== undefined && { saidAt }),
      ...(givenBy !== undefined && { givenBy: givenBy as NonNullable<Consent['givenBy']> }),
      ...(capacity !== undefined && { capacity: capacity as NonNullable<Consent['capacity']> }),
      agency: members[agency].code,
      ...(until !== undefined && word.state === 'given' && { until: now + until }),
      ...(/^c\d$/.test(scope) ? { clause: scope } : scope === 'whole' ? {} : { purpose: scope }),
    })),
    involvements: plan.involvements.map(({ agency, from, until, post, confirmed }) => ({
      agency: members[agency].code,
      practitioner: 'hv-1',
      confirmed,
      from: now + from,
      ...(until !== undefined && { until: now + until }),
      ...(post !== undefined && { post }),
    })),
  };
}
