/** Finds the words of the lexicon that somebody may have meant: the same, near in spelling, in sound, or a nickname. */
import type { Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { soundCodes } from '../people/names/daitch_mokotoff.ts';
import { compareWith, oneEditAway } from './likeness.ts';
import { nicknamesOf } from './nicknames.ts';

/** A word of the lexicon and how like the asked one it is, 0 to 1. */
export type SimilarWord = { id: number; score: number };

// Longer words have trigrams enough; shorter ones have one-letter slips few enough to look up.
const longestForEdits = 8;
const mostPerWord = 40;

/** For each word asked, its similar words, best first, at most 40. */
export async function similarWords(db: Queryable, words: string[]): Promise<SimilarWord[][]> {
  const near = words.map((word) => new Set([word, ...nicknamesOf(word), ...slips(word)]));
  const sounds = words.flatMap((word, at) => soundCodes(word).map((code) => ({ at, code })));
  const rows = await db.query<{ at: number | null; id: number; token: string }>(sql`
    select null::integer as at, t.id, t.token
    from name_token t where t.token = any (${near.flatMap((some) => [...some])}::text[])
    union all
    select a.at, t.id, t.token
    from unnest(${sounds.map(({ at }) => at)}::integer[], ${sounds.map(({ code }) => code)}::text[]) as a (at, code)
    join name_sound s on s.code = a.code join name_token t on t.id = s.token
    union all
    select a.at::integer - 1, t.id, t.token
    from unnest(${words}::text[]) with ordinality as a (word, at)
    cross join lateral (
      (select id, token from name_token where token % a.word order by similarity(token, a.word) desc limit 60)
      union all
      (select id, token from name_token where length(a.word) > 2 and token > a.word and token < a.word || ${'\uffff'}
       order by length(token), token limit 40)) t`);
  return words.map((word, at) => {
    const compare = compareWith(word);
    const found = new Map(
      rows
        .filter((row) => row.at === at || (row.at === null && near[at]!.has(row.token)))
        .map(({ id, token }) => [id, compare(token)?.score ?? 0]),
    );
    return [...found]
      .map(([id, score]) => ({ id, score }))
      .filter(({ score }) => score > 0)
      .sort((one, other) => other.score - one.score)
      .slice(0, mostPerWord);
  });
}

function slips(word: string): string[] {
  return word.length > 2 && word.length <= longestForEdits ? oneEditAway(word) : [];
}
