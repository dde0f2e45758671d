/** Names for ids, for pages about what people did. */
import type { Database } from '../../platform/database/database.ts';
import { sql } from '../../platform/database/sql.ts';
import { read } from '../../platform/database/transaction.ts';
import { isUuid } from '../../platform/uuid.ts';

/** Display names by practitioner id; ids of nobody are absent. */
export async function listNames(db: Database, ids: readonly string[]): Promise<Map<string, string>> {
  const asked = [...new Set(ids.filter(isUuid))];
  if (asked.length === 0) return new Map();
  const rows = await read(db, { reading: 'standing' }, (tx) =>
    tx.query<{ id: string; name: string }>(sql`
      select id, display_name as name from practitioner where id = any (${asked}::uuid[])`),
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
