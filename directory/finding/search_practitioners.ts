/** Searching the directory by name, role and agency. Every search is recorded before its result is given. */
import type { Database, Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';
import type { Log } from '../../platform/log/log.ts';
import { DirectoryError } from '../errors.ts';
import { type Candidate, findByName, findByPost } from './candidates.ts';
import { shownPost } from '../shown_post.ts';
import { type Match, rank } from './rank.ts';
import { readingsOf } from './readings.ts';
import { recordLookUp, type Seeker } from './record_look_up.ts';
import { similarWords } from './similar_words.ts';

/** At least one of name, role and agency; `page` from 1. */
export type SearchQuery = { name?: string; role?: string; agency?: string; page?: number };

/** A post as a result shows it; `confirmedAt` in epoch seconds. */
export type FoundPost = {
  id: string;
  role: string;
  roleName: string;
  agency: string;
  agencyName: string;
  team: string;
  teamName: string;
  kind: string;
  source: string;
  confirmedAt: number;
};

type FoundPractitioner = { id: string; name: string; why: string[]; posts: FoundPost[] };

/** `total` counts everybody found, 200 at most; `more` is true when that limit cut the search short. */
export type SearchPage = { results: FoundPractitioner[]; page: number; pages: number; total: number; more: boolean };

export const pageSize = 20;
export const lastPage = 10;

/**
 * Finds practitioners who are active, in a listed team of a current agency. Fails closed: when the search cannot be
 * recorded, nothing is returned. Throws `search-needs-more` (invalid) for a search for nothing.
 */
export async function searchPractitioners(
  db: Database,
  log: Log,
  seeker: Seeker,
  query: SearchQuery,
): Promise<SearchPage> {
  const page = query.page ?? 1;
  const { all, matches, results } = await read(db, { reading: 'directory' }, async (tx) => {
    const all = await match(tx, query);
    const matches = all.slice(0, pageSize * lastPage);
    const shown = matches.slice((page - 1) * pageSize, page * pageSize);
    return { all, matches, results: await describe(tx, shown) };
  });
  const { name, role, agency } = query;
  await recordLookUp(log, seeker, {
    event: 'directory.search',
    content: { name, role, agency, page, found: matches.length, shown: results.map(({ id }) => id) },
  });
  return {
    results,
    page,
    pages: Math.ceil(matches.length / pageSize),
    total: matches.length,
    more: all.length > matches.length,
  };
}

async function match(tx: Queryable, query: SearchQuery): Promise<Match[]> {
  const readings = readingsOf(query.name ?? '');
  if (readings.length > 0) {
    const words = [...new Set(readings.flat())];
    const similar = await similarWords(tx, words);
    const meant = readings.map((reading) => reading.map((word) => similar[words.indexOf(word)]!));
    return rank(readings, await findByName(tx, meant, query));
  }
  if (query.name?.trim() || (query.role === undefined && query.agency === undefined)) {
    throw new DirectoryError(
      'invalid',
      'search-needs-more',
      'Give a name, a role or an agency to search for. A name needs at least one letter.',
    );
  }
  return (await findByPost(tx, query)).map((person: Candidate) => ({ person, score: 1, why: [] }));
}

async function describe(tx: Queryable, matches: Match[]): Promise<FoundPractitioner[]> {
  const posts = await tx.query<FoundPost & { practitioner: string }>(sql`
    select o.practitioner, o.id, o.role, r.name as "roleName", o.agency, a.name as "agencyName", o.team, t.name as "teamName",
           o.kind, o.source, extract(epoch from o.confirmed_at)::float8 as "confirmedAt"
    from post o join team t on t.id = o.team join agency a on a.code = o.agency join role r on r.code = o.role
    where o.practitioner = any (${matches.map(({ person }) => person.id)}::uuid[]) and ${shownPost()}
    order by o.starts_at desc, o.id`);
  return matches.map(({ person, why }) => ({
    id: person.id,
    name: person.display,
    why,
    posts: posts.filter(({ practitioner }) => practitioner === person.id).map(({ practitioner: _, ...post }) => post),
  }));
}
