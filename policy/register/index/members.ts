/** The rows of keys and officers. */
import { canonicalText } from '../../../platform/json.ts';
import { sql } from '../../../platform/database/sql.ts';
import { type Passkey, type PublicKey, thumbprint } from '../signatures/keys.ts';
import { type IndexChange, type KeyRow, officerKey, type OfficerRow } from './rows.ts';

/** A key of the agency, from that event on. */
export function indexKey(
  agency: string,
  { jwk, use, held }: { jwk: PublicKey; use: string; held?: string | undefined },
  from: number,
): IndexChange {
  const row: KeyRow = {
    kid: thumbprint(jwk),
    agency,
    use,
    jwk: canonicalText(jwk),
    held: held ?? null,
    from_event: from,
    revoked_event: null,
    compromised_from: null,
  };
  return {
    note: ({ keys }) => void keys.set(row.kid, row),
    write: (tx) =>
      tx.query(sql`
        insert into agency_key (kid, agency, use, jwk, held, from_event)
        values (${row.kid}, ${row.agency}, ${row.use}, ${row.jwk}, ${row.held}, ${row.from_event})`),
  };
}

/** The first revocation of a key, and the last word on from when on it counts as compromised. */
export function indexRevocation(kid: string, at: number, compromisedFrom: number | undefined): IndexChange {
  return {
    note: ({ keys }) => {
      const key = keys.get(kid);
      if (key === undefined) return;
      key.revoked_event ??= at;
      key.compromised_from = compromisedFrom ?? key.compromised_from;
    },
    write: (tx) =>
      tx.query(sql`
        update agency_key set revoked_event = coalesce(revoked_event, ${at}),
               compromised_from = coalesce(${compromisedFrom ?? null}, compromised_from)
        where kid = ${kid}`),
  };
}

type Officer = { practitioner: string; name: string; capacities: string[]; kid: string; passkey?: Passkey | undefined };

/** An officer of the agency, from that event on. */
export function indexOfficer(agency: string, { passkey, ...officer }: Officer, from: number): IndexChange {
  const row: OfficerRow = {
    agency,
    ...officer,
    passkey: passkey === undefined ? null : canonicalText(passkey),
    from_event: from,
    ended_event: null,
  };
  return {
    note: ({ officers }) => void officers.set(officerKey(row), row),
    write: (tx) =>
      tx.query(sql`
        insert into officer (agency, practitioner, from_event, name, capacities, kid, passkey)
        values (${row.agency}, ${row.practitioner}, ${row.from_event}, ${row.name}, ${row.capacities}, ${row.kid},
                ${row.passkey})`),
  };
}

/** Ends the officer's appointment, if there is one. */
export function indexOfficerEnd(agency: string, practitioner: string, at: number): IndexChange {
  return {
    note: ({ officers }) => {
      for (const row of officers.values()) {
        if (row.agency === agency && row.practitioner === practitioner) row.ended_event ??= at;
      }
    },
    write: (tx) =>
      tx.query(sql`
        update officer set ended_event = ${at}
        where agency = ${agency} and practitioner = ${practitioner} and ended_event is null`),
  };
}
