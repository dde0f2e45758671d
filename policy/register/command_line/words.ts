/** Words of the command line. */
import type { Capacity } from '../signatures/capacity.ts';

const words: Record<Capacity, string> = {
  'caldicott-guardian': 'Caldicott guardian',
  siro: 'senior information risk owner',
  dpo: 'data protection officer',
  director: 'director',
  'information-sharing-officer': 'information sharing officer',
};

export function capacityInWords(capacity: Capacity): string {
  return words[capacity];
}

/** 3 June 2026 at 14:05 UTC */
export function timeInWords(seconds: number): string {
  const [day, clock] = new Date(seconds * 1000).toISOString().split('T') as [string, string];
  const date = new Date(`${day}T12:00:00Z`);
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });
  return `${format.format(date)} at ${clock.slice(0, 5)} UTC`;
}

/** Breaks a text into lines of a terminal. */
export function wrap(text: string, width = 92): string[] {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines[lines.length - 1]!;
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
