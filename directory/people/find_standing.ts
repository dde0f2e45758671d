/** Reads the standing of practitioners in one query, across agencies. */
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';
import type { Post, Registration, Standing } from './standing.ts';

type Row = {
  practitioner: string;
  name: string;
  email: string;
  status: Standing['status'];
  level: Standing['identity']['level'];
  checked_by: string | null;
  checked_at: number | null;
  posts: (Omit<Post, 'until' | 'agencyArea' | 'teamArea'> & {
    until: number | null;
    agencyArea: string | null;
    teamArea: string | null;
  })[];
  registrations: (Omit<Registration, 'checkedBy' | 'checkedAt' | 'validUntil'> & {
    checkedBy: string | null;
    checkedAt: number | null;
    validUntil: number | null;
  })[];
  appointed_by: string[];
};

/**
 * What the practitioner is, right now: every post (ended, suspended and future ones too, so that a refusal can say which),
 * newest first, and every registration. A post in an agency that has left ends when the agency did. Undefined: unknown id.
 */
export async function findStanding(db: Database, practitioner: string): Promise<Standing | undefined> {
  // A text that is no UUID names nobody; asking PostgreSQL to cast it would fail the statement.
  if (!isUuid(practitioner)) return undefined;
  const [standing] = await listStandings(db, [practitioner]);
  return standing;
}

/** The same of many practitioners at once, in no order; unknown ids are left out. */
export async function listStandings(db: Database, practitioners: readonly string[]): Promise<Standing[]> {
  const rows = await read(db, { reading: 'standing' }, (tx) => tx.query<Row>(standingsOf(practitioners)));
  return rows.map(toStanding);
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

const standingsOf = (practitioners: readonly string[]) => sql`
  select p.id as practitioner, p.display_name as name, p.email, p.status, p.identity_level as level,
         p.identity_checked_by as checked_by, extract(epoch from p.identity_checked_at)::float8 as checked_at,
         coalesce((
           select json_agg(json_build_object(
                    'id', o.id, 'agency', o.agency, 'agencyName', a.name, 'agencyKind', a.kind,
                    'agencyArea', a.area, 'team', o.team, 'teamName', t.name, 'teamArea', t.area, 'listed', t.listed,
                    'role', o.role, 'roleName', r.name, 'kind', o.kind,
                    'from', extract(epoch from o.starts_at)::float8,
                    'until', extract(epoch from least(o.ends_at, a.ended_at))::float8,
                    'suspended', o.suspended) order by o.starts_at desc, o.id)
           from post o join agency a on a.code = o.agency join team t on t.id = o.team join role r on r.code = o.role
           where o.practitioner = p.id), '[]') as posts,
         coalesce((
           select json_agg(json_build_object(
                    'body', g.body, 'number', g.number, 'evidence', g.evidence, 'checkedBy', g.checked_by,
                    'checkedAt', extract(epoch from g.checked_at)::float8,
                    'validUntil', extract(epoch from g.valid_until)::float8,
                    'lapsed', g.lapsed_at is not null) order by g.body)
           from registration g where g.practitioner = p.id), '[]') as registrations,
         array(select a.agency from administrator a where a.practitioner = p.id order by a.agency) as appointed_by
  from practitioner p where p.id = any(${practitioners}::uuid[])`;

function toStanding(row: Row): Standing {
  return {
    practitioner: row.practitioner,
    name: row.name,
    email: row.email,
    status: row.status,
    identity: { level: row.level, ...known({ checkedBy: row.checked_by, checkedAt: row.checked_at }) },
    posts: row.posts.map(({ until, agencyArea, teamArea, ...post }) => ({
      ...post,
      ...known({ until, agencyArea, teamArea }),
    })),
    registrations: row.registrations.map(({ checkedBy, checkedAt, validUntil, ...registration }) => ({
      ...registration,
      ...known({ checkedBy, checkedAt, validUntil }),
    })),
    appointedBy: row.appointed_by,
  };
}

/** Drops what is null, so that an unknown fact is absent rather than empty. */
function known<T extends object>(facts: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
