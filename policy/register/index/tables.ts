/** The index tables one by one: how a page of each is read, and what must stand in it. */
import { type Query, sql } from '../../../platform/database/sql.ts';
import type { Protocol } from '../protocols/document.ts';
import { clauseRow, type IndexRows, officerKey, type OfficerRow, partyRow, protocolRow, type Row } from './rows.ts';

export type Table = {
  /** Rows after another, in the order of their key. */
  page(after: Row | undefined): Query;
  key(row: Row): string;
  /** Names a row for the one who has to find it; it names no person. */
  where(row: Row): string;
  /** What the chain says of the row with this one's key. */
  find(row: Row): Row | undefined;
  /** Every row that the chain says. */
  expected(): Iterable<Row>;
};

export const pageSize = 500;

/** All tables. Of a damaged text nobody knows what its rows should say: they are left alone, and the text is reported. */
export function describeTables(rows: IndexRows, texts: ReadonlyMap<string, Protocol>): Table[] {
  const unreadable = [...rows.protocols.keys()].filter((hash) => !texts.has(hash));
  return [
    keys(rows),
    clauses(texts, unreadable),
    officers(rows),
    signatures(rows),
    accessions(rows),
    definitions(rows),
    parties(texts, unreadable),
    storedTexts(rows, texts, unreadable),
    protocols(rows, texts, unreadable),
  ];
}

type Reading = Pick<Table, 'page' | 'key' | 'where'>;

/** A table whose rows the chain says one by one. */
function listed(expected: ReadonlyMap<string, object>, rest: Reading): Table {
  const known = expected as ReadonlyMap<string, Row>;
  return { ...rest, find: (row) => known.get(rest.key(row)), expected: () => known.values() };
}

function keys(rows: IndexRows): Table {
  return listed(rows.keys, {
    page: (after) => sql`
      select kid, agency, use, jwk, held, from_event, revoked_event, compromised_from from agency_key
      where kid collate "C" > ${after?.kid ?? ''} order by kid collate "C" limit ${pageSize}`,
    key: (row) => String(row.kid),
    where: (row) => `agency_key ${String(row.kid)} of ${String(row.agency)}`,
  });
}

function officers(rows: IndexRows): Table {
  return listed(rows.officers, {
    page: (after) => sql`
      select agency, practitioner, from_event, name, capacities, kid, passkey, ended_event from officer
      where (agency collate "C", practitioner collate "C", from_event)
            > (${after?.agency ?? ''}, ${after?.practitioner ?? ''}, ${after?.from_event ?? 0})
      order by agency collate "C", practitioner collate "C", from_event limit ${pageSize}`,
    key: (row) => officerKey(row as OfficerRow),
    where: (row) => `officer of ${String(row.agency)} appointed by event ${String(row.from_event)}`,
  });
}

function definitions(rows: IndexRows): Table {
  return listed(rows.definitions, {
    page: (after) => sql`
      select hash, type, code, from_event, body from definition
      where hash collate "C" > ${after?.hash ?? ''} order by hash collate "C" limit ${pageSize}`,
    key: (row) => String(row.hash),
    where: (row) => `definition ${String(row.hash)}`,
  });
}

function signatures(rows: IndexRows): Table {
  return listed(rows.signatures, {
    page: (after) => sql`
      select event, protocol, agency, officer, capacity, kid, signed_at from protocol_signature
      where event > ${after?.event ?? 0} order by event limit ${pageSize}`,
    key: (row) => String(row.event),
    where: (row) => `protocol_signature of event ${String(row.event)}`,
  });
}

function accessions(rows: IndexRows): Table {
  return listed(rows.accessions, {
    page: (after) => sql`
      select event, protocol, agency, officer, capacity, kid, signed_at,
             host, host_officer, host_capacity, host_kid, host_signed_at
      from protocol_accession where event > ${after?.event ?? 0} order by event limit ${pageSize}`,
    key: (row) => String(row.event),
    where: (row) => `protocol_accession of event ${String(row.event)}`,
  });
}

function storedTexts(rows: IndexRows, texts: ReadonlyMap<string, Protocol>, unreadable: readonly string[]): Table {
  return {
    page: (after) => sql`
      select hash from protocol_text
      where hash collate "C" > ${after?.hash ?? ''} and hash <> all (${unreadable}::text[])
      order by hash collate "C" limit ${pageSize}`,
    key: (row) => String(row.hash),
    where: (row) => `protocol_text ${String(row.hash)}`,
    find: ({ hash }) => (rows.protocols.has(String(hash)) ? { hash } : undefined),
    expected: () => [...texts.keys()].map((hash) => ({ hash })),
  };
}

function protocols(rows: IndexRows, texts: ReadonlyMap<string, Protocol>, unreadable: readonly string[]): Table {
  const rowsOf = (hash: string, document: Protocol): Row[] => [
    protocolRow(hash, document, rows.protocols.get(hash) ?? 0),
  ];
  return following(texts, 'hash', rowsOf, {
    page: (after) => sql`
      select hash, id, version, tier, title, valid_from, valid_until, from_event from protocol
      where hash collate "C" > ${after?.hash ?? ''} and hash <> all (${unreadable}::text[])
      order by hash collate "C" limit ${pageSize}`,
    key: ({ hash }) => String(hash),
    where: ({ id, version }) => `protocol ${String(id)} version ${String(version)}`,
  });
}

function parties(texts: ReadonlyMap<string, Protocol>, unreadable: readonly string[]): Table {
  return following(texts, 'protocol', (hash, { parties: all }) => all.map((party) => partyRow(hash, party)), {
    page: (after) => sql`
      select protocol, agency, signs_as, essential from protocol_party
      where (protocol collate "C", agency collate "C") > (${after?.protocol ?? ''}, ${after?.agency ?? ''})
        and protocol <> all (${unreadable}::text[])
      order by protocol collate "C", agency collate "C" limit ${pageSize}`,
    key: (row) => `${String(row.protocol)} ${String(row.agency)}`,
    where: (row) => `protocol_party ${String(row.agency)} of ${String(row.protocol)}`,
  });
}

function clauses(texts: ReadonlyMap<string, Protocol>, unreadable: readonly string[]): Table {
  return following(texts, 'protocol', (hash, { clauses: all }) => all.map((clause) => clauseRow(hash, clause)), {
    page: (after) => sql`
      select protocol, clause, effect, asset, text from protocol_clause
      where (protocol collate "C", clause collate "C") > (${after?.protocol ?? ''}, ${after?.clause ?? ''})
        and protocol <> all (${unreadable}::text[])
      order by protocol collate "C", clause collate "C" limit ${pageSize}`,
    key: (row) => `${String(row.protocol)} ${String(row.clause)}`,
    where: (row) => `protocol_clause ${String(row.clause)} of ${String(row.protocol)}`,
  });
}

/** A table whose rows follow from the texts of protocols; `named` is the column that names the text. */
function following(
  texts: ReadonlyMap<string, Protocol>,
  named: string,
  rowsOf: (hash: string, document: Protocol) => Row[],
  rest: Reading,
): Table {
  // Rows come text by text.
  let last: { hash: string; rows: Map<string, Row> } | undefined;
  return {
    ...rest,
    find: (row) => {
      const hash = String(row[named]);
      const document = texts.get(hash);
      if (document === undefined) return undefined;
      if (last?.hash !== hash)
        last = { hash, rows: new Map(rowsOf(hash, document).map((one) => [rest.key(one), one])) };
      return last.rows.get(rest.key(row));
    },
    *expected() {
      for (const [hash, document] of texts) yield* rowsOf(hash, document);
    },
  };
}
