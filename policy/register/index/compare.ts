/** Compares the index tables with what the verified chain says: a row edited by hand is found, whatever was edited. */
import { setImmediate as pause } from 'node:timers/promises';
import type { Queryable } from '../../../platform/database/database.ts';
import { type Query, sql } from '../../../platform/database/sql.ts';
import type { Protocol } from '../../protocols/document.ts';
import type { Difference } from '../difference.ts';
import { clauseRows, type IndexRows, officerKey, type OfficerRow, partyRows, protocolRow } from './rows.ts';

/** How a table's rows are read a page at a time, and what must stand in it. */
type Table = {
  /** Rows after a key, in the order of the key. */
  page(after: Row | undefined): Query;
  /** Names a row, for the one who has to find it; nobody's name. */
  where(row: Row): string;
  key(row: Row): string;
  expected: ReadonlyMap<string, object>;
};
type Row = Record<string, unknown>;

const size = 500;

/** Lists where the tables differ from the chain. `texts` gives the documents of the texts that could be read. */
export async function compareIndex(
  db: Queryable,
  rows: IndexRows,
  texts: ReadonlyMap<string, Protocol>,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const table of [
    keys(rows),
    officers(rows),
    definitions(rows),
    signatures(rows),
    ...protocolTables(rows, texts),
  ]) {
    differences.push(...(await compareTable(db, table)));
  }
  return differences;
}

async function compareTable(db: Queryable, table: Table): Promise<Difference[]> {
  const differences: Difference[] = [];
  const seen = new Set<string>();
  let last: Row | undefined;
  for (;;) {
    const page: Row[] = await db.query<Row>(table.page(last));
    for (const row of page) {
      const key = table.key(row);
      seen.add(key);
      const expected = table.expected.get(key);
      if (expected === undefined)
        differences.push({ where: table.where(row), what: 'this row is not in the signed chain' });
      else if (!same(row, expected))
        differences.push({ where: table.where(row), what: 'this row says something else than the signed chain' });
    }
    last = page.at(-1);
    if (page.length < size) break;
    await pause();
  }
  for (const key of table.expected.keys()) {
    if (!seen.has(key))
      differences.push({
        where: table.where((table.expected.get(key) ?? {}) as Row),
        what: 'this row of the signed chain is missing',
      });
  }
  return differences;
}

function same(row: Row, expected: object): boolean {
  const fields = Object.entries(expected as Row);
  return fields.every(([name, value]) => {
    const actual = row[name];
    return Array.isArray(value) ? JSON.stringify(actual) === JSON.stringify(value) : actual === value;
  });
}

function keys({ keys: expected }: IndexRows): Table {
  return {
    page: (after) => sql`
      select kid, agency, use, jwk, from_event, revoked_event, compromised_from from agency_key
      where kid collate "C" > ${after?.kid ?? ''} order by kid collate "C" limit ${size}`,
    where: (row) => `agency_key ${String(row.kid)} of ${String(row.agency)}`,
    key: (row) => String(row.kid),
    expected,
  };
}

function officers({ officers: expected }: IndexRows): Table {
  return {
    page: (after) => sql`
      select agency, practitioner, from_event, name, capacities, kid, ended_event from officer
      where (agency collate "C", practitioner collate "C", from_event)
            > (${after?.agency ?? ''}, ${after?.practitioner ?? ''}, ${after?.from_event ?? 0})
      order by agency collate "C", practitioner collate "C", from_event limit ${size}`,
    where: (row) => `officer of ${String(row.agency)} appointed by event ${String(row.from_event)}`,
    key: (row) => officerKey(row as unknown as OfficerRow),
    expected,
  };
}

function definitions({ definitions: expected }: IndexRows): Table {
  return {
    page: (after) => sql`
      select hash, type, code, from_event, body from definition
      where hash collate "C" > ${after?.hash ?? ''} order by hash collate "C" limit ${size}`,
    where: (row) => `definition ${String(row.hash)}`,
    key: (row) => String(row.hash),
    expected,
  };
}

function signatures({ signatures: expected }: IndexRows): Table {
  return {
    page: (after) => sql`
      select event, protocol, agency, officer, capacity, kid, signed_at from protocol_signature
      where event > ${after?.event ?? 0} order by event limit ${size}`,
    where: (row) => `protocol_signature of event ${String(row.event)}`,
    key: (row) => String(row.event),
    expected,
  };
}

// Of a damaged text nobody knows what its rows should say: they are left alone, and the text is reported instead.
function protocolTables(rows: IndexRows, texts: ReadonlyMap<string, Protocol>): Table[] {
  const known = [...rows.protocols].flatMap(([hash, from]) => {
    const document = texts.get(hash);
    return document === undefined ? [] : [{ hash, from, document }];
  });
  const readable = new Set(known.map(({ hash }) => hash));
  const unreadable = [...rows.protocols.keys()].filter((hash) => !readable.has(hash));
  const keyed = <R extends object>(list: R[], key: (row: R) => string) => new Map(list.map((row) => [key(row), row]));
  return [
    {
      page: (after) => sql`
        select hash from protocol_text
        where hash collate "C" > ${after?.hash ?? ''} and hash <> all (${unreadable}::text[])
        order by hash collate "C" limit ${size}`,
      where: (row) => `protocol_text ${String(row.hash)}`,
      key: (row) => String(row.hash),
      expected: keyed(
        known.map(({ hash }) => ({ hash })),
        (row) => row.hash,
      ),
    },
    {
      page: (after) => sql`
        select hash, id, version, tier, title, valid_from, valid_until, from_event from protocol
        where hash collate "C" > ${after?.hash ?? ''} and hash <> all (${unreadable}::text[])
        order by hash collate "C" limit ${size}`,
      where: (row) => `protocol ${String(row.id)} version ${String(row.version)}`,
      key: (row) => String(row.hash),
      expected: keyed(
        known.map(({ hash, document, from }) => protocolRow(hash, document, from)),
        (row) => row.hash,
      ),
    },
    {
      page: (after) => sql`
        select protocol, agency, signs_as, essential from protocol_party
        where (protocol collate "C", agency collate "C") > (${after?.protocol ?? ''}, ${after?.agency ?? ''})
          and protocol <> all (${unreadable}::text[])
        order by protocol collate "C", agency collate "C" limit ${size}`,
      where: (row) => `protocol_party ${String(row.agency)} of ${String(row.protocol)}`,
      key: (row) => `${String(row.protocol)} ${String(row.agency)}`,
      expected: keyed(
        known.flatMap(({ hash, document }) => partyRows(hash, document)),
        (row) => `${row.protocol} ${row.agency}`,
      ),
    },
    {
      page: (after) => sql`
        select protocol, clause, effect, asset, text from protocol_clause
        where (protocol collate "C", clause collate "C") > (${after?.protocol ?? ''}, ${after?.clause ?? ''})
          and protocol <> all (${unreadable}::text[])
        order by protocol collate "C", clause collate "C" limit ${size}`,
      where: (row) => `protocol_clause ${String(row.clause)} of ${String(row.protocol)}`,
      key: (row) => `${String(row.protocol)} ${String(row.clause)}`,
      expected: keyed(
        known.flatMap(({ hash, document }) => clauseRows(hash, document)),
        (row) => `${row.protocol} ${row.clause}`,
      ),
    },
  ];
}
