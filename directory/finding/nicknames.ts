/** Short and familiar forms of given names, and spellings that letters alone do not bring together. */
import { readFileSync } from 'node:fs';

/** Each line: names that people use for one another. A name may stand in several lines. */
const groups = readFileSync(new URL('./nicknames.txt', import.meta.url), 'utf8');

const byName = new Map<string, Set<string>>();
for (const group of groups.trim().split('\n')) {
  const names = group.split(' ');
  for (const name of names) {
    const others = byName.get(name) ?? new Set();
    for (const other of names) if (other !== name) others.add(other);
    byName.set(name, others);
  }
}

const none: ReadonlySet<string> = new Set();

/** Other given names that a bearer of this one may go by; empty for most words. Folded small letters. */
export function nicknamesOf(word: string): ReadonlySet<string> {
  return byName.get(word) ?? none;
}
