/** Where the officers of agencies are reached. */
import { findStanding } from '../../directory/standing/find_standing.ts';
import type { Database } from '../../platform/database/database.ts';
import type { RegisterState } from '../register/state.ts';

/** E-mail addresses of the officers of these agencies who are active now. */
export async function listOfficerAddresses(
  db: Database,
  state: RegisterState,
  agencies: readonly string[],
): Promise<string[]> {
  const officers = agencies
    .flatMap((code) => [...(state.agencies.get(code)?.officers.values() ?? [])])
    .filter(({ endedAt }) => endedAt === undefined);
  const ids = [...new Set(officers.map(({ practitioner }) => practitioner))];
  const standings = await Promise.all(ids.map((practitioner) => findStanding(db, practitioner)));
  return standings.flatMap((one) => (one?.status === 'active' ? [one.email] : []));
}
