/** What waits for the agency of an officer or administrator: each line leads to where it is done. */
import { listObjections } from '../../policy/decisions/consent/objection.ts';
import { listUnpublished } from '../../policy/governance/publications/published.ts';
import { listDrafts } from '../../policy/governance/drafts/find_draft.ts';
import { listOffers } from '../../policy/governance/signing/accessions.ts';
import { countOverdueDuties } from '../../policy/decisions/obligations/list_duties.ts';
import { listProposals } from '../../policy/governance/officers/proposal.ts';
import { countReviews } from '../../policy/decisions/overrides/list_reviews.ts';
import type { RegisterState } from '../../policy/register/chain/state.ts';
import type { WebContext } from '../context.ts';
import { draftContext } from '../kit/draft_of.ts';
import type { Person } from '../session/person.ts';

export type Waiting = { tag: string; colour: string; text: string; href: string };

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
  const offers = await listOffers(ground, post.agency);
  return [
    ...texts.map(({ hash, document: { title, version } }) =>
      yellow('To sign', `${title}, version ${version}`, `/signing/${hash}`),
    ),
    ...offers
      .filter((one) => one.state === 'waiting' && one.host === post.agency)
      .map(({ id, accession: { party } }) =>
        yellow('To sign', `${party.name} asks to join`, `/signing/accessions/${id}`),
      ),
  ];
}

/** Drafts that nobody has signed yet, and those that another agency asks about. */
async function toAgree(context: WebContext, person: Person, state: RegisterState): Promise<Waiting[]> {
  const { agency } = person.actor;
  const drafts = await listDrafts(draftContext(context), person.actor);
  return drafts
    .filter(({ parties }) => parties.includes(agency))
    .flatMap(({ id, title, hash, owner, state: now }) => {
      if (now === 'consultation' && owner !== agency) return [yellow('To comment on', title, `/drafts/${id}`)];
      const fixed = now === 'awaiting-signatures' && hash !== undefined && !state.protocols.has(hash);
      return fixed ? [yellow('To sign', title, `/signing/${hash}`)] : [];
    });
}

/** Overrides on the agency's records, and objections to what it shares. */
async function toDecide({ ground }: WebContext, { post }: Person): Promise<Waiting[]> {
  const { open, overdue } = await countReviews(ground.db, post.agency, ground.clock());
  const reviews = many(open, 'override on your agency’s records', 'overrides on your agency’s records');
  const late = overdue > 0 ? `, ${overdue} of them overdue` : '';
  const objections = (await listObjections(ground, post.agency)).filter(({ answeredAt }) => answeredAt === null);
  return [
    ...(open > 0 ? [yellow('To review', reviews + late, '/reviews?state=open')] : []),
    ...(objections.length > 0
      ? [yellow('To answer', many(objections.length, 'objection', 'objections'), '/consent/objections')]
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
async function toAppoint({ ground }: WebContext, { practitioner, post }: Person): Promise<Waiting[]> {
  const proposals = await listProposals(ground, post.agency);
  const open = proposals.filter((one) => one.state === 'proposed' && one.proposedBy !== practitioner);
  return open.map(({ id, name }) =>
    yellow(
      'To approve',
      `${name} as an officer`,
      `/agencies/${encodeURIComponent(post.agency)}/officers/proposals/${id}`,
    ),
  );
}

async function toChase({ ground }: WebContext, { post, capacities, administers }: Person): Promise<Waiting[]> {
  const scope = { agency: post.agency, holds: capacities.length > 0, acts: administers };
  const overdue = await countOverdueDuties(ground.db, scope, ground.clock());
  if (overdue === 0) return [];
  return [{ tag: 'Overdue', colour: 'red', text: many(overdue, 'duty', 'duties'), href: '/duties' }];
}
