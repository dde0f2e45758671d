/** /agencies/{code}/officers/proposals/{id}: one proposal, and what the reader may do about it. */
import type Koa from 'koa';
import { listNames } from '../../../directory/people/list_names.ts';
import type { FormView } from '../../../platform/web/form.ts';
import { render } from '../../../platform/web/render.ts';
import { prepareEvent } from '../../../policy/governance/signing/administrative.ts';
import { findHeld } from '../../../policy/governance/signing/held_keys.ts';
import {
  approveProposal,
  refuseProposal,
  submitAppointment,
  writeAppointment,
} from '../../../policy/governance/officers/decide.ts';
import { getProposal, type Proposal, wantedAppointment } from '../../../policy/governance/officers/proposal.ts';
import { thumbprint } from '../../../policy/register/signatures/keys.ts';
import type { WebContext } from '../../context.ts';
import { WebApplicationError } from '../../errors.ts';
import { eventSteps } from '../sign-offline/sign_offline.ts';
import { actorOf, personOf } from '../../session/require_person.ts';
import { keyContext, sendFile } from '../signatory.ts';
import { emptyUpload, EventFile, takeUpload } from '../upload.ts';
import { proposalInWords } from './list_officers.ts';

export function showProposal(context: WebContext): Koa.Middleware {
  return async (ctx) => show(context, ctx, await proposalOf(context, ctx), emptyUpload());
}

const deeds = { approve: approveProposal, refuse: refuseProposal, write: writeAppointment };

export function decideProposal(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { id, deed } = ctx.params as { id: string; deed: string };
    if (!Object.hasOwn(deeds, deed)) {
      throw new WebApplicationError('not-found', 'deed-unknown', 'There is nothing at this address.');
    }
    await deeds[deed as keyof typeof deeds](keyContext(context), actorOf(ctx), id);
    ctx.redirect(`${addressOf(actorOf(ctx).agency, id)}?done=1`);
  };
}

/** The approved appointment as the event that the agency's own key signs. */
export function downloadAppointment(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const proposal = await proposalOf(context, ctx);
    if (proposal.state !== 'approved') {
      throw new WebApplicationError(
        'conflict',
        'proposal-not-approved',
        'Nothing is to be signed: it is not approved, or written already.',
      );
    }
    sendFile(ctx, 'event.json', prepareEvent(keyContext(context), wantedAppointment(proposal)));
  };
}

export function handInAppointment(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const proposal = await proposalOf(context, ctx);
    await takeUpload(ctx, EventFile, {
      take: (signed) => submitAppointment(keyContext(context), actorOf(ctx), proposal.id, signed),
      show: (form) => show(context, ctx, proposal, form),
      next: `${addressOf(proposal.agency, proposal.id)}?done=1`,
    });
  };
}

function addressOf(agency: string, id: string): string {
  return `/agencies/${encodeURIComponent(agency)}/officers/proposals/${id}`;
}

function proposalOf(context: WebContext, ctx: Koa.Context): Promise<Proposal> {
  const { id } = ctx.params as { id: string };
  return getProposal(context.ground, actorOf(ctx).agency, id);
}

async function show(context: WebContext, ctx: Koa.Context, proposal: Proposal, form: FormView): Promise<void> {
  const { practitioner, agency } = actorOf(ctx);
  const { proposedBy, decidedBy, state, passkey, kid, decidedAt, event } = proposal;
  const names = await listNames(context.ground.db, [proposedBy, decidedBy ?? proposedBy]);
  const about = proposal.practitioner === practitioner;
  render(ctx, 'signing/manage-officers/decide-proposal.njk', {
    title: proposal.name,
    agency: { code: agency, name: personOf(ctx).post.agencyName },
    done: ctx.query.done === '1',
    form,
    address: addressOf(agency, proposal.id),
    proposal: proposalInWords(proposal, names.get(proposedBy)),
    practitioner: proposal.practitioner,
    key: kid,
    passkey: passkey && thumbprint(passkey.jwk),
    decided:
      decidedAt === undefined
        ? undefined
        : { by: names.get(decidedBy ?? '') ?? 'somebody who has left', at: decidedAt },
    event,
    about,
    own: proposedBy === practitioner,
    mayApprove: state === 'proposed' && !about && proposedBy !== practitioner,
    mayRefuse: (state === 'proposed' || state === 'approved') && !about,
    toWrite:
      state === 'approved' ? (findHeld(keyContext(context), agency, 'administration') ? 'here' : 'offline') : undefined,
    offline: eventSteps(context, agency, `${addressOf(agency, proposal.id)}/event.json`),
  });
}
