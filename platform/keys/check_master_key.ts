/** Whether a database was made under this key-encryption key, before anything in it is touched. */
import { openDatabase } from '../database/database.ts';
import { sql } from '../database/sql.ts';
import { openKeyRing } from './ring.ts';

/**
 * Throws what the key ring throws where the database's keys do not open. To be asked before migrating: that gives the
 * application's role the password that follows from the key, and would lock out a service that runs under the right one.
 */
export async function checkMasterKey(ownerUrl: string, masterKey: Buffer): Promise<void> {
  const db = openDatabase(ownerUrl, { size: 1 });
  try {
    const [found] = await db.query<{ table: string | null }>(sql`select to_regclass('signing_key')::text as table`);
    if (found?.table != null) await openKeyRing(db, masterKey).reload();
  } finally {
    await db.close();
  }
}
