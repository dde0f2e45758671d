/** An agency joins the federation, or leaves it. */
import { thumbprint } from '../signatures/keys.ts';
import { findMember } from '../chain/derivation.ts';
import { refuse } from '../chain/refuse.ts';
import type { RegisteredAgency } from '../chain/state.ts';
import { addKey, addOfficer, checkNewKey, getMember } from './members.ts';
import type { Step } from './step.ts';

export const agencyAdmitted: Step<'agency-admitted'> = {
  check(derivation, { data }) {
    if (findMember(derivation, data.agency) !== undefined) {
      throw refuse('conflict', 'agency-known', `${data.agency} belongs to the federation already.`);
    }
    const kids = data.keys.map(({ jwk }) => thumbprint(jwk));
    if (new Set(kids).size < kids.length) throw refuse('conflict', 'key-known', 'A key stands in the list twice.');
    for (const { jwk } of data.keys) checkNewKey(derivation, jwk);
    if (new Set(data.officers.map((one) => one.practitioner)).size < data.officers.length) {
      throw refuse('conflict', 'officer-known', 'An officer stands in the list twice.');
    }
    for (const officer of data.officers) {
      const at = kids.indexOf(officer.kid);
      if (data.keys[at]?.use !== 'officer')
        throw refuse('invalid', 'unknown-key', 'An officer’s key is not among the keys for officers.');
    }
  },
  apply(derivation, { data, sequence }) {
    const agency: RegisteredAgency = {
      code: data.agency,
      name: data.name,
      kind: data.kind,
      admittedAt: sequence,
      keys: new Map(),
      officers: new Map(),
    };
    for (const entry of data.keys) addKey(derivation, agency, entry, sequence);
    for (const entry of data.officers) addOfficer(agency, entry, sequence);
    derivation.agencies.set(data.agency, agency);
  },
};

export const agencyEnded: Step<'agency-ended'> = {
  check: (derivation, { data }) => void getMember(derivation, data.agency),
  apply: (derivation, { data, sequence }) => void (getMember(derivation, data.agency).endedAt = sequence),
};
