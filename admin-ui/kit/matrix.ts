/** A matrix: what holds for each pair, such as which role may read which field, as a table that narrow windows show role by role. */
import { type Cell, tableView, type TableView } from './table.ts';

type Named = { title: string };

/** `corner`: what the rows are. `says`: what holds for a pair, in words; the colour of a tag never says it alone. */
export function matrixView<Row extends Named, Column extends Named>(
  heading: { caption: string; corner: string },
  rows: readonly Row[],
  columns: readonly Column[],
  says: (row: Row, column: Column) => Cell,
): TableView {
  const all = [
    { name: 'row', title: heading.corner, cell: ({ title }: Row) => title },
    ...columns.map((column) => ({ name: 'column', title: column.title, cell: (row: Row) => says(row, column) })),
  ];
  return tableView(all, rows, { caption: heading.caption });
}
