/** The index tables as the chain says them. */
import type { Queryable } from '../../../platform/database/database.ts';
import type { Clause, Party, Protocol } from '../protocols/document.ts';

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
type ProtocolRow = {
  hash: string;
  id: string;
  version: number;
  tier: string;
  title: string;
  valid_from: string;
  valid_until: string;
  from_event: number;
};
type PartyRow = { protocol: string; agency: string; signs_as: string; essential: boolean };
type ClauseRow = { protocol: string; clause: string; effect: string; asset: string; text: string };

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

/** One thing that an event puts into the index. */
export type IndexChange = {
  /** Notes it among the rows that must stand in the tables. */
  note(rows: IndexRows): void;
  /** Writes it, in the event's own transaction. */
  write(tx: Queryable): Promise<unknown>;
};

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
