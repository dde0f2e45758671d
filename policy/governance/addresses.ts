/** Where the officers of agencies are reached. */
import { findStanding } from '../../directory/people/find_standing.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Officer, RegisterState } from '../register/chain/state.ts';

/** E-mail addresses of the officers of these agencies who are active now. */
export async function listOfficerAddresses(
  db: Database,
  state: RegisterState,
  agencies: readonly string[],
): Promise<string[]> {
  return listAddresses(
    db,
    agencies.flatMap((code) => officersOf(state, code)),
  );
}

/** The officers of an agency whom the register names now. */
export function officersOf(state: RegisterState, agency: string): Officer[] {
  return [...(state.agencies.get(agency)?.officers.values() ?? [])].filter(({ endedAt }) => endedAt === undefined);
}

/** E-mail addresses of those who are active now, each once. */
export async function listAddresses(db: Database, officers: readonly Officer[]): Promise<string[]> {
  const ids = [...new Set(officers.map(({ practitioner }) => practitioner))];
  const standings = await Promise.all(ids.map((practitioner) => findStanding(db, practitioner)));
  return standings.flatMap((one) => (one?.status === 'active' ? [one.email] : []));
}
