/** How old a reader must be: the Flesch–Kincaid grade and five years, over the prose of a document. */
import { fleschKincaid } from 'flesch-kincaid';
import { syllable } from 'syllable';
import { type GeneratedDocument, proseOf } from './document.ts';

/** Ages in years, to one decimal. `hardest`: sentences that would be the first to mend, the hardest first. */
type ReadingAge = { age: number; hardest: { sentence: string; age: number }[] };

/** What public documents should be readable at; a little more is shown, not refused: the DPO decides. */
export const wantedAge = 9;

const yearsBeforeFirstGrade = 5;

export function readingAge(document: GeneratedDocument): ReadingAge {
  const sentences = proseOf(document).flatMap(sentencesOf);
  const hardest = [...new Set(sentences)]
    .filter((sentence) => wordsOf(sentence).length > 3)
    .map((sentence) => ({ sentence, age: ageOf([sentence]) }))
    .filter(({ age }) => age > wantedAge + 1)
    .sort((a, b) => b.age - a.age)
    .slice(0, 5);
  return { age: ageOf(sentences), hardest };
}

function ageOf(sentences: readonly string[]): number {
  const words = sentences.flatMap(wordsOf);
  const grade = fleschKincaid({
    sentence: sentences.length,
    word: words.length,
    syllable: words.reduce((sum, word) => sum + syllable(word), 0),
  });
  return Number.isNaN(grade)
    ? yearsBeforeFirstGrade
    : Math.round((Math.max(grade, 0) + yearsBeforeFirstGrade) * 10) / 10;
}

function sentencesOf(paragraph: string): string[] {
  return paragraph.split(/(?<=[.!?:;])\s+/u).filter((sentence) => wordsOf(sentence).length > 0);
}

/** Addresses and numbers are looked at, not read. */
function wordsOf(sentence: string): string[] {
  const plain = sentence.replaceAll(/\S+@\S+|\S+\.(?:org|gov)\.uk\S*/gu, '');
  return plain.match(/\p{L}[\p{L}’'-]*/gu) ?? [];
}
