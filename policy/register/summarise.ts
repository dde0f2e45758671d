/** What the log of record says about a register event, and whose officers may read it. */
import type { JsonObject } from '../../platform/json.ts';
import type { Protocol } from '../protocols/document.ts';
import { readHeader } from '../signatures/flattened.ts';
import type { Derivation } from './derivation.ts';
import type { RegisterEvent } from './event.ts';

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
      const agencies = document?.parties.map((party) => party.agency) ?? [agency];
      return {
        agencies,
        subject: protocol,
        content: { protocol, id, version, agency, officer, capacity, kid, signed_at: iat },
      };
    }
    case 'protocol-suspended':
    case 'protocol-withdrawn': {
      const { protocol, agency } = event.data;
      const parties = derivation.protocols.get(protocol)?.document?.parties.map((party) => party.agency);
      return { agencies: parties ?? [agency], subject: protocol, content: { ...event.data } };
    }
    case 'officer-appointed': {
      const { practitioner, capacities, kid } = event.data.officer;
      return {
        agencies: [event.data.agency],
        subject: practitioner,
        content: { agency: event.data.agency, practitioner, capacities, kid },
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
