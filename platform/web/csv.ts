/** Tables as CSV (RFC 4180) that is safe to open in a spreadsheet: one way of writing it for every list. */
import { Readable } from 'node:stream';
import type Koa from 'koa';

/** All rows as one text. */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map(line).join('');
}

/** Answers with a file to keep, named without its ending: a text, or rows after their titles, sent as they come. */
export function answerCsv(ctx: Koa.Context, name: string, csv: string | CsvRows): void {
  ctx.type = 'text/csv; charset=utf-8';
  ctx.attachment(`${name.replaceAll(':', '-')}.csv`);
  ctx.body = typeof csv === 'string' ? byteOrderMark + csv : Readable.from(lines(csv));
}

type CsvRows = { titles: readonly string[]; rows: AsyncIterable<readonly string[]> };

/** The mark by which spreadsheets know UTF-8. */
const byteOrderMark = '\uFEFF';

async function* lines({ titles, rows }: CsvRows): AsyncGenerator<string> {
  yield byteOrderMark + line(titles);
  for await (const row of rows) yield line(row);
}

function line(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

/** Always quoted; a value that a spreadsheet would take for a formula is led by an apostrophe (OWASP, CSV injection). */
function quoted(value: string): string {
  const harmless = /^[\s]*[=+\-@\t\r]/u.test(value) ? `'${value}` : value;
  return `"${harmless.replaceAll('"', '""')}"`;
}
