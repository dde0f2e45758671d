/** What events about members of the federation share: finding them, their keys and officers. */
import type { JsonObject } from '../../../platform/json.ts';
import { algorithmOf, type PublicKey, thumbprint } from '../signatures/keys.ts';
import { type Derivation, findMember, rootKid } from '../chain/derivation.ts';
import { refuse } from '../chain/refuse.ts';
import type { AgencyKey, Officer, RegisteredAgency } from '../chain/state.ts';
import type { KeyEntry, OfficerEntry } from './fields.ts';
import type { Summary } from './kind.ts';

/** The agency, or `unknown-agency`. */
export function getMember(derivation: Derivation, code: string): RegisteredAgency {
  const agency = findMember(derivation, code);
  if (agency === undefined) throw refuse('not-found', 'unknown-agency', `${code} does not belong to the federation.`);
  return agency;
}

/** Gives an agency a key. */
export function addKey(
  derivation: Derivation,
  agency: RegisteredAgency,
  { jwk, use, held }: KeyEntry,
  from: number,
): void {
  const key: AgencyKey = { kid: thumbprint(jwk), jwk, alg: algorithmOf(jwk), use, ...(held && { held }), from };
  agency.keys.set(key.kid, key);
  derivation.keys.add(key.kid);
}

/** Gives an agency an officer; a new appointment takes the place of an earlier one. */
export function addOfficer(agency: RegisteredAgency, { passkey, ...entry }: OfficerEntry, from: number): void {
  const capacities = [...entry.capacities];
  const officer: Officer = { ...entry, capacities, ...(passkey && { passkey }), agency: agency.code, from };
  agency.officers.set(officer.practitioner, officer);
}

/** Refuses a key that was ever registered, for whichever agency, and the root key. */
export function checkNewKey(derivation: Derivation, jwk: PublicKey): void {
  const kid = thumbprint(jwk);
  if (derivation.keys.has(kid) || kid === rootKid(derivation)) {
    throw refuse('conflict', 'key-known', 'This key is or was registered already. Make a new one.');
  }
}

/** Told to the agency alone, in full. */
export function aboutAgency({ data }: { data: { agency: string } & JsonObject }): Summary {
  return { agencies: [data.agency], subject: data.agency, content: { ...data } };
}
