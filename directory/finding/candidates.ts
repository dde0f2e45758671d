/** From similar words to people who may be meant, through plain b-trees, each authorised before the limit. */
import type { Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { shownPost } from '../shown_post.ts';
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

/** One more than any search shows, whatever the page: so it is known whether there are more. */
const mostCandidates = 201;
const mostPairs = 600;
const mostPosts = 2_000;
// With fewer than one page of people who bear both names, those who bear one of them are worth showing.
const enough = 20;

const columns = sql`p.id, p.display_name as display, p.given_names as given, p.family_name as family, p.other_names as other, p.sort_key as "sortKey"`;

/**
 * People with a name made of words like those asked, most alike first. Each reading of what was typed is a list of words, each
 * word those of the lexicon that are like it; all readings are looked up together.
 */
export async function findByName(db: Queryable, readings: SimilarWord[][][], filter: PostFilter): Promise<Candidate[]> {
  const words = [...new Set(readings.flat())];
  // People called James are not crowded out by the family James; of people with one name right, a few are plenty.
  const alone = readings.every((reading) => reading.length === 1);
  const both = alone ? [] : await lookUp(db, wholes(readings), filter, mostCandidates);
  if (both.length >= enough) return both;
  const families = await lookUp(db, singles(words, 'family'), filter, alone ? mostCandidates : 2 * enough);
  const givens = await lookUp(db, singles(words, 'given'), filter, alone ? mostCandidates : enough);
  const half = Math.max(100, mostCandidates - givens.length);
  return unique([...both, ...families.slice(0, half), ...givens, ...families.slice(half)], mostCandidates);
}

/** People with a role, in an agency, or both, in the order of their names; among very many, those longest in the directory. */
export function findByPost(db: Queryable, { role, agency }: PostFilter): Promise<Candidate[]> {
  const ofRole = role === undefined ? sql`true` : sql`o.role = ${role}`;
  const inAgency = agency === undefined ? sql`true` : sql`o.agency = ${agency}`;
  return db.query<Candidate>(sql`
    select p.* from (
      select distinct o.practitioner from (
        select o.practitioner from post o join team t on t.id = o.team join agency a on a.code = o.agency
        where ${ofRole} and ${inAgency} and ${shownPost()} order by o.practitioner limit ${mostPosts}) o) o
    cross join lateral (
      select ${columns} from practitioner p where p.id = o.practitioner and p.status = 'active' limit 1) p
    order by p."sortKey", p.id limit ${mostCandidates}`);
}

/** A word or a pair of words to look up in the index; absent: any. */
type Lookup = { family?: number; given?: number; score: number };

/** What stands for all that was typed: two of its words, or its only word on either side. */
function wholes(readings: SimilarWord[][][]): Lookup[] {
  const lookups = readings.flatMap((words) => {
    if (words.length > 1) return pairs(words);
    return [...singles(words, 'family'), ...singles(words, 'given')].map((one) => ({ ...one, score: 2 * one.score }));
  });
  return lookups.sort(byScore).slice(0, mostPairs);
}

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

function singles(words: SimilarWord[][], as: 'family' | 'given'): Lookup[] {
  return words.flatMap((similar) => similar.map(({ id, score }) => ({ [as]: id, score }))).sort(byScore);
}

const byScore = (one: Lookup, other: Lookup): number => other.score - one.score;

/**
 * Looks the words up one after another in the order given and stops when there are enough: the ordinality keeps the nested
 * loop in order, so that nothing is sorted and a common name costs no more than a rare one.
 */
async function lookUp(db: Queryable, lookups: Lookup[], filter: PostFilter, most: number): Promise<Candidate[]> {
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
    order by l.at limit ${2 * most}`);
  return unique(people, most);
}

function unique(people: Candidate[], most: number): Candidate[] {
  return [...new Map(people.map((person) => [person.id, person])).values()].slice(0, most);
}
