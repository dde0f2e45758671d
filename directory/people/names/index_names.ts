/** Keeps the search tables in step with people's names. Runs in the transaction that changes the name. */
import type { Queryable } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { soundCodes } from './daitch_mokotoff.ts';
import { type NameParts, wordsOf } from './words.ts';

/** `names.other` holds further whole names; one of a single word is another given name or another family name. */
type NamedPerson = { practitioner: string; agency: string; names: NameParts & { other?: string[] } };

type Pair = { practitioner: string; agency: string; family: string; given: string; other: boolean };

/** Indexes the names of people who are not indexed yet. */
export async function indexNames(tx: Queryable, people: NamedPerson[]): Promise<void> {
  const pairs = people.flatMap(pairsOf);
  await addTokens(tx, [...new Set(pairs.flatMap((pair) => [pair.family, pair.given]))]);
  await tx.query(sql`
    insert into name_index (practitioner, agency, family, given, other)
    select n.practitioner, n.agency, f.id, g.id, n.other
    from unnest(${pairs.map((pair) => pair.practitioner)}::uuid[], ${pairs.map((pair) => pair.agency)}::text[],
                ${pairs.map((pair) => pair.family)}::text[], ${pairs.map((pair) => pair.given)}::text[],
                ${pairs.map((pair) => pair.other)}::boolean[]) as n (practitioner, agency, family, given, other)
    join name_token f on f.token = n.family join name_token g on g.token = n.given`);
}

function pairsOf({ practitioner, agency, names }: NamedPerson): Pair[] {
  const main = wordsOf(names);
  const found = new Map<string, Pair>();
  const add = (family: string[], given: string[], other: boolean) => {
    // A single name stands on both sides: it is found whichever it is taken for.
    for (const one of family.length > 0 ? family : given) {
      for (const two of given.length > 0 ? given : family) {
        const key = `${one} ${two}`;
        if (!found.has(key)) found.set(key, { practitioner, agency, family: one, given: two, other });
      }
    }
  };
  add(main.family, main.given, false);
  for (const name of names.other ?? []) {
    const { family, given } = wordsOf({ display: name });
    if (given.length > 0) add(family, given, true);
    else {
      add(main.family, family, true);
      add(family, main.given, true);
    }
  }
  return [...found.values()];
}

// Sorted, so that two transactions that add the same words wait for each other in one order and never in a circle.
async function addTokens(tx: Queryable, tokens: string[]): Promise<void> {
  const added = await tx.query<{ id: number; token: string }>(sql`
    insert into name_token (token)
    select word from unnest(${tokens}::text[]) as words (word)
    where not exists (select from name_token where token = word) order by word
    on conflict do nothing returning id, token`);
  const sounds = added.flatMap(({ id, token }) => soundCodes(token).map((code) => ({ id, code })));
  if (sounds.length === 0) return;
  await tx.query(sql`
    insert into name_sound (code, token)
    select code, token from unnest(${sounds.map(({ code }) => code)}::text[], ${sounds.map(({ id }) => id)}::integer[]) as s (code, token)
    on conflict do nothing`);
}
