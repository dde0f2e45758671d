/** The rows of an imported agency's people: one statement for each table. */
import type { Queryable } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { uuidv7 } from '../../platform/uuid.ts';
import { wellFormedNumber } from '../people/record_registration.ts';
import { sortKey } from '../people/names/words.ts';
import type { ImportedAgency } from './region.ts';

/** Adds the practitioners whose record the agency keeps. */
export async function insertPractitioners(tx: Queryable, { code, practitioners }: ImportedAgency): Promise<void> {
  const rows = practitioners.map(({ names, identity, registrations: _, ...person }) => ({
    ...person,
    ...names,
    sortKey: sortKey(names),
    other: names.other ?? [],
    ...identity,
  }));
  await tx.query(sql`
    insert into practitioner (id, agency, display_name, given_names, family_name, other_names, sort_key, email, phone, status,
                              identity_level, identity_checked_by, identity_checked_at, identity_checked_against, source, confirmed_at)
    select id, ${code}, display, coalesce(given, ''), coalesce(family, ''), other, "sortKey", email, phone,
           coalesce(status, 'active'), coalesce(level, 0), "checkedBy", to_timestamp("checkedAt"), against, source,
           coalesce(to_timestamp("confirmedAt"), now())
    from json_to_recordset(${JSON.stringify(rows)}::json) as x
      (id uuid, display text, given text, family text, other text[], "sortKey" text, email text, phone text, status text,
       level smallint, "checkedBy" text, "checkedAt" float8, against text, source text, "confirmedAt" float8)`);
}

/** Adds their entries on professional registers. */
export async function insertRegistrations(tx: Queryable, { code, practitioners }: ImportedAgency): Promise<void> {
  const rows = practitioners.flatMap(({ id: practitioner, registrations = [] }) =>
    registrations.map(({ body, number, checked, ...registration }) => ({
      ...registration,
      ...checked,
      id: uuidv7(),
      practitioner,
      body,
      number: wellFormedNumber(body, number),
      evidence: checked === undefined ? 'format' : 'checked',
    })),
  );
  await tx.query(sql`
    insert into registration (id, practitioner, agency, body, number, evidence, checked_by, checked_at, valid_until, lapsed_at,
                              source, confirmed_at)
    select id, practitioner, ${code}, body, number, evidence, "by", to_timestamp("at"), to_timestamp("validUntil"),
           to_timestamp("lapsedAt"), source, coalesce(to_timestamp("confirmedAt"), now())
    from json_to_recordset(${JSON.stringify(rows)}::json) as x
      (id uuid, practitioner uuid, body text, number text, evidence text, "by" text, "at" float8, "validUntil" float8,
       "lapsedAt" float8, source text, "confirmedAt" float8)`);
}

/** Adds the posts that the agency gives, to its own people and to others. */
export async function insertPosts(tx: Queryable, { code, posts }: ImportedAgency): Promise<void> {
  const rows = posts.map((post) => ({ ...post, id: post.id ?? uuidv7() }));
  await tx.query(sql`
    insert into post (id, agency, practitioner, team, role, kind, starts_at, ends_at, suspended, source, confirmed_at)
    select id, ${code}, practitioner, team, role, coalesce(kind, 'substantive'), coalesce(to_timestamp("from"), now()),
           to_timestamp(until), coalesce(suspended, false), source, coalesce(to_timestamp("confirmedAt"), now())
    from json_to_recordset(${JSON.stringify(rows)}::json) as x
      (id uuid, practitioner uuid, team uuid, role text, kind text, "from" float8, until float8, suspended boolean,
       source text, "confirmedAt" float8)`);
}

/** Makes practitioners administrators of the agency. */
export async function insertAdministrators(
  tx: Queryable,
  { code, administrators = [] }: ImportedAgency,
  by: string,
): Promise<void> {
  await tx.query(sql`
    insert into administrator (agency, practitioner, appointed_by)
    select ${code}, practitioner, ${by} from unnest(${administrators}::uuid[]) as x (practitioner)`);
}
