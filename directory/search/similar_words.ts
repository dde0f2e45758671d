/** Finds the words of the lexicon that somebody may have meant: the same, near in spelling, in sound, or a nickname. */
import type { Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { soundCodes } from './daitch_mokotoff.ts';
import { likeness, oneEditAway } from './likeness.ts';
import { nicknamesOf } from './nicknames.ts';

/** A word of the lexicon and how like the asked one it is, 0 to 1. */
export type SimilarWord = { id: number; score: number };

// Longer words have trigrams enough; shorter ones have one-letter slips few enough to look up.
const longestForEdits = 8;
const mostPerWord = 40;

/** For each word asked, its similar words, best first, at most 40. */
export async function similarWords(db: Queryable, words: string[]): Promise<SimilarWord[][]> {
  const same = flat(words, (word) => [
    word,
    ...nicknamesOf(word),
    ...(word.length > 2 && word.length <= longestForEdits ? oneEditAway(word) : []),
  ]);
  const sounds = flat(words, soundCodes);
  const rows = await db.query<{ at: number; id: number; token: string }>(sql`
    select a.at, t.id, t.token
    from unnest(${same.at}::integer[], ${same.text}::text[]) as a (at, word) join name_token t on t.token = a.word
    union
    select a.at, t.id, t.token
    from unnest(${sounds.at}::integer[], ${sounds.text}::text[]) as a (at, code)
    join name_sound s on s.code = a.code join name_token t on t.id = s.token
    union
    select a.at::integer, t.id, t.token
    from unnest(${words}::text[]) with ordinality as a (word, at)
    cross join lateral (
      (select id, token from name_token where token % a.word order by similarity(token, a.word) desc limit 60)
      union all
      (select id, token from name_token where length(a.word) > 2 and token > a.word and token < a.word || ${'\uffff'}
       order by length(token), token limit 40)) t`);
  return words.map((word, index) => {
    const codes = new Set(soundCodes(word));
    return rows
      .filter((row) => row.at === index + 1)
      .map(({ id, token }) => ({ id, score: likeness(word, token, codes)?.score ?? 0 }))
      .filter(({ score }) => score > 0)
      .sort((one, other) => other.score - one.score)
      .slice(0, mostPerWord);
  });
}

/** What belongs to each word, as two columns: the word's place (from 1) and the text. */
function flat(words: string[], of: (word: string) => string[]): { at: number[]; text: string[] } {
  const rows = words.flatMap((word, index) => of(word).map((text) => ({ at: index + 1, text })));
  return { at: rows.map(({ at }) => at), text: rows.map(({ text }) => text) };
}
