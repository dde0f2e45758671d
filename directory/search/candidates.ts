/** From similar words to at most 200 people who may be meant, through plain b-trees, each authorised before the limit. */
import type { Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { findable, type PostFilter } from './findable.ts';
import type { SimilarWord } from './similar_words.ts';

/** A person with the names they go by, for ranking. */
export type Candidate = {
  id: string;
  display: string;
  given: string;
  family: string;
  other: string[];
  sortKey: string;
};

/** No search shows more people than this, whatever the page. */
export const mostCandidates = 200;
const mostPairs = 600;
// With fewer than one page of people who bear both names, those who bear one of them are worth showing.
const enough = 20;

const columns = sql`p.id, p.display_name as display, p.given_names as given, p.family_name as family, p.other_names as other, p.sort_key as "sortKey"`;

/** People with a name made of words like those asked, most alike first. */
export async function findByName(db: Queryable, words: SimilarWord[][], filter: PostFilter): Promise<Candidate[]> {
  const both = words.length > 1 ? await lookUp(db, pairs(words), filter) : [];
  if (both.length >= enough) return both;
  const either = await lookUp(db, singles(words), filter);
  return unique([...both, ...either]);
}

/** People with a role, in an agency, or both, in the order of their names. */
export function findByPost(db: Queryable, filter: PostFilter): Promise<Candidate[]> {
  return db.query<Candidate>(sql`
    select ${columns} from practitioner p where ${findable(filter)} order by p.sort_key, p.id limit ${mostCandidates}`);
}

/** A word or a pair of words to look up in the index; absent: any. */
type Lookup = { family?: number; given?: number; score: number };

// Each word may be the family name or the given name: people write them in both orders.
function pairs(words: SimilarWord[][]): Lookup[] {
  const all = words.flatMap((families, at) =>
    words.flatMap((givens, other) =>
      at === other
        ? []
        : families.flatMap((family) =>
            givens.map((given) => ({ family: family.id, given: given.id, score: family.score + given.score })),
          ),
    ),
  );
  return all.sort(byScore).slice(0, mostPairs);
}

function singles(words: SimilarWord[][]): Lookup[] {
  const all = words.flatMap((similar) =>
    similar.flatMap<Lookup>(({ id, score }) => [
      { family: id, score: score + 0.01 },
      { given: id, score },
    ]),
  );
  return all.sort(byScore);
}

const byScore = (one: Lookup, other: Lookup): number => other.score - one.score;

/**
 * Looks the words up one after another in the order given and stops when there are enough: the ordinality keeps the nested
 * loop in order, so that nothing is sorted and a common name costs no more than a rare one.
 */
async function lookUp(db: Queryable, lookups: Lookup[], filter: PostFilter): Promise<Candidate[]> {
  const people = await db.query<Candidate>(sql`
    select ${columns}
    from unnest(${lookups.map(({ family }) => family ?? null)}::integer[], ${lookups.map(({ given }) => given ?? null)}::integer[])
      with ordinality as l (family, given, at)
    cross join lateral (
      select i.practitioner from name_index i where i.family = l.family and i.given = l.given
      union all
      select i.practitioner from name_index i where l.given is null and i.family = l.family
      union all
      select i.practitioner from name_index i where l.family is null and i.given = l.given) i
    cross join lateral (select * from practitioner p where p.id = i.practitioner and ${findable(filter)}) p
    order by l.at limit ${2 * mostCandidates}`);
  return unique(people);
}

function unique(people: Candidate[]): Candidate[] {
  return [...new Map(people.map((person) => [person.id, person])).values()].slice(0, mostCandidates);
}
