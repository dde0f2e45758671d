/** Asking for decisions as the region's practitioners did who were signed in: what was overridden is reviewed, what was given has duties. */
import type { Ground } from '../../platform/ground.ts';
import { type PolicyContext, openPolicy } from '../../policy/decisions/deciding/context.ts';
import { decide } from '../../policy/decisions/deciding/decide.ts';
import type { Decision, OverrideRequest } from '../../policy/decisions/deciding/decision.ts';
import type { FindPresence } from '../../policy/decisions/deciding/presence.ts';
import { acknowledgeObligations } from '../../policy/decisions/obligations/acknowledge.ts';
import { closeReview } from '../../policy/decisions/overrides/close_review.ts';
import { listReviews } from '../../policy/decisions/overrides/list_reviews.ts';
import type { Review } from '../../policy/decisions/overrides/review.ts';
import type { Register } from '../../policy/register/chain/state.ts';
import { findCase } from '../casebook/cases.ts';
import { type Duty, duties, emergencies, type Emergency } from '../emergencies.ts';
import { namedPerson } from '../region/people.ts';

type Settings = Pick<Ground, 'config' | 'db' | 'log' | 'clock'>;

/**
 * Lets it happen, now: the log has no other time. Each emergency happens once, whatever cut the load short; a duty that was
 * taken on before the first emergency may then stand twice.
 */
export async function letEmergenciesHappen(ground: Settings, register: Register): Promise<void> {
  const policy = openPolicy(ground, register, isPresent(ground.clock));
  const known = await listKnown(ground);
  if (known.length === 0) for (const duty of duties) await takeOn(ground, policy, duty);
  for (const emergency of emergencies) {
    const review = known.find(({ practitioner }) => practitioner === emergency.who.id);
    const id = review?.id ?? (await override(policy, emergency));
    if (review?.closed === undefined) await close({ ...ground, register }, id, emergency);
  }
}

async function listKnown({ db, clock }: Settings): Promise<Review[]> {
  const holders = new Set(emergencies.map(({ system }) => system.agency));
  const page = { page: 1, size: 100, now: clock() };
  const lists = await Promise.all([...holders].map((agency) => listReviews(db, agency, {}, page)));
  return lists.flatMap(({ reviews }) => reviews);
}

async function override(policy: PolicyContext, emergency: Emergency): Promise<string> {
  const { ground, reason } = emergency;
  const decision = await ask(policy, emergency, { ground, reason });
  if (decision.override === undefined) throw new Error(`Nothing was overridden: ${decision.reason.text}`);
  return decision.override.review;
}

async function close(desk: Settings & { register: Register }, review: string, { closed }: Emergency): Promise<void> {
  if (closed === undefined) return;
  const { agency, id, posts } = namedPerson(closed.by);
  await closeReview(desk, { agency, practitioner: id, post: posts[0]!.id }, review, closed);
}

async function takeOn(ground: Settings, policy: PolicyContext, duty: Duty): Promise<void> {
  const { id, obligations } = await ask(policy, duty);
  if (obligations.length === 0) throw new Error(`No duty came with what ${duty.who.id} was given.`);
  if (duty.done !== true) return;
  const done = obligations.map((one) => ({ id: one.id, state: 'done' as const }));
  await acknowledgeObligations(ground, duty.system.clientId, id, done);
}

function ask(policy: PolicyContext, asked: Duty, override?: OverrideRequest): Promise<Decision> {
  const { who, system, asset, about, purpose } = asked;
  const { reference, attributes, dataSubject } = findCase(about, 0)!;
  const { record = reference, attributes: known = attributes } = asked;
  const [post] = who.posts;
  return decide(
    policy,
    {
      subject: { type: 'practitioner', id: who.id, post: post!.id },
      action: 'read',
      resource: { type: asset, id: record, agency: system.agency, dataSubject, attributes: known },
      purpose,
      userToken: JSON.stringify({ practitioner: who.id, post: post!.id, clientId: system.clientId }),
      ...(override && { override }),
    },
    { clientId: system.clientId, alone: true },
  );
}

/** Everybody here is taken to have signed in a moment ago, with a second factor. */
function isPresent(clock: () => number): FindPresence {
  return (token) => {
    const who = JSON.parse(token) as { practitioner: string; post: string; clientId: string };
    const now = clock();
    const session = { session: 'demo region', authenticationLevel: 2 as const };
    return Promise.resolve({ ...who, ...session, authenticatedAt: now, expiresAt: now + 600 });
  };
}
