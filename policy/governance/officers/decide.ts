/** A second administrator approves or refuses; what is approved goes into the register, by the service's key or one offline. */
import { holdsPost } from '../../../directory/active_post.ts';
import type { ActingPerson } from '../../../directory/actor.ts';
import { administer } from '../../../directory/agencies/administer.ts';
import { sql } from '../../../platform/database/sql.ts';
import type { Change } from '../../../platform/log/change.ts';
import { PolicyError } from '../../errors.ts';
import { signAdministrative, submitPrepared, type Wanted } from '../signing/administrative.ts';
import { type KeyContext, requireAdministrator } from '../signing/context.ts';
import type { AppendOptions } from '../../register/ledger/append.ts';
import type { RegisterEvent } from '../../register/events/table.ts';
import type { Signature } from '../../register/signatures/flattened.ts';
import { getProposal, lockProposal, type Proposal, wantedAppointment } from './proposal.ts';

/**
 * Approves. Throws `own-proposal` for whoever proposed, `not-for-yourself` for the person proposed, `proposal-decided` for
 * whoever comes second. Where the service holds the administration key the officer is appointed with it, or nothing is.
 */
export async function approveProposal(context: KeyContext, actor: ActingPerson, id: string): Promise<void> {
  await requireAdministrator(context, actor);
  const proposal = await getProposal(context, actor.agency, id);
  requireOther(actor, proposal);
  requireState(proposal, 'proposed');
  const approve = async (tx: Change): Promise<void> => {
    requireState(await lockProposal(tx, id), 'proposed');
    await requirePost(tx, proposal);
    await decide(tx, context, actor, proposal, 'approved');
    record(tx, actor, 'officer.approved', proposal);
  };
  const wanted = wantedAppointment({ ...proposal, decidedBy: actor.practitioner });
  const outcome = await signAdministrative(context, actor, wanted, noting(actor, id, approve));
  if ('wanted' in outcome) await administer(context.log, actor, approve);
}

/** Refuses, or takes one's own proposal back. What was approved and not yet written can be given up too. */
export function refuseProposal(context: KeyContext, actor: ActingPerson, id: string): Promise<void> {
  return administer(context.log, actor, async (tx) => {
    const proposal = await lockProposal(tx, id);
    if (proposal.practitioner === actor.practitioner) throw notForYourself();
    if (proposal.state !== 'proposed' && proposal.state !== 'approved') throw decidedBefore();
    const state = proposal.proposedBy === actor.practitioner ? 'taken-back' : 'refused';
    await decide(tx, context, actor, proposal, state);
    record(tx, actor, `officer.${state}`, proposal);
  });
}

/** Writes an approved appointment with the key that the service holds. Says nothing where it holds none. */
export async function writeAppointment(context: KeyContext, actor: ActingPerson, id: string): Promise<void> {
  const wanted = await getApproved(context, actor, id);
  await signAdministrative(context, actor, wanted, noting(actor, id));
}

/** Hands in the appointment that was signed offline. */
export async function submitAppointment(
  context: KeyContext,
  actor: ActingPerson,
  id: string,
  signed: { event: RegisterEvent; signature: Signature },
): Promise<void> {
  const wanted = await getApproved(context, actor, id);
  await submitPrepared(context, actor, wanted, signed, noting(actor, id));
}

async function getApproved(context: KeyContext, actor: ActingPerson, id: string): Promise<Wanted> {
  await requireAdministrator(context, actor);
  const proposal = await getProposal(context, actor.agency, id);
  requireState(proposal, 'approved');
  return wantedAppointment(proposal);
}

/** The proposal becomes an appointment with the event, or neither does: somebody may have taken it back meanwhile. */
function noting({ agency }: ActingPerson, id: string, approve?: (tx: Change) => Promise<void>): AppendOptions {
  return {
    scope: { agency, reading: 'directory' },
    within: async (tx, { sequence }) => {
      await approve?.(tx);
      const noted = await tx.query(sql`
        update officer_proposal set state = 'appointed', event = ${sequence}
        where id = ${id} and state = 'approved' returning 1`);
      if (noted.length === 0) throw decidedBefore();
    },
  };
}

async function decide(
  tx: Change,
  context: KeyContext,
  { practitioner }: ActingPerson,
  { id }: Proposal,
  state: Proposal['state'],
): Promise<void> {
  await tx.query(sql`
    update officer_proposal
    set state = ${state}, decided_by = ${practitioner}, decided_at = to_timestamp(${context.clock()}::float8)
    where id = ${id}`);
}

async function requirePost(tx: Change, { practitioner, agency }: Proposal): Promise<void> {
  const holders = await tx.query(sql`select where ${holdsPost(practitioner, agency)}`);
  if (holders.length > 0) return;
  throw new PolicyError('conflict', 'no-active-post', 'This person has no active post in the agency any more.');
}

function requireOther({ practitioner }: ActingPerson, proposal: Proposal): void {
  if (proposal.practitioner === practitioner) throw notForYourself();
  if (proposal.proposedBy !== practitioner) return;
  throw new PolicyError(
    'forbidden',
    'own-proposal',
    'You proposed this, so somebody else must approve it: another administrator of your agency.',
  );
}

function requireState({ state }: Proposal, wanted: Proposal['state']): void {
  if (state !== wanted) throw decidedBefore();
}

function record(tx: Change, actor: ActingPerson, event: string, { id, practitioner, agency }: Proposal): void {
  tx.record({
    event,
    actor: { ...actor },
    agencies: [agency],
    subject: practitioner,
    content: { proposal: id, practitioner },
  });
}

function notForYourself(): PolicyError {
  return new PolicyError('forbidden', 'not-for-yourself', 'This is about you, so two others must decide it.');
}

function decidedBefore(): PolicyError {
  return new PolicyError('conflict', 'proposal-decided', 'This proposal is decided already. Open the page again.');
}
