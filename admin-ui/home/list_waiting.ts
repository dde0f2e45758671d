/** What waits for the agency of an officer or administrator: each line leads to where it is done. */
import { countOpenObjections } from '../../policy/decisions/consent/objection.ts';
import { listUnpublished } from '../../policy/governance/publications/published.ts';
import { listAsking } from '../../policy/governance/drafts/find_draft.ts';
import { listWaitingOffers } from '../../policy/governance/signing/accessions.ts';
import { countOverdueDuties } from '../../policy/decisions/obligations/list_duties.ts';
import { listToDecide } from '../../policy/governance/officers/proposal.ts';
import { countReviews } from '../../policy/decisions/overrides/list_reviews.ts';
import type { RegisterState } from '../../policy/register/chain/state.ts';
import type { WebContext } from '../context.ts';
import type { Person } from '../session/person.ts';

type Waiting = { tag: string; colour: string; text: string; href: string };

/** Empty for a practitioner. What cannot be told while the register is damaged is left out. */
export async function listWaiting(
  context: WebContext,
  person: Person,
  state: RegisterState | undefined,
): Promise<Waiting[]> {
  const officer = person.capacities.length > 0;
  const lists = await Promise.all([
    ...(officer && state ? [toSign(context, person, state), toAgree(context, person, state)] : []),
    ...(officer ? [toDecide(context, person)] : []),
    ...(state && person.capacities.includes('dpo') ? [toPublish(context, person, state)] : []),
    ...(person.administers ? [toAppoint(context, person)] : []),
    ...(officer || person.administers ? [toChase(context, person)] : []),
  ]);
  return lists.flat();
}

const yellow = (tag: string, text: string, href: string): Waiting => ({ tag, colour: 'yellow', text, href });
const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;

/** Texts in the register that the agency has still to sign, and agencies that want to join. */
async function toSign({ ground }: WebContext, { post }: Person, state: RegisterState): Promise<Waiting[]> {
  const texts = [...state.protocols.values()].filter(
    ({ status, unsigned }) => status === 'awaiting-signatures' && unsigned.includes(post.agency),
  );
  const offers = await listWaitingOffers(ground, post.agency);
  return [
    ...texts.map(({ hash, document: { title, version } }) =>
      yellow('To sign', `${title}, version ${version}`, `/signing/${hash}`),
    ),
    ...offers.map(({ id, party }) => yellow('To sign', `${party} asks to join`, `/signing/accessions/${id}`)),
  ];
}

/** Drafts that nobody has signed yet, and those that another agency asks about. */
async function toAgree({ ground }: WebContext, { post }: Person, state: RegisterState): Promise<Waiting[]> {
  const drafts = await listAsking(ground, post.agency);
  return drafts.flatMap(({ id, title, hash, owner }) => {
    const name = title ?? '';
    if (hash !== null) return state.protocols.has(hash) ? [] : [yellow('To sign', name, `/signing/${hash}`)];
    return owner === post.agency ? [] : [yellow('To comment on', name, `/drafts/${id}`)];
  });
}

/** Overrides on the agency's records, and objections to what it shares. */
async function toDecide({ ground }: WebContext, { post }: Person): Promise<Waiting[]> {
  const [{ open, overdue }, objections] = await Promise.all([
    countReviews(ground.db, post.agency, ground.clock()),
    countOpenObjections(ground, post.agency),
  ]);
  const reviews = many(open, 'override on your agency’s records', 'overrides on your agency’s records');
  const late = overdue > 0 ? `, ${overdue} of them overdue` : '';
  return [
    ...(open > 0 ? [yellow('To review', reviews + late, '/reviews?state=open')] : []),
    ...(objections > 0
      ? [yellow('To answer', many(objections, 'objection', 'objections'), '/consent/objections')]
      : []),
  ];
}

async function toPublish({ ground }: WebContext, { post }: Person, state: RegisterState): Promise<Waiting[]> {
  const found = await listUnpublished(ground.db, state, post.agency);
  return found.map(({ protocol: { document }, count }) =>
    yellow(
      'To approve',
      `${many(count, 'document', 'documents')} for the public: ${document.title}`,
      `/protocols/${document.id}/${document.version}/documents`,
    ),
  );
}

/** Officers whom another administrator proposed. */
async function toAppoint({ ground, policy }: WebContext, { practitioner, post }: Person): Promise<Waiting[]> {
  const proposals = await listToDecide(ground, post.agency, practitioner);
  return Promise.all(
    proposals.map(async ({ id, practitioner: proposed }) => {
      const { name } = (await policy.standings.get(proposed)) ?? { name: 'Somebody' };
      const href = `/agencies/${encodeURIComponent(post.agency)}/officers/proposals/${id}`;
      return yellow('To approve', `${name} as an officer`, href);
    }),
  );
}

async function toChase({ ground }: WebContext, { post, capacities, administers }: Person): Promise<Waiting[]> {
  const scope = { agency: post.agency, holds: capacities.length > 0, acts: administers };
  const overdue = await countOverdueDuties(ground.db, scope, ground.clock());
  if (overdue === 0) return [];
  return [{ tag: 'Overdue', colour: 'red', text: many(overdue, 'duty', 'duties'), href: '/duties' }];
}
