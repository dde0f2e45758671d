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
/** A row of any table. */
export type Row = Record<string, unknown>;

/** What the events so far put into the index; protocols follow from their texts. */
export type IndexRows = {
  keys: Map<string, KeyRow>;
  /** By agency, practitioner and first event. */
  officers: Map<string, OfficerRow>;
  definitions: Map<string, Row>;
  signatures: Map<string, Row>;
  accessions: Map<string, Row>;
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

export function protocolRow(hash: string, document: Protocol, from: number) {
  const { id, version, tier, title, valid } = document;
  return { hash, id, version, tier, title, valid_from: valid.from, valid_until: valid.until, from_event: from };
}

export function partyRow(hash: string, { agency, signs_as, essential }: Party) {
  return { protocol: hash, agency, signs_as, essential };
}

export function clauseRow(hash: string, { id, effect, asset, text }: Clause) {
  return { protocol: hash, clause: id, effect, asset, text };
}

export const officerKey = (row: Pick<OfficerRow, 'agency' | 'practitioner' | 'from_event'>): string =>
  `${row.agency} ${row.practitioner} ${row.from_event}`;
