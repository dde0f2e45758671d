/** Reading an agency's posts, for its own administrators. */
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
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

export type PostPage = { posts: PostEntry[]; total: number };

/** The agency's posts, ended ones last, by the holder's name; `name` narrows to holders whose name contains it. */
export async function listPosts(
  db: Database,
  agency: string,
  filter: { name?: string; page: number; size: number },
): Promise<PostPage> {
  const name =
    filter.name === undefined ? sql`true` : sql`position(lower(${filter.name}) in lower(p.display_name)) > 0`;
  const rows = await read(db, { agency, reading: 'standing' }, (tx) =>
    tx.query<PostEntry & { total: number }>(sql`
      select o.id, o.practitioner, p.display_name as name, p.status, r.name as role, t.name as team,
             extract(epoch from o.starts_at)::float8 as from, extract(epoch from o.ends_at)::float8 as until,
             o.suspended, p.agency = ${agency} as "keepsRecord", count(*) over () as total
      from post o join practitioner p on p.id = o.practitioner join role r on r.code = o.role join team t on t.id = o.team
      where o.agency = ${agency} and ${name}
      order by o.ends_at is not null and o.ends_at <= now(), p.sort_key, o.id
      limit ${filter.size} offset ${(filter.page - 1) * filter.size}`),
  );
  return { posts: rows.map(({ total: _, ...post }) => post), total: rows[0]?.total ?? 0 };
}

/** One post of the agency, or undefined. */
export async function findPost(db: Database, agency: string, id: string): Promise<PostEntry | undefined> {
  const [row] = await read(db, { agency, reading: 'standing' }, (tx) =>
    tx.query<PostEntry>(sql`
      select o.id, o.practitioner, p.display_name as name, p.status, r.name as role, t.name as team,
             extract(epoch from o.starts_at)::float8 as from, extract(epoch from o.ends_at)::float8 as until,
             o.suspended, p.agency = ${agency} as "keepsRecord"
      from post o join practitioner p on p.id = o.practitioner join role r on r.code = o.role join team t on t.id = o.team
      where o.agency = ${agency} and o.id = ${id}`),
  );
  return row;
}
