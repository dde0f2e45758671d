/** The ways in which a typed name may be meant. "Al Orr" is a Mr Alorr, or an Orr who is called Al: both are looked up. */
import { fold, nameWords, wordsApart } from '../people/names/words.ts';

const mostWords = 4;

/** Each reading as its words, as search sees them; usually one, at most five. None for a text without a letter. */
export function readingsOf(text: string): string[][] {
  const joined = nameWords(text);
  const readings = [joined, wordsApart(text), ...withoutBlanks(text)];
  const distinct = new Map(readings.map((words) => [words.join(' '), words.slice(0, mostWords)]));
  return [...distinct.values()].filter((words) => words.length > 0);
}

const otherScript = /^\p{L}+$/u;
const latin = /\p{Script=Latin}/u;
const withoutCustomOfBlanks = /^(?:[\p{Script=Han}]{2,4}|[\p{Script=Hangul}]{2,4})$/u;

/**
 * Names in scripts that are written with or without a blank between their parts: all of it as one word, and where it was one
 * word of two to four signs, parted after the first and after the second, since a family name has one or two.
 */
function withoutBlanks(text: string): string[][] {
  const letters = text.normalize('NFKC').replace(/[^\p{L}\p{M}]/gu, '');
  if (!otherScript.test(letters.replace(/\p{M}/gu, '')) || latin.test(letters)) return [];
  const typed = fold(text);
  if (typed.length > 1) return [[typed.join('')]];
  if (!withoutCustomOfBlanks.test(letters)) return [];
  const signs = [...letters];
  return [1, 2]
    .filter((at) => at < signs.length)
    .map((at) => [...fold(signs.slice(0, at).join('')), ...fold(signs.slice(at).join(''))]);
}
