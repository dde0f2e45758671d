/** Reading an agency's posts, for its own administrators. */
import type { Database } from '../../platform/database/database.ts';
import { joinSql, type Query, sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';

/** A post with its holder. Times are epoch seconds. `keepsRecord`: the agency keeps the holder's record too. */
export type PostEntry = {
  id: string;
  practitioner: string;
  name: string;
  status: 'active' | 'suspended' | 'left';
  role: string;
  team: string;
  from: number;
  until: number | null;
  suspended: boolean;
  keepsRecord: boolean;
};

type PostPage = { posts: PostEntry[]; total: number };

export type PostOrder = keyof typeof orders;

/** What the list can be put in order by. */
const orders = {
  name: sql`p.sort_key`,
  role: sql`r.name`,
  team: sql`t.name`,
  from: sql`o.starts_at`,
  until: sql`o.ends_at`,
} satisfies Record<string, Query>;

export type PostFilter = { name?: string; order?: { by: PostOrder; descending: boolean } };

/**
 * The agency's posts: in that order, or ended ones last, by the holder's name. `name` narrows to holders whose name contains
 * it. Without a page, all of them.
 */
export async function listPosts(
  db: Database,
  agency: string,
  { name, order, page, size }: PostFilter & ({ page: number; size: number } | { page?: undefined; size?: undefined }),
): Promise<PostPage> {
  const where = [
    sql`o.agency = ${agency}`,
    ...(name === undefined ? [] : [sql`position(lower(${name}) in lower(p.display_name)) > 0`]),
  ];
  const first = order && sql`${orders[order.by]} ${order.descending ? sql`desc` : sql`asc`} nulls last`;
  const rows = await read(db, { agency, reading: 'standing' }, (tx) =>
    tx.query<PostEntry & { total: number }>(sql`
      select ${postColumns(agency)}, count(*) over ()::int as total
      from ${posts} where ${joinSql(where, ' and ')}
      order by ${first ?? sql`o.ends_at is not null and o.ends_at <= now()`}, p.sort_key, o.id
      limit ${size ?? null} offset ${page === undefined ? 0 : (page - 1) * size}`),
  );
  return { posts: rows.map(({ total: _, ...post }) => post), total: rows[0]?.total ?? 0 };
}

/** One post of the agency, or undefined. */
export async function findPost(db: Database, agency: string, id: string): Promise<PostEntry | undefined> {
  const [row] = await read(db, { agency, reading: 'standing' }, (tx) =>
    tx.query<PostEntry>(sql`select ${postColumns(agency)} from ${posts} where o.agency = ${agency} and o.id = ${id}`),
  );
  return row;
}

const posts = sql`
  post o join practitioner p on p.id = o.practitioner join role r on r.code = o.role join team t on t.id = o.team`;

const postColumns = (agency: string): Query => sql`
  o.id, o.practitioner, p.display_name as name, p.status, r.name as role, t.name as team,
  extract(epoch from o.starts_at)::float8 as from, extract(epoch from o.ends_at)::float8 as until,
  o.suspended, p.agency = ${agency} as "keepsRecord"`;
