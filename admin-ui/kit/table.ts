/** Dense tables: columns said once, for the page and for the file to keep; the order and the filters stand in the address. */
import { z } from 'zod';
import { isoDate, isoTime } from '../../platform/web/filters.ts';
import { addressOf, type PageQuery } from './pages.ts';

/**
 * What a cell shows: a text, with the address that it leads to or the colour of its tag; or epoch seconds, as a moment (`at`) or
 * as its day.
 */
export type Cell = string | { text?: string; href?: string; tag?: string; at?: number; day?: number };

export type Column<Row> = {
  /** In the address, where the table can be put in order by it. */
  name: string;
  title: string;
  cell: (row: Row) => Cell;
  /** `numeric`: to the right; `clipped`: one line, the rest cut off where it does not fit. */
  looks?: 'numeric' | 'clipped';
  sorts?: boolean;
};

/** As it stands in the address: `name`, or `-name` for the last first. */
type Order = { by: string; descending: boolean };

export type TableView = {
  caption: string;
  head: { title: string; looks?: string; href?: string; sorted?: 'ascending' | 'descending' }[];
  rows: (ShownRow | Fold)[];
  now?: number;
};
type ShownRow = { cells: (Exclude<Cell, string> & { title: string; looks?: string })[] };

/** What stands behind one line of the table until it is opened. */
export type Fold = { summary: string; items: { text: string; href: string; at: number }[] };

/** Columns by which a table may be put in order, as the parameter `sort` of an address; anything else is no order. */
export function sortBy<Row>(columns: readonly Column<Row>[]) {
  const names = columns.filter(({ sorts }) => sorts).map(({ name }) => name);
  return z
    .enum(names.flatMap((name) => [name, `-${name}`]))
    .optional()
    .catch(undefined);
}

export function orderOf(sort: string | undefined): Order | undefined {
  return sort === undefined ? undefined : { by: sort.replace(/^-/, ''), descending: sort.startsWith('-') };
}

/**
 * `path` and `query`: the address of the list as it stands, with its filters and its order, where columns sort. `now`: epoch
 * seconds, where cells hold times.
 */
export function tableView<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: { caption: string; path?: string; query?: PageQuery; now?: number },
): TableView {
  const { caption, path = '', query = {}, now } = options;
  const order = orderOf(query.sort);
  return {
    caption,
    ...(now !== undefined && { now }),
    head: columns.map(({ name, title, looks, sorts }) => ({
      title,
      ...(looks && { looks }),
      ...(sorts && { href: addressOf(path, { ...query, sort: nextSort(name, order), page: undefined }) }),
      ...(order?.by === name && { sorted: order.descending ? 'descending' : 'ascending' }),
    })),
    rows: rows.map((row) => ({
      cells: columns.map(({ title, looks, cell }) => ({ title, ...(looks && { looks }), ...contentOf(cell(row)) })),
    })),
  };
}

/** Rows that are all at hand, in the order asked for: numbers and times by size, words as people look them up. */
export function sorted<Row>(columns: readonly Column<Row>[], rows: readonly Row[], order: Order | undefined): Row[] {
  const column = columns.find(({ name }) => name === order?.by);
  if (column === undefined) return [...rows];
  const compare = (a: Row, b: Row): number => words.compare(sortable(column.cell(a)), sortable(column.cell(b)));
  const ascending = [...rows].sort(compare);
  return order?.descending ? ascending.reverse() : ascending;
}

/** The same columns as lines of a file: the titles, then a line a row. */
export function titlesOf<Row>(columns: readonly Column<Row>[]): string[] {
  return columns.map(({ title }) => title);
}

export function textsOf<Row>(columns: readonly Column<Row>[], row: Row): string[] {
  return columns.map(({ cell }) => {
    const { text = '', at, day } = contentOf(cell(row));
    if (at !== undefined) return isoTime(at);
    return day === undefined ? text : isoDate(day);
  });
}

const words = new Intl.Collator('en-GB', { numeric: true, sensitivity: 'base' });

function sortable(cell: Cell): string {
  const { text = '', at, day } = contentOf(cell);
  return String(at ?? day ?? text);
}

function nextSort(name: string, order: Order | undefined): string {
  return order?.by === name && !order.descending ? `-${name}` : name;
}

function contentOf(cell: Cell): Exclude<Cell, string> {
  return typeof cell === 'string' ? { text: cell } : cell;
}
