/** What the log of record says about a register event, and whose officers may read it. */
import type { JsonObject } from '../../../platform/json.ts';
import type { Protocol } from '../protocols/document.ts';
import { readHeader } from '../signatures/flattened.ts';
import type { Derivation } from '../chain/derivation.ts';
import type { RegisterEvent } from '../chain/event.ts';

export type Summary = { agencies: string[]; subject: string; content: JsonObject };

/** `document` is the protocol that the event is about, where it can be read. */
export function summarise(event: RegisterEvent, document: Protocol | undefined, derivation: Derivation): Summary {
  switch (event.type) {
    case 'definition-published': {
      const { type, code } = event.data.definition;
      return { agencies: [...derivation.agencies.keys()], subject: code, content: { type, code } };
    }
    case 'protocol-signed': {
      const { protocol, id, version, agency, signature } = event.data;
      const { officer, capacity, kid, iat } = readHeader(signature);
      return {
        agencies: document?.parties.map((party) => party.agency) ?? [agency],
        subject: protocol,
        content: { protocol, id, version, agency, officer, capacity, kid, signed_at: iat },
      };
    }
    case 'protocol-acceded': {
      const { protocol, id, version, agency, signature, countersignature } = event.data;
      const { officer, capacity, kid, iat } = readHeader(signature);
      const { agency: host, officer: host_officer, capacity: host_capacity } = readHeader(countersignature);
      const own = { agency, officer, capacity, kid, signed_at: iat };
      return {
        agencies: concerned(derivation, protocol, agency),
        subject: protocol,
        content: { protocol, id, version, ...own, host, host_officer, host_capacity },
      };
    }
    case 'protocol-suspended':
    case 'protocol-withdrawn': {
      const { protocol, agency } = event.data;
      return { agencies: concerned(derivation, protocol, agency), subject: protocol, content: { ...event.data } };
    }
    case 'officer-appointed': {
      const { agency, officer, approved_by } = event.data;
      const { practitioner, capacities, kid } = officer;
      return {
        agencies: [agency],
        subject: practitioner,
        content: { agency, practitioner, capacities, kid, ...(approved_by && { approved_by }) },
      };
    }
    case 'officer-ended':
      return { agencies: [event.data.agency], subject: event.data.practitioner, content: { ...event.data } };
    case 'agency-admitted': {
      const { agency, name, kind } = event.data;
      return { agencies: [agency], subject: agency, content: { agency, name, kind } };
    }
    case 'agency-ended':
    case 'key-added':
    case 'key-revoked':
      return { agencies: [event.data.agency], subject: event.data.agency, content: { ...event.data } };
  }
}

/** Everybody who signed up to the text: its parties, who joined it, and the agency itself. */
function concerned({ protocols }: Derivation, protocol: string, agency: string): string[] {
  const record = protocols.get(protocol);
  const parties = record?.document?.parties.map((party) => party.agency) ?? [];
  return [...new Set([...parties, ...(record?.acceded.keys() ?? []), agency])];
}
