/** What keeping keys and signing with them needs of the house, and who asks. */
import type { ActingPerson } from '../../../directory/actor.ts';
import { isAdministrator } from '../../../directory/people/list_administrators.ts';
import type { Config } from '../../../platform/config/config.ts';
import { PolicyError } from '../../errors.ts';
import type { OpenRegister, RegisterGround } from '../../register/ledger/open.ts';
import { getState } from '../../register/ledger/published.ts';
import type { AgencyKey, Officer, RegisteredAgency, RegisterState } from '../../register/chain/state.ts';

export type KeyContext = RegisterGround & {
  config: RegisterGround['config'] & Pick<Config, 'baseUrl' | 'masterKey'>;
  register: OpenRegister;
};

/** The register's verified state; `register-damaged` (503) while it does not verify. */
export function stateOf({ register }: Pick<KeyContext, 'register'>): RegisterState {
  return getState(register, 'nothing can be added to it');
}

/** The agency as a member of the federation; `unknown-agency` where it is none. */
export function memberOf(context: Pick<KeyContext, 'register'>, code: string): RegisteredAgency {
  const agency = stateOf(context).agencies.get(code);
  if (agency !== undefined && agency.endedAt === undefined) return agency;
  throw new PolicyError('not-found', 'unknown-agency', 'The register does not know this agency, so it has no keys.');
}

/** Refuses whoever is not an administrator of the agency that they act for, at this moment. */
export async function requireAdministrator({ db }: Pick<KeyContext, 'db'>, actor: ActingPerson): Promise<void> {
  if (await isAdministrator(db, actor.practitioner, actor.agency)) return;
  throw new PolicyError('forbidden', 'not-administrator', 'Only an administrator of the agency can do this.');
}

/** How this officer signs now: with a passkey here, with a key of their own elsewhere, or not at all. */
export type Means = { officer: Officer; key: AgencyKey; by: 'passkey' | 'own-key' };

export function findMeans(state: RegisterState, { agency, practitioner }: ActingPerson): Means | undefined {
  const member = state.agencies.get(agency);
  const officer = member?.endedAt === undefined ? member?.officers.get(practitioner) : undefined;
  const key = member?.keys.get(officer?.kid ?? '');
  if (officer === undefined || officer.endedAt !== undefined || key === undefined || key.revokedAt !== undefined) {
    return undefined;
  }
  return { officer, key, by: key.held === 'service' ? 'passkey' : 'own-key' };
}
