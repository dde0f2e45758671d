/** The chain in the database: reading it as it stands, and adding a link at its end. */
import type pg from 'pg';
import { type Database, type Queryable, run } from '../../../platform/database/database.ts';
import { explainOutage, isOutage } from '../../../platform/database/outage.ts';
import { sql } from '../../../platform/database/sql.ts';
import { cut, type Head, type StoredLink } from '../chain/chain.ts';
import type { Source } from './read_page.ts';

/** The stored chain as a source to derive from. */
export function storedChain(db: Queryable): Source {
  return {
    links: (after, limit) =>
      db.query<StoredLink>(sql`
        select sequence, body, hash, seal from register_event where sequence > ${after} order by sequence limit ${limit}`),
    texts: async (hashes) => {
      const rows = await db.query<{ hash: string; bytes: Buffer }>(sql`
        select hash, bytes from protocol_text where hash = any (${hashes}::text[])`);
      return new Map(rows.map(({ hash, bytes }) => [hash, bytes]));
    },
  };
}

/** The stored links at these places, as they were written. */
export function listLinks(
  db: Queryable,
  sequences: readonly number[],
): Promise<Pick<StoredLink, 'sequence' | 'body'>[]> {
  return db.query(sql`select sequence, body from register_event where sequence = any (${[...sequences]}::bigint[])`);
}

/** Makes sure that the chain still contains a head that this process has verified; throws `register-cut`. */
export async function confirmHead(db: Queryable, head: Head): Promise<void> {
  if (head.sequence === 0) return;
  const rows = await db.query<{ hash: string }>(sql`select hash from register_event where sequence = ${head.sequence}`);
  if (rows[0]?.hash !== head.hash) throw cut(head.sequence);
}

/** Adds a link. The caller holds the lock on the chain. */
export async function insertLink(tx: Queryable, link: StoredLink): Promise<void> {
  await tx.query(sql`
    insert into register_event (sequence, body, hash, seal)
    values (${link.sequence}, ${Buffer.from(link.body)}, ${link.hash}, ${link.seal})`);
}

/** Waits until no other process is adding to the chain; held until the transaction ends. */
export async function lockChain(tx: Queryable): Promise<void> {
  await tx.query(sql`select pg_advisory_xact_lock(hashtext('wayleave.register'))`);
}

/** Reads in one snapshot, so that what arrives meanwhile is not taken for damage. */
export async function snapshot<T>(db: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  let client: pg.PoolClient | undefined;
  let failure: Error | undefined;
  try {
    client = await db.pool.connect();
    const reading = client;
    await reading.query('begin isolation level repeatable read read only');
    const value = await work({ query: (query) => run(reading, query) });
    await reading.query('commit');
    return value;
  } catch (error) {
    if (isOutage(error)) failure = error as Error;
    await client?.query('rollback').catch((broken: Error) => (failure = broken));
    throw explainOutage(error);
  } finally {
    client?.release(failure);
  }
}
