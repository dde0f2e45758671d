/** Which of some people everybody may find. */
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';
import { findable } from './findable.ts';

/** The ids among these that a search of the directory could show to anybody. */
export async function listFindable(db: Database, ids: readonly string[]): Promise<string[]> {
  const rows = await read(db, { reading: 'directory' }, (tx) =>
    tx.query<{ id: string }>(sql`select p.id from practitioner p where p.id = any(${ids}::uuid[]) and ${findable({})}`),
  );
  return rows.map(({ id }) => id);
}

/** The ids among these whose names people of the agency `viewer` may be shown: of its own posts, past ones too, or findable. */
export async function listNameable(db: Database, ids: readonly string[], viewer: string): Promise<string[]> {
  const own = sql`exists (select from post o where o.practitioner = p.id and o.agency = ${viewer})`;
  const rows = await read(db, { reading: 'standing' }, (tx) =>
    tx.query<{ id: string }>(
      sql`select p.id from practitioner p where p.id = any(${ids}::uuid[]) and (${own} or ${findable({})})`,
    ),
  );
  return rows.map(({ id }) => id);
}
