/** GET /signing: what waits for a signature of the officer's agency, and how they sign. */
import type Koa from 'koa';
import { render } from '../../../platform/web/render.ts';
import { listDrafts } from '../../../policy/governance/drafts/find_draft.ts';
import { listOffers, type Offer } from '../../../policy/governance/signing/accessions.ts';
import { findMeans } from '../../../policy/governance/signing/context.ts';
import { describeRegister } from '../../../policy/register/interface/describe.ts';
import type { RegisteredProtocol, RegisterState } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { draftContext } from '../../kit/draft_of.ts';
import { getState } from '../../kit/register_state.ts';
import { actorOf, personOf } from '../../session/require_person.ts';
import { sendFile } from '../signatory.ts';
import { capacityWords, statusWords } from '../../words/statuses.ts';

export function listSigning(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const state = getState(context);
    const { agency } = actorOf(ctx);
    const means = findMeans(state, actorOf(ctx));
    const offers = await listOffers(context.ground, agency);
    const waiting = offers.filter((one) => one.state === 'waiting');
    render(ctx, 'signing/list-signing/list-signing.njk', {
      title: 'What waits for a signature',
      agency: personOf(ctx).post.agencyName,
      signed: ctx.query.signed === '1',
      done: ctx.query.done === '1',
      texts: [...registered(state, agency), ...(await drafted(context, ctx, state))],
      toCountersign: waiting.filter(({ host }) => host === agency).map((one) => offerInWords(state, one)),
      offered: offers.filter((one) => one.agency === agency).map((one) => offerInWords(state, one)),
      means: means && {
        by: means.by,
        passkey: means.officer.passkey !== undefined,
        capacities: means.officer.capacities.map(capacityWords).join(', '),
      },
    });
  };
}

/** GET /signing/register.json: the register's head, members, keys and definitions, for the command line. */
export function downloadRegister({ ground, register }: WebContext): Koa.Middleware {
  return async (ctx) => sendFile(ctx, 'register.json', describeRegister(ground.config.federation.name, register));
}

function registered(state: RegisterState, agency: string) {
  return [...state.protocols.values()]
    .filter(
      ({ status, unsigned, suspendedBy }) =>
        (status === 'awaiting-signatures' && unsigned.includes(agency)) || suspendedBy.includes(agency),
    )
    .map((protocol) => ({
      href: `/signing/${protocol.hash}`,
      title: `${protocol.document.title}, version ${protocol.document.version}`,
      status: statusWords(protocol.status),
      note: noteOn(protocol, agency),
    }));
}

function noteOn({ document, suspendedBy, rejected }: RegisteredProtocol, agency: string): string {
  if (suspendedBy.includes(agency)) return 'Your agency has stopped it. It goes on when you sign it again.';
  const fallen = rejected.some((one) => one.agency === agency);
  return fallen
    ? 'An earlier signature of your agency does not count. It goes on when you sign it again.'
    : document.summary;
}

/** Texts that nobody has signed yet: the register does not know them. */
async function drafted(context: WebContext, ctx: Koa.Context, state: RegisterState) {
  if (personOf(ctx).capacities.length === 0) return [];
  const drafts = await listDrafts(draftContext(context), actorOf(ctx));
  return drafts
    .filter(({ hash, state: now, parties }) => {
      const open = now === 'awaiting-signatures' && hash !== undefined && !state.protocols.has(hash);
      return open && parties.includes(actorOf(ctx).agency);
    })
    .map(({ hash, title }) => ({
      href: `/signing/${hash}`,
      title,
      status: statusWords('awaiting-signatures'),
      note: 'Nobody has signed it yet.',
    }));
}

const offerStates = {
  waiting: { text: 'Waits for the host', tag: 'yellow' },
  countersigned: { text: 'Joined', tag: 'green' },
  refused: { text: 'Not agreed', tag: 'red' },
  'taken-back': { text: 'Taken back', tag: 'grey' },
};

function offerInWords(state: RegisterState, { id, accession, offeredAt, state: now }: Offer) {
  const title = state.protocols.get(accession.protocol)?.document.title ?? accession.id;
  return {
    href: `/signing/accessions/${id}`,
    title: `${title}, version ${accession.version}`,
    who: accession.party.name,
    at: offeredAt,
    state: offerStates[now],
  };
}
