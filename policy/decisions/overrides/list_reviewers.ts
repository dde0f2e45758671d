/** Who is told about overrides: the holding agency's information sharing officers, or else the mailbox that it named. */
import type { Database } from '../../../platform/database/database.ts';
import { findStanding } from '../../../directory/people/find_standing.ts';
import type { RegisterState } from '../../register/chain/state.ts';

/**
 * E-mail addresses of the agency's officers with the capacity, active now and not `except`; without one the mailbox of its
 * information sharing officer or data protection officer in the protocol with that hash, or in any that is in force.
 */
export async function listReviewers(
  db: Database,
  state: RegisterState | undefined,
  about: { agency: string; clause?: { hash: string }; except?: string },
): Promise<string[]> {
  const officers = [...(state?.agencies.get(about.agency)?.officers.values() ?? [])]
    .filter(({ endedAt, capacities }) => endedAt === undefined && capacities.includes('information-sharing-officer'))
    .map(({ practitioner }) => practitioner)
    .filter((practitioner) => practitioner !== about.except);
  const standings = await Promise.all([...new Set(officers)].map((id) => findStanding(db, id)));
  const addresses = standings.flatMap((one) => (one?.status === 'active' ? [one.email] : []));
  const mailbox = addresses.length === 0 && findMailbox(state, about);
  return mailbox ? [mailbox] : addresses;
}

function findMailbox(
  state: RegisterState | undefined,
  { agency, clause }: { agency: string; clause?: { hash: string } },
): string | undefined {
  const signed = [...(state?.protocols.values() ?? [])].filter(
    ({ hash, status }) => status === 'in-force' || hash === clause?.hash,
  );
  const ordered = signed.sort(
    (left, right) => Number(right.hash === clause?.hash) - Number(left.hash === clause?.hash),
  );
  const parties = ordered.flatMap(({ document }) => document.parties.filter((party) => party.agency === agency));
  const [party] = parties;
  return (party?.information_sharing_officer ?? party?.dpo)?.email;
}
