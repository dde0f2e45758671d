/** The appointment of an officer: one administrator proposes, a second one approves, and then the register is written. */
import type { Queryable } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { read } from '../../../platform/database/transaction.ts';
import { isUuid } from '../../../platform/uuid.ts';
import { PolicyError } from '../../errors.ts';
import type { Wanted } from '../signing/administrative.ts';
import type { KeyContext } from '../signing/context.ts';
import { OfficerEntry } from '../../register/events/fields.ts';
import { Passkey } from '../../register/signatures/keys.ts';
import type { Capacity } from '../../register/signatures/capacity.ts';

/** `approved`: two people agreed, and the agency's administration key has still to sign it. */
export type ProposalState = 'proposed' | 'approved' | 'appointed' | 'refused' | 'taken-back';

/** Ids are practitioners'; times are epoch seconds. */
export type Proposal = {
  id: string;
  agency: string;
  practitioner: string;
  name: string;
  capacities: Capacity[];
  /** The key that the officer is to sign with. */
  kid: string;
  /** As it was when proposed; what counts is this one, whatever the person enrols later. */
  passkey?: Passkey;
  proposedBy: string;
  proposedAt: number;
  state: ProposalState;
  decidedBy?: string;
  decidedAt?: number;
  /** Position in the register. */
  event?: number;
};

type Row = Omit<Proposal, 'passkey' | 'decidedBy' | 'decidedAt' | 'event'> & {
  passkey: string | null;
  decidedBy: string | null;
  decidedAt: number | null;
  event: string | null;
};

const columns = sql`o.id, o.agency, o.practitioner, p.display_name as name, o.capacities, o.kid, o.passkey, o.state,
  o.proposed_by as "proposedBy", extract(epoch from o.proposed_at)::float8 as "proposedAt",
  o.decided_by as "decidedBy", extract(epoch from o.decided_at)::float8 as "decidedAt", o.event::text as event`;
const source = sql`from officer_proposal o join practitioner p on p.id = o.practitioner`;

/** The agency's proposals, the latest first. */
export function listProposals({ db }: Pick<KeyContext, 'db'>, agency: string): Promise<Proposal[]> {
  return read(db, { agency, reading: 'standing' }, async (tx) =>
    (await tx.query<Row>(sql`select ${columns} ${source} order by o.proposed_at desc`)).map(toProposal),
  );
}

/** Proposals of the agency that this administrator could decide: those that somebody else made. */
export function listToDecide(
  { db }: Pick<KeyContext, 'db'>,
  agency: string,
  administrator: string,
): Promise<Pick<Proposal, 'id' | 'practitioner'>[]> {
  return read(db, { agency }, (tx) =>
    tx.query<Pick<Proposal, 'id' | 'practitioner'>>(sql`
      select id, practitioner from officer_proposal
      where agency = ${agency} and state = 'proposed' and proposed_by <> ${administrator} order by proposed_at desc`),
  );
}

/** One of the agency's own; throws `unknown-proposal`. */
export function getProposal({ db }: Pick<KeyContext, 'db'>, agency: string, id: string): Promise<Proposal> {
  return read(db, { agency, reading: 'standing' }, (tx) => getRow(tx, id));
}

/** The same within a transaction, kept still until it ends. */
export async function lockProposal(tx: Queryable, id: string): Promise<Proposal> {
  if (isUuid(id)) await tx.query(sql`select from officer_proposal where id = ${id} for update`);
  return getRow(tx, id);
}

async function getRow(tx: Queryable, id: string): Promise<Proposal> {
  const [row] = isUuid(id) ? await tx.query<Row>(sql`select ${columns} ${source} where o.id = ${id}`) : [];
  if (row !== undefined) return toProposal(row);
  throw new PolicyError('not-found', 'unknown-proposal', 'Your agency has no such proposal.');
}

/** What the register is to say once it is approved: by these two people, of this one, with this key and passkey. */
export function wantedAppointment(proposal: Proposal): Wanted {
  const { agency, practitioner, name, capacities, kid, passkey, proposedBy, decidedBy } = proposal;
  if (decidedBy === undefined) throw new TypeError('an appointment is approved before it is written');
  const officer = OfficerEntry.parse({ practitioner, name, capacities, kid, ...(passkey && { passkey }) });
  return { type: 'officer-appointed', data: { agency, officer, approved_by: [proposedBy, decidedBy] } };
}

function toProposal({ passkey, decidedBy, decidedAt, event, ...row }: Row): Proposal {
  return {
    ...row,
    ...(passkey === null ? {} : { passkey: Passkey.parse(JSON.parse(passkey)) }),
    ...(decidedBy === null ? {} : { decidedBy }),
    ...(decidedAt === null ? {} : { decidedAt }),
    ...(event === null ? {} : { event: Number(event) }),
  };
}
