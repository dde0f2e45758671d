/** /signing/accessions/{id}: an agency that wants to join, as the framework's host and the agency itself read it. */
import type Koa from 'koa';
import type { FormView } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { countersignOffer, getOffer, type Offer, refuseOffer } from '../../../policy/governance/signing/accessions.ts';
import { findMeans } from '../../../policy/governance/signing/context.ts';
import { prepareSigning } from '../../../policy/governance/signing/sign.ts';
import type { RegisterState } from '../../../policy/register/chain/state.ts';
import type { Capacity } from '../../../policy/register/signatures/capacity.ts';
import { hashOf } from '../../../policy/register/signatures/canonical.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { getState } from '../../kit/register_state.ts';
import { keyContext, sendFile, signatoryOf, signerOptions } from '../signatory.ts';
import { openTo } from '../open_to.ts';
import { AccessionFile, emptyUpload, takeUpload } from '../upload.ts';
import { lawfulBasisWords } from '../../words/articles.ts';
import { inSentence } from '../../words/sentence.ts';
import { capacityWords } from '../../words/statuses.ts';
import { actorOf } from '../../session/require_person.ts';

export function showAccession(context: WebContext): Koa.Middleware {
  return async (ctx) => show(context, ctx, await offerOf(context, ctx), emptyUpload());
}

export function beginCountersigning(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { id, bytes, accession, host } = await offerOf(context, ctx);
    if (host !== actorOf(ctx).agency) throw hostOnly();
    const toSign = {
      kind: 'countersignature' as const,
      capacity: capacityOf(getState(context), accession.protocol, host),
      bytes,
      about: id,
    };
    ctx.redirect(`/signing/ask/${await prepareSigning(keyContext(context), signatoryOf(context, ctx), toSign)}`);
  };
}

export function handInCountersignature(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const offer = await offerOf(context, ctx);
    await takeUpload(ctx, AccessionFile, {
      take: async ({ countersignature }) => {
        if (countersignature === undefined) throw uncountersigned();
        await countersignOffer(keyContext(context), actorOf(ctx), offer.id, countersignature);
      },
      show: (form) => show(context, ctx, offer, form),
      next: '/signing?signed=1',
    });
  };
}

/** The host does not agree, or the agency takes it back. */
export function refuseAccession(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { id } = await offerOf(context, ctx);
    await refuseOffer(keyContext(context), actorOf(ctx), id);
    ctx.redirect('/signing?done=1');
  };
}

/** The accession with its first signature, for the command line. */
export function downloadAccession(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { accession, signature } = await offerOf(context, ctx);
    sendFile(ctx, 'accession.json', { accession, signature });
  };
}

function offerOf(context: WebContext, ctx: Koa.Context): Promise<Offer> {
  const { id } = ctx.params as { id: string };
  return getOffer(context.ground, actorOf(ctx).agency, id);
}

/** The capacity in which the host signed the framework. */
function capacityOf({ protocols }: RegisterState, hash: string, host: string): Capacity {
  const protocol = protocols.get(hash);
  const framework = protocol?.document.tier === 'framework' ? protocol : protocols.get(protocol?.framework ?? '');
  return framework?.document.parties.find(({ agency }) => agency === host)?.signs_as ?? 'director';
}

async function show(context: WebContext, ctx: Koa.Context, offer: Offer, form: FormView): Promise<void> {
  const state = getState(context);
  const { accession, bytes, host, id } = offer;
  const { party } = accession;
  const document = state.protocols.get(accession.protocol)?.document;
  const means = findMeans(state, actorOf(ctx));
  const capacity = capacityOf(state, accession.protocol, host);
  const isHost = host === actorOf(ctx).agency;
  render(ctx, 'signing/countersign-accession/countersign-accession.njk', {
    title: `${party.name} wants to join`,
    id,
    form,
    hash: hashOf(bytes),
    protocol: {
      title: document?.title ?? accession.id,
      version: accession.version,
      href: `/protocols/${accession.id}/${accession.version}`,
    },
    party,
    signsAs: inSentence(capacityWords(party.signs_as)),
    at: offer.offeredAt,
    lawfulBasis: lawfulBasisWords(party.lawful_basis),
    gains: document === undefined ? [] : openTo(document, party),
    waiting: offer.state === 'waiting',
    isHost,
    mayRefuse: means !== undefined,
    host: state.agencies.get(host)?.name ?? host,
    capacity: inSentence(capacityWords(capacity)),
    passkey:
      means?.by === 'passkey' && means.officer.passkey !== undefined && means.officer.capacities.includes(capacity),
    offline: {
      what: 'the accession',
      file: 'accession.json',
      download: `/signing/accessions/${id}/file`,
      within: 'seven days of the agency’s own signature',
      command: `npm run protocol -- countersign accession.json ${signerOptions(context, ctx, capacity)} --out countersigned.json`,
    },
  });
}

function hostOnly(): WebApplicationError {
  return new WebApplicationError(
    'forbidden',
    'host-only',
    'Only an officer of the framework’s host can countersign this.',
  );
}

function uncountersigned(): WebApplicationError {
  return new WebApplicationError(
    'invalid',
    'file-unreadable',
    'The file holds no countersignature. Choose the one that countersign wrote',
  );
}
