/** The rows of the log's list: entries in words, with the officer's own reading of the log behind one line. */
import { type LogEntry, listEntries } from '../../../platform/log/read.ts';
import { asReadBy } from '../../../policy/decisions/audit/as_read_by.ts';
import { namesRecord } from '../../../policy/decisions/audit/recorded.ts';
import type { WebContext } from '../../context.ts';
import { type Column, type Fold, tableView, type TableView, textsOf } from '../../kit/table.ts';
import type { Person } from '../../session/person.ts';
import { type EntryWords, entryInWords } from '../../words/entry.ts';
import { type EntryNames, loadNames } from '../../words/names.ts';
import { type Query, toFilters } from './filters.ts';

export const columns: Column<EntryWords>[] = [
  { name: 'event', title: 'Event', cell: ({ id, title }) => ({ text: title, href: `/log/${id}` }) },
  { name: 'outcome', title: 'Outcome', cell: ({ outcome, intact }) => (intact ? (outcome ?? '') : byHand) },
  { name: 'detail', title: 'What', cell: ({ detail = '' }) => detail, looks: 'clipped' },
  { name: 'who', title: 'By', cell: ({ who }) => who, looks: 'clipped' },
  { name: 'whom', title: 'About', cell: ({ whom = '' }) => whom, looks: 'clipped' },
  { name: 'time', title: 'When', cell: ({ time }) => ({ at: time }) },
  { name: 'position', title: 'Entry', cell: ({ position }) => String(position), looks: 'numeric' },
];

const byHand = { text: 'Changed by hand', tag: 'red' };

/** Entries on a page, beside the folded ones. */
const size = 50;
/** How often a page looks further back to be full. */
const mostReads = 10;

export type Listed = { entries: LogEntry[]; own: LogEntry[]; next?: number };

/** A page of the agency's log; `own`: the person's own reading of it, unless that is what they look for. */
export async function listPage(context: WebContext, person: Person, query: Query): Promise<Listed> {
  // One that somebody edited by hand is not hidden.
  const isOwn = ({ event, actor, intact }: LogEntry): boolean =>
    intact && event === 'log.read' && query.event !== event && actor?.practitioner === person.practitioner;
  const listed: Listed = { entries: [], own: [], ...(query.before !== undefined && { next: query.before }) };
  for (let reads = 0; reads < mostReads && listed.entries.length < size; reads += 1) {
    const { entries, next } = await readOn(context, person, query, size - listed.entries.length, listed.next);
    for (const entry of entries) listed[isOwn(entry) ? 'own' : 'entries'].push(entry);
    if (next === undefined) return { entries: listed.entries, own: listed.own };
    listed.next = next;
  }
  return listed;
}

/** The next entries that fit, of so many looked through. */
async function readOn({ ground }: WebContext, { post }: Person, query: Query, limit: number, before?: number) {
  const place = { limit, ...(before !== undefined && { before }) };
  const reader = { agency: post.agency };
  const { entries: stored, next } = await listEntries(ground.db, reader, toFilters(query), place);
  const entries = stored.map((entry) => asReadBy(ground.config.masterKey, reader, entry));
  const { record } = query;
  return { next, entries: record === undefined ? entries : entries.filter((entry) => namesRecord(entry, record)) };
}

export function logTable({ entries, own }: Listed, names: EntryNames, now: number): TableView {
  const view = tableView(
    columns,
    entries.map((entry) => entryInWords(entry, names)),
    { caption: 'Entries of the log, newest first', now },
  );
  const [newest] = own;
  if (newest === undefined) return view;
  const newer = entries.filter(({ position }) => position > newest.position).length;
  return { ...view, rows: view.rows.toSpliced(newer, 0, fold(own, names)) };
}

function fold(own: readonly LogEntry[], names: EntryNames): Fold {
  return {
    summary: `You read the log, ${own.length === 1 ? 'once' : `${own.length} times`}`,
    items: own.map((entry) => {
      const { id, title, time } = entryInWords(entry, names);
      return { text: title, href: `/log/${id}`, at: time };
    }),
  };
}

/** Everything that fits, newest first, as lines of a file. It is read while it is sent, so that no list is too long. */
export async function* listLines(context: WebContext, person: Person, query: Query): AsyncGenerator<string[]> {
  let before: number | undefined;
  do {
    const { entries, next } = await readOn(context, person, query, 200, before);
    const names = await loadNames(context, entries);
    for (const entry of entries) yield textsOf(columns, entryInWords(entry, names));
    before = next;
  } while (before !== undefined);
}
