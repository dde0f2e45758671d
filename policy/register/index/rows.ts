/** The index tables as the chain says them: what each event puts there, and what therefore must be there. */
import { canonicalText, type Json } from '../../../platform/json.ts';
import type { Clause, Party, Protocol } from '../protocols/document.ts';
import { hashOfJson } from '../signatures/canonical.ts';
import { headerOf } from '../signatures/flattened.ts';
import { thumbprint } from '../signatures/keys.ts';
import type { KeyEntry, OfficerEntry, RegisterEvent } from '../chain/event.ts';

export type KeyRow = {
  kid: string;
  agency: string;
  use: string;
  jwk: string;
  held: string | null;
  from_event: number;
  revoked_event: number | null;
  compromised_from: number | null;
};
export type OfficerRow = {
  agency: string;
  practitioner: string;
  from_event: number;
  name: string;
  capacities: string[];
  kid: string;
  /** Canonical JSON. */
  passkey: string | null;
  ended_event: number | null;
};
export type DefinitionRow = { hash: string; type: string; code: string; from_event: number; body: string };
export type SignatureRow = {
  event: number;
  protocol: string;
  agency: string;
  officer: string | null;
  capacity: string | null;
  kid: string;
  signed_at: number;
};
export type AccessionRow = {
  event: number;
  protocol: string;
  agency: string;
  officer: string | null;
  capacity: string | null;
  kid: string;
  signed_at: number;
  host: string | null;
  host_officer: string | null;
  host_capacity: string | null;
  host_kid: string;
  host_signed_at: number;
};
export type ProtocolRow = {
  hash: string;
  id: string;
  version: number;
  tier: string;
  title: string;
  valid_from: string;
  valid_until: string;
  from_event: number;
};
export type PartyRow = { protocol: string; agency: string; signs_as: string; essential: boolean };
export type ClauseRow = { protocol: string; clause: string; effect: string; asset: string; text: string };

/** What the events so far put into the index; protocols follow from their texts. */
export type IndexRows = {
  keys: Map<string, KeyRow>;
  /** By agency, practitioner and first event. */
  officers: Map<string, OfficerRow>;
  definitions: Map<string, DefinitionRow>;
  signatures: Map<string, SignatureRow>;
  accessions: Map<string, AccessionRow>;
  /** Position of the first event about each protocol text. */
  protocols: Map<string, number>;
};

export function emptyRows(): IndexRows {
  return {
    keys: new Map(),
    officers: new Map(),
    definitions: new Map(),
    signatures: new Map(),
    accessions: new Map(),
    protocols: new Map(),
  };
}

/** Adds what one event puts there. An event without effect stands in the index all the same: it happened. */
export function noteEvent(rows: IndexRows, event: RegisterEvent): void {
  const { sequence } = event;
  switch (event.type) {
    case 'agency-admitted':
      for (const key of event.data.keys) setKey(rows, keyRow(event.data.agency, key, sequence));
      for (const officer of event.data.officers) setOfficer(rows, officerRow(event.data.agency, officer, sequence));
      break;
    case 'key-added':
      setKey(rows, keyRow(event.data.agency, event.data.key, sequence));
      break;
    case 'key-revoked': {
      const key = rows.keys.get(event.data.kid);
      if (key === undefined) break;
      key.revoked_event ??= sequence;
      key.compromised_from = event.data.compromised_from ?? key.compromised_from;
      break;
    }
    case 'officer-appointed':
      endOfficer(rows, event.data.agency, event.data.officer.practitioner, sequence);
      setOfficer(rows, officerRow(event.data.agency, event.data.officer, sequence));
      break;
    case 'officer-ended':
      endOfficer(rows, event.data.agency, event.data.practitioner, sequence);
      break;
    case 'definition-published': {
      const row = definitionRow(event.data.definition, sequence);
      rows.definitions.set(row.hash, row);
      break;
    }
    case 'protocol-signed': {
      rows.signatures.set(String(sequence), signatureRow(event));
      const { protocol } = event.data;
      if (!rows.protocols.has(protocol)) rows.protocols.set(protocol, sequence);
      break;
    }
    case 'protocol-acceded':
      rows.accessions.set(String(sequence), accessionRow(event));
      break;
    case 'agency-ended':
    case 'protocol-suspended':
    case 'protocol-withdrawn': // these change what follows from the chain, not the index
  }
}

export function keyRow(agency: string, { jwk, use, held }: KeyEntry, from: number): KeyRow {
  return {
    kid: thumbprint(jwk),
    agency,
    use,
    jwk: canonicalText(jwk),
    held: held ?? null,
    from_event: from,
    revoked_event: null,
    compromised_from: null,
  };
}

export function officerRow(agency: string, officer: OfficerEntry, from: number): OfficerRow {
  const { practitioner, name, capacities, kid, passkey } = officer;
  return {
    agency,
    practitioner,
    name,
    capacities: [...capacities],
    kid,
    passkey: passkey === undefined ? null : canonicalText(passkey),
    from_event: from,
    ended_event: null,
  };
}

export function definitionRow(definition: { type: string; code: string }, from: number): DefinitionRow {
  const json = definition as Json;
  return {
    hash: hashOfJson(json),
    type: definition.type,
    code: definition.code,
    from_event: from,
    body: canonicalText(json),
  };
}

export function signatureRow({ data, sequence }: Extract<RegisterEvent, { type: 'protocol-signed' }>): SignatureRow {
  const { kid, iat, officer, capacity } = headerOf(data.signature);
  return {
    event: sequence,
    protocol: data.protocol,
    agency: data.agency,
    officer: officer ?? null,
    capacity: capacity ?? null,
    kid,
    signed_at: iat,
  };
}

export function accessionRow({ data, sequence }: Extract<RegisterEvent, { type: 'protocol-acceded' }>): AccessionRow {
  const [own, host] = [headerOf(data.signature), headerOf(data.countersignature)];
  return {
    event: sequence,
    protocol: data.protocol,
    agency: data.agency,
    officer: own.officer ?? null,
    capacity: own.capacity ?? null,
    kid: own.kid,
    signed_at: own.iat,
    host: host.agency ?? null,
    host_officer: host.officer ?? null,
    host_capacity: host.capacity ?? null,
    host_kid: host.kid,
    host_signed_at: host.iat,
  };
}

export function protocolRow(hash: string, document: Protocol, from: number): ProtocolRow {
  const { id, version, tier, title, valid } = document;
  return { hash, id, version, tier, title, valid_from: valid.from, valid_until: valid.until, from_event: from };
}

export function partyRow(hash: string, { agency, signs_as, essential }: Party): PartyRow {
  return { protocol: hash, agency, signs_as, essential };
}

export function clauseRow(hash: string, { id, effect, asset, text }: Clause): ClauseRow {
  return { protocol: hash, clause: id, effect, asset, text };
}

export const officerKey = (row: Pick<OfficerRow, 'agency' | 'practitioner' | 'from_event'>): string =>
  `${row.agency} ${row.practitioner} ${row.from_event}`;

function setKey(rows: IndexRows, row: KeyRow): void {
  rows.keys.set(row.kid, row);
}

function setOfficer(rows: IndexRows, row: OfficerRow): void {
  rows.officers.set(officerKey(row), row);
}

function endOfficer(rows: IndexRows, agency: string, practitioner: string, at: number): void {
  for (const row of rows.officers.values()) {
    if (row.agency === agency && row.practitioner === practitioner) row.ended_event ??= at;
  }
}
