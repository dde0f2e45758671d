/** An agency joins the federation, with its first keys and officers. */
import { z } from 'zod';
import { findMember } from '../chain/derivation.ts';
import { refuse } from '../chain/refuse.ts';
import type { RegisteredAgency } from '../chain/state.ts';
import { indexKey, indexOfficer } from '../index/members.ts';
import { types } from '../signatures/flattened.ts';
import { thumbprint } from '../signatures/keys.ts';
import { agency, KeyEntry, OfficerEntry, words } from './fields.ts';
import { defineEvent } from './kind.ts';
import { addKey, addOfficer, checkNewKey } from './members.ts';

export const agencyAdmitted = defineEvent({
  type: 'agency-admitted',
  title: 'Agency admitted to the register',
  data: z.strictObject({
    agency,
    name: words,
    kind: z.string().min(1).max(64),
    keys: z.array(KeyEntry).min(1).max(100),
    officers: z.array(OfficerEntry).min(1).max(100),
  }),
  signed: { as: types.event, by: ['root'] },
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
    const member: RegisteredAgency = {
      code: data.agency,
      name: data.name,
      kind: data.kind,
      admittedAt: sequence,
      keys: new Map(),
      officers: new Map(),
    };
    for (const entry of data.keys) addKey(derivation, member, entry, sequence);
    for (const entry of data.officers) addOfficer(member, entry, sequence);
    derivation.agencies.set(data.agency, member);
  },
  index: ({ data, sequence }) => [
    ...data.keys.map((key) => indexKey(data.agency, key, sequence)),
    ...data.officers.map((officer) => indexOfficer(data.agency, officer, sequence)),
  ],
  summarise: ({ data: { agency: code, name, kind } }) => ({
    agencies: [code],
    subject: code,
    content: { agency: code, name, kind },
  }),
});
