/** Compares the index tables with what the verified chain says: a row edited by hand is found, whatever was edited. */
import type { Queryable } from '../../../platform/database/database.ts';
import type { Protocol } from '../protocols/document.ts';
import type { Difference } from '../chain/difference.ts';
import type { Turn } from '../chain/turn.ts';
import type { IndexRows, Row } from './rows.ts';
import { describeTables, pageSize, type Table } from './tables.ts';

type CompareOptions = {
  /** Tables are compared in turns. */
  turn: Turn;
  /** Awaited after each page, so that other work gets its turn. */
  rest: () => Promise<unknown>;
};

/**
 * Lists where the tables differ from the chain, by table, for those whose turn it is. `texts` gives the documents of the
 * texts that could be read.
 */
export async function compareIndex(
  db: Queryable,
  rows: IndexRows,
  texts: ReadonlyMap<string, Protocol>,
  { turn, rest }: CompareOptions,
): Promise<Map<number, Difference[]>> {
  const differences = new Map<number, Difference[]>();
  for (const [index, table] of describeTables(rows, texts).entries()) {
    if (index % turn.of !== turn.at) continue;
    const seen = new Set<string>();
    const found = await compareRows(db, table, seen, rest);
    differences.set(index, [...found, ...(await listMissing(table, seen, rest))]);
  }
  return differences;
}

async function compareRows(
  db: Queryable,
  table: Table,
  seen: Set<string>,
  rest: () => Promise<unknown>,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  let last: Row | undefined;
  for (;;) {
    const page: Row[] = await db.query<Row>(table.page(last));
    for (const row of page) {
      seen.add(table.key(row));
      const expected = table.find(row);
      const where = table.where(row);
      if (expected === undefined) differences.push({ where, what: 'this row is not in the signed chain' });
      else if (!same(row, expected)) {
        differences.push({ where, what: 'this row says something else than the signed chain' });
      }
    }
    last = page.at(-1);
    if (page.length < pageSize) return differences;
    await rest();
  }
}

async function listMissing(
  table: Table,
  seen: ReadonlySet<string>,
  rest: () => Promise<unknown>,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  let looked = 0;
  for (const row of table.expected()) {
    if (!seen.has(table.key(row))) {
      differences.push({ where: table.where(row), what: 'this row of the signed chain is missing' });
    }
    looked += 1;
    if (looked % 2_000 === 0) await rest();
  }
  return differences;
}

function same(row: Row, expected: Row): boolean {
  for (const name in expected) {
    const [actual, value] = [row[name], expected[name]];
    if (Array.isArray(value) ? JSON.stringify(actual) !== JSON.stringify(value) : actual !== value) return false;
  }
  return true;
}
