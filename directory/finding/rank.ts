/** Puts candidates in order and says in words why each one matched. */
import type { Candidate } from './candidates.ts';
import { compareWith, type How, type Likeness } from './likeness.ts';
import { wordsOf } from '../people/names/words.ts';

/** `why` holds one plain sentence for each word asked that is not simply there. */
export type Match = { person: Candidate; score: number; why: string[] };

/** A word as asked, and its comparison with words of names. */
type Asked = { word: string; compare: (found: string) => Likeness | undefined };

type Found = Likeness & { word: string; isFamily: boolean; otherName?: string };

// One of two words must be nearly right.
const leastTotal = 0.35;

/** Candidates worth showing, best first; ties in the order of names. Each is judged by the reading that fits them best. */
export function rank(readings: string[][], people: Candidate[]): Match[] {
  const known = new Map(readings.flat().map((word) => [word, { word, compare: compareWith(word) }]));
  const asked = readings.map((words) => words.map((word) => known.get(word)!));
  return people
    .map((person) => {
      const names = namesOf(person);
      return asked
        .map((words) => matchOf(words, person, names))
        .reduce((one, other) => (other.score > one.score ? other : one));
    })
    .filter(({ score }) => score >= leastTotal)
    .sort((one, other) => other.score - one.score || (one.person.sortKey < other.person.sortKey ? -1 : 1));
}

function matchOf(asked: Asked[], person: Candidate, names: Name[]): Match {
  const found = asked.map(({ compare }) => bestOf(compare, names));
  const total = found.reduce((sum, one) => sum + (one?.score ?? 0), 0) / asked.length;
  // Of two people who match alike, the one with fewer names left over was more likely meant.
  const leftOver = Math.max(0, (names[0]?.words.length ?? 0) - asked.length);
  return {
    person,
    score: total - 0.005 * Math.min(leftOver, 4) - (onlyGiven(found) ? 0.1 : 0),
    why: found.map((one, at) => explain(asked[at]!.word, one)).filter((text) => text !== undefined),
  };
}

// A given name alone says less than a family name alone.
function onlyGiven(found: (Found | undefined)[]): boolean {
  return found.includes(undefined) && !found.some((one) => one?.isFamily);
}

type Name = { family: string[]; words: string[]; other?: string };

function namesOf(person: Candidate): Name[] {
  const main = wordsOf(person);
  const others = person.other.map((name) => {
    const { family, given } = wordsOf({ display: name });
    return { family: given.length > 0 ? family : [], words: [...family, ...given], other: name };
  });
  return [{ family: main.family, words: [...new Set([...main.family, ...main.given])] }, ...others];
}

function bestOf(compare: Asked['compare'], names: Name[]): Found | undefined {
  let best: Found | undefined;
  for (const { family, words, other } of names) {
    for (const word of words) {
      const like = compare(word);
      if (like === undefined || like.score <= (best?.score ?? 0)) continue;
      best = { ...like, word, isFamily: family.includes(word), ...(other !== undefined && { otherName: other }) };
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
