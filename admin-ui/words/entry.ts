/** An entry of the log in plain words. */
import type { LogEntry } from '../../platform/log/read.ts';

const events: Record<string, string> = {
  decision: 'Decision',
  'sign-in': 'Sign-in',
  'sign-in-throttled': 'Failed sign-ins were slowed down',
  'sign-out': 'Sign-out',
  'post-chosen': 'Acting post chosen',
  'directory.search': 'Directory search',
  'directory.entry-viewed': 'Directory entry opened',
  'log.read': 'Log read',
  'practitioner.admitted': 'Person added to the directory',
  'practitioner.suspended': 'Person suspended',
  'practitioner.restored': 'Person restored',
  'practitioner.left': 'Person has left',
  'post.given': 'Post given',
  'post.ended': 'Post ended',
  'post.suspended': 'Post suspended',
  'post.restored': 'Post restored',
  'partner.registered': 'Partner system registered',
  'partner.suspended': 'Partner system suspended',
  'consent.recorded': 'Consent recorded',
  'consent.withdrawn': 'Consent withdrawn',
  'involvement.recorded': 'Involvement recorded',
  'involvement.ended': 'Involvement ended',
  'register.damage-noticed': 'Register found changed by hand',
  'content-erased': 'Content of an entry erased',
};

/** The name of an event as people read it; an event that has no words yet is named plainly by its code. */
export function eventWords(event: string): string {
  return events[event] ?? event.replace(/^register\./, 'Register: ').replaceAll(/[.-]/g, ' ');
}

export type EntryWords = {
  id: string;
  position: number;
  time: number;
  title: string;
  outcome?: { text: string; tag: string };
  intact: boolean;
};

export function entryInWords(entry: LogEntry): EntryWords {
  const outcome = outcomeOf(entry);
  return {
    id: entry.id,
    position: entry.position,
    time: entry.time,
    title: titleOf(entry),
    ...(outcome === undefined ? {} : { outcome }),
    intact: entry.intact,
  };
}

function titleOf(entry: LogEntry): string {
  const resource = property(property(property(entry.content, 'request'), 'resource'), 'type');
  const about = entry.event === 'decision' && typeof resource === 'string' ? `: ${resource.replaceAll('-', ' ')}` : '';
  return eventWords(entry.event) + about;
}

function outcomeOf(entry: LogEntry): { text: string; tag: string } | undefined {
  if (entry.event !== 'decision') return undefined;
  return property(property(entry.content, 'answer'), 'decision') === true
    ? { text: 'Yes', tag: 'green' }
    : { text: 'No', tag: 'red' };
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** The events that the filter of the log offers, in the order of their words. */
export const knownEvents = Object.entries(events)
  .map(([value, text]) => ({ value, text }))
  .sort((a, b) => a.text.localeCompare(b.text));
