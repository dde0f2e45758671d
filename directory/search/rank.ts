/** Puts candidates in order and says in words why each one matched. */
import type { Candidate } from './candidates.ts';
import { soundCodes } from './daitch_mokotoff.ts';
import { type How, likeness } from './likeness.ts';
import { wordsOf } from './words.ts';

/** `why` holds one plain sentence for each word asked that is not simply there. */
export type Match = { person: Candidate; score: number; why: string[] };

type Found = { word: string; how: How; score: number; otherName?: string };

// Under half of what was asked is no match: one of two words must be right.
const leastTotal = 0.45;

/** Candidates worth showing, best first; ties in the order of names. */
export function rank(words: string[], people: Candidate[]): Match[] {
  const asked = words.map((word) => ({ word, sounds: new Set(soundCodes(word)) }));
  return people
    .map((person) => matchOf(asked, person))
    .filter(({ score }) => score >= leastTotal)
    .sort((one, other) => other.score - one.score || (one.person.sortKey < other.person.sortKey ? -1 : 1));
}

function matchOf(asked: { word: string; sounds: ReadonlySet<string> }[], person: Candidate): Match {
  const names = namesOf(person);
  const found = asked.map(({ word, sounds }) => bestOf(word, sounds, names));
  const total = found.reduce((sum, one) => sum + (one?.score ?? 0), 0) / asked.length;
  // Of two people who match alike, the one with fewer names left over was more likely meant.
  const leftOver = Math.max(0, (names[0]?.words.length ?? 0) - asked.length);
  return {
    person,
    score: total - 0.005 * Math.min(leftOver, 4),
    why: found.map((one, at) => explain(asked[at]!.word, one)).filter((text) => text !== undefined),
  };
}

type Name = { words: string[]; other?: string };

function namesOf(person: Candidate): Name[] {
  const main = wordsOf(person);
  const others = person.other.map((name) => {
    const { family, given } = wordsOf({ display: name });
    return { words: [...family, ...given], other: name };
  });
  return [{ words: [...new Set([...main.family, ...main.given])] }, ...others];
}

function bestOf(word: string, sounds: ReadonlySet<string>, names: Name[]): Found | undefined {
  let best: Found | undefined;
  for (const { words, other } of names) {
    for (const candidate of words) {
      const like = likeness(word, candidate, sounds);
      if (like === undefined || like.score <= (best?.score ?? 0)) continue;
      best = { word: candidate, ...like, ...(other !== undefined && { otherName: other }) };
    }
  }
  return best;
}

const ways: Record<Exclude<How, 'exact'>, (asked: string, found: string) => string> = {
  nickname: (asked, found) => `“${asked}” can be short for “${found}”`,
  begins: (asked, found) => `“${found}” begins with “${asked}”`,
  sound: (asked, found) => `“${found}” sounds like “${asked}”`,
  spelling: (asked, found) => `“${found}” is spelt like “${asked}”`,
};

function explain(asked: string, found: Found | undefined): string | undefined {
  if (found === undefined) return `nothing like “${asked}” in the name`;
  const also = found.otherName === undefined ? '' : `also known as ${found.otherName}`;
  if (found.how === 'exact') return also === '' ? undefined : also;
  const way = ways[found.how](asked, found.word);
  return also === '' ? way : `${way} (${also})`;
}
