/** GET /agencies/{code}/officers: who signs for the agency, who is proposed, and in what state each appointment is. */
import type Koa from 'koa';
import { listNames } from '../../../directory/people/list_names.ts';
import { render } from '../../../platform/web/render.ts';
import { memberOf } from '../../../policy/governance/signing/context.ts';
import { listProposals, type Proposal, type ProposalState } from '../../../policy/governance/officers/proposal.ts';
import type { Officer, RegisteredAgency } from '../../../policy/register/chain/state.ts';
import type { WebContext } from '../../context.ts';
import { personOf } from '../../session/require_person.ts';
import { keyContext } from '../signatory.ts';
import { capacityWords } from '../../words/statuses.ts';

const mostDecided = 20;

export function listOfficers(context: WebContext): Koa.Middleware {
  return async (ctx) => {
    const { agency: code, agencyName } = personOf(ctx).post;
    const member = memberOf(keyContext(context), code);
    const proposals = await listProposals(context.ground, code);
    const names = await listNames(
      context.ground.db,
      proposals.map(({ proposedBy }) => proposedBy),
    );
    const open = (one: Proposal): boolean => one.state === 'proposed' || one.state === 'approved';
    const decided = proposals.filter((one) => !open(one));
    const words = (one: Proposal) => proposalInWords(one, names.get(one.proposedBy));
    render(ctx, 'signing/manage-officers/list-officers.njk', {
      title: 'Officers',
      agency: { code, name: agencyName },
      done: ctx.query.done === '1',
      open: proposals.filter(open).map(words),
      decided: decided.slice(0, mostDecided).map(words),
      decidedBefore: Math.max(0, decided.length - mostDecided),
      officers: [...member.officers.values()].map((one) => officerInWords(member, one)),
    });
  };
}

const states: Record<ProposalState, { text: string; tag: string }> = {
  proposed: { text: 'To be approved', tag: 'yellow' },
  approved: { text: 'To be signed', tag: 'blue' },
  appointed: { text: 'Appointed', tag: 'green' },
  refused: { text: 'Refused', tag: 'red' },
  'taken-back': { text: 'Taken back', tag: 'grey' },
};

export function proposalInWords({ id, agency, name, capacities, state, proposedAt }: Proposal, by: string | undefined) {
  return {
    href: `/agencies/${encodeURIComponent(agency)}/officers/proposals/${id}`,
    name,
    capacities: capacities.map(capacityWords).join(', '),
    by: by ?? 'somebody who has left',
    at: proposedAt,
    state: states[state],
  };
}

function officerInWords(member: RegisteredAgency, officer: Officer) {
  const key = member.keys.get(officer.kid);
  return {
    practitioner: officer.practitioner,
    name: officer.name,
    capacities: officer.capacities.map(capacityWords).join(', '),
    from: officer.from,
    endedAt: officer.endedAt,
    key: officer.kid,
    keyRevoked: key?.revokedAt !== undefined,
    how: key?.held === 'service' ? 'Signs here with a passkey' : 'Signs with a key of their own',
    passkeyMissing: key?.held === 'service' && officer.passkey === undefined,
  };
}
