/** How alike two words of names are, and in what way: what search ranks by and tells people. */
import { LRUCache } from 'lru-cache';
import { soundCodes } from '../people/names/daitch_mokotoff.ts';
import { nicknamesOf } from './nicknames.ts';

export type How = 'exact' | 'nickname' | 'begins' | 'sound' | 'spelling';

/** `score` from 0 to 1; 1 is the same word. */
export type Likeness = { how: How; score: number };

/** Below this two words have nothing to do with each other. */
const leastScore = 0.55;

/** Compares a word that somebody typed with a word of a name that may sound the same; undefined when they are not alike. */
export function likeness(asked: string, found: string, soundsAlike: boolean): Likeness | undefined {
  if (asked === found) return { how: 'exact', score: 1 };
  const spelling = 1 - editDistance(asked, found) / Math.max(asked.length, found.length);
  const ways: Likeness[] = [{ how: 'spelling', score: spelling * 0.98 }];
  if (nicknamesOf(asked).has(found)) ways.push({ how: 'nickname', score: 0.88 });
  if (asked.length > 1 && found.startsWith(asked)) {
    ways.push({ how: 'begins', score: 0.7 + 0.25 * (asked.length / found.length) });
  }
  // The sound of a name brings some strangers together: how it is spelt decides between them.
  if (soundsAlike) ways.push({ how: 'sound', score: 0.6 + 0.35 * spelling });
  const best = ways.reduce((one, other) => (other.score > one.score ? other : one));
  return best.score < leastScore ? undefined : best;
}

/** Compares one asked word with many, each distinct one once. */
export function compareWith(asked: string): (found: string) => Likeness | undefined {
  const sounds = new Set(soundsOf(asked));
  const known = new Map<string, Likeness | undefined>();
  return (found) => {
    if (!known.has(found))
      known.set(
        found,
        likeness(
          asked,
          found,
          soundsOf(found).some((code) => sounds.has(code)),
        ),
      );
    return known.get(found);
  };
}

// The same names come back in every search; ten thousand of them are one or two megabytes.
const remembered = new LRUCache<string, string[]>({ max: 10_000 });

function soundsOf(word: string): string[] {
  const known = remembered.get(word);
  if (known !== undefined) return known;
  const codes = soundCodes(word);
  remembered.set(word, codes);
  return codes;
}

/** Letters to add, drop, change or swap with the next one to turn one word into the other (optimal string alignment). */
export function editDistance(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      let least = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        least = Math.min(least, before[j - 2]! + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[other.length]!;
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz';

/** Every word one slip of the finger away. For short words, where trigrams find too little to hold on to. */
export function oneEditAway(word: string): string[] {
  const edits = new Set<string>();
  for (let at = 0; at <= word.length; at += 1) {
    const head = word.slice(0, at);
    const tail = word.slice(at);
    for (const letter of alphabet) edits.add(head + letter + tail);
    if (tail === '') continue;
    edits.add(head + tail.slice(1));
    for (const letter of alphabet) edits.add(head + letter + tail.slice(1));
    if (tail.length > 1) edits.add(head + tail[1] + tail[0] + tail.slice(2));
  }
  edits.delete(word);
  edits.delete('');
  return [...edits];
}
