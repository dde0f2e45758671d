/** One transaction, under the row-level security of the acting agency. */
import type pg from 'pg';
import { type Database, isConnectionFailure, type Queryable, run, unavailable } from './database.ts';
import { sql } from './sql.ts';

/**
 * On whose behalf a transaction runs. `agency` (its official code) opens that agency's own rows; `reading` opens one named
 * read policy across agencies (`directory`: what any practitioner may find; `standing`: what sign-in and decisions need;
 * `audit`: the log, for checks that the service makes itself). With neither, agency tables show no rows.
 */
export type Scope = { agency?: string; reading?: 'directory' | 'standing' | 'audit' };

export type Transaction = Queryable & {
  /** Adds work to be done as the last thing before the commit, in the order added. */
  beforeCommit(work: () => Promise<void>): void;
  /** Adds work to be done once the commit is certain. */
  afterCommit(work: () => void): void;
};

/**
 * Runs `work` in one transaction and commits it, or rolls all of it back and throws what `work` threw. A commit that
 * PostgreSQL did not confirm is `database-unavailable`: the outcome is unknown, so callers must be able to repeat it.
 */
export async function transaction<T>(db: Database, scope: Scope, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await connect(db);
  let broken: Error | undefined;
  try {
    const last: (() => Promise<void>)[] = [];
    const after: (() => void)[] = [];
    const tx: Transaction = {
      query: (query) => run(client, query),
      beforeCommit: (step) => void last.push(step),
      afterCommit: (step) => void after.push(step),
    };
    await client.query('begin');
    await tx.query(sql`select set_config('wayleave.agency', ${scope.agency ?? ''}, true),
                              set_config('wayleave.reading', ${scope.reading ?? ''}, true)`);
    const value = await work(tx);
    for (const step of last) await step();
    await commit(client);
    for (const step of after) step();
    return value;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => (broken = failure));
    throw isConnectionFailure(error) ? unavailable(error) : error;
  } finally {
    client.release(broken);
  }
}

/** Reads under a scope: a transaction of its own around one piece of work. */
export function read<T>(db: Database, scope: Scope, work: (tx: Queryable) => Promise<T>): Promise<T> {
  return transaction(db, scope, work);
}

/**
 * Commits, and accepts nothing but PostgreSQL's word that it did: the tag must be COMMIT (a failed transaction answers
 * ROLLBACK), and a warning that the row reached this server but not its synchronous standby counts as an unknown outcome.
 */
export async function commit(client: pg.PoolClient): Promise<void> {
  let notice: unknown;
  const onNotice = (message: unknown): void => void (notice = message);
  client.on('notice', onNotice);
  try {
    const result = await client.query('commit');
    if (result.command !== 'COMMIT') throw unavailable(new Error(`commit ended as ${result.command}`));
    if (notice !== undefined) throw unavailable(notice);
  } finally {
    client.off('notice', onNotice);
  }
}

async function connect(db: Database): Promise<pg.PoolClient> {
  try {
    return await db.pool.connect();
  } catch (error) {
    throw isConnectionFailure(error) ? unavailable(error) : error;
  }
}
