/** An entry of the log in plain words. */
import type { LogEntry } from '../../platform/log/read.ts';
import { decisionsIn } from '../../policy/decisions/audit/recorded.ts';
import { eventWords } from './events.ts';
import type { EntryNames } from './names.ts';
import { fromCode, inSentence } from './sentence.ts';

export type EntryWords = {
  id: string;
  position: number;
  time: number;
  title: string;
  /** Who did it, and through which system. */
  who: string;
  /** Whom it is about, where that is somebody else. */
  whom?: string;
  /** The fact that tells one such entry from another. */
  detail?: string;
  outcome?: { text: string; tag: string };
  intact: boolean;
};

/** One decision of an entry: its id, which record it was about, and whether it said yes. */
type Answered = { id: string; record: string; yes: boolean };

export function entryInWords(entry: LogEntry, names: EntryNames): EntryWords {
  const answers = answersIn(entry);
  const outcome = outcomeOf(answers);
  const whom = entry.subject === entry.actor?.practitioner ? undefined : names.person(entry.subject);
  const detail = detailOf(entry, answers, names);
  return {
    id: entry.id,
    position: entry.position,
    time: entry.time,
    title: titleOf(entry, answers, names),
    who: whoOf(entry, names),
    ...(whom === undefined ? {} : { whom }),
    ...(detail === undefined ? {} : { detail }),
    ...(outcome === undefined ? {} : { outcome }),
    intact: entry.intact,
  };
}

/** The decisions that an entry holds, in their order; none where it holds something else or was erased. */
export function answersIn(entry: LogEntry): Answered[] {
  return decisionsIn(entry).map(({ id, content }) => ({
    id,
    record: text({ content }, 'request', 'resource', 'id') ?? '',
    yes: at(content, ['answer', 'decision']) === true,
  }));
}

function titleOf(entry: LogEntry, answers: readonly Answered[], names: EntryNames): string {
  const asset = text(entry, 'request', 'resource', 'type');
  const [first] = answers;
  if (first === undefined || asset === undefined) return eventWords(entry.event);
  const kind = inSentence(names.asset(asset));
  if (answers.length > 1) return `Decisions: ${kind}, ${answers.length} times`;
  return `Decision: ${kind} ${first.record}`.trim();
}

function whoOf({ actor }: LogEntry, names: EntryNames): string {
  if (actor === undefined) return 'somebody whose name was erased';
  const person = names.person(actor.practitioner) ?? actor.practitioner;
  const system = actor.client === undefined ? undefined : names.system(actor.client);
  if (person !== undefined) return system === undefined ? person : `${person} through ${system}`;
  return system ?? (actor.service === undefined ? 'the service' : `the service (${actor.service})`);
}

/** Each kind of event keeps what matters most under names of its own. */
function detailOf(entry: LogEntry, answers: readonly Answered[], names: EntryNames): string | undefined {
  if (answers.length > 0) return purposeAndReason(entry);
  if (entry.event.startsWith('register.')) return ofRegister(entry, names);
  return text(entry, 'reason') ?? (entry.event === 'directory.search' ? text(entry, 'name') : undefined);
}

function purposeAndReason(entry: LogEntry): string {
  const parts = [text(entry, 'request', 'purpose'), text(entry, 'answer', 'context', 'reason', 'code')];
  return fromCode(parts.filter((part) => part !== undefined).join(': '));
}

function ofRegister(entry: LogEntry, names: EntryNames): string | undefined {
  const [protocol, agency, where] = [text(entry, 'protocol'), text(entry, 'agency'), text(entry, 'where')];
  const what = protocol === undefined ? text(entry, 'code') : (names.protocol(protocol) ?? text(entry, 'id'));
  const found = where === undefined ? undefined : `${where}: ${text(entry, 'what') ?? ''}`;
  const parts = [what ?? found, agency === undefined ? undefined : names.agency(agency)];
  return parts.filter((part) => part !== undefined).join(', by ') || undefined;
}

function outcomeOf(answers: readonly Answered[]): { text: string; tag: string } | undefined {
  if (answers.length === 0) return undefined;
  const yes = answers.filter((one) => one.yes).length;
  if (yes === answers.length) return { text: 'Yes', tag: 'green' };
  if (yes === 0) return { text: 'No', tag: 'red' };
  return { text: `${yes} yes, ${answers.length - yes} no`, tag: 'grey' };
}

/** A text in an entry's content, or undefined. */
function text({ content }: Pick<LogEntry, 'content'>, ...path: string[]): string | undefined {
  const value = at(content, path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[name] : undefined,
    value,
  );
}
