/** One transaction, under the row-level security of the acting agency. */
import type pg from 'pg';
import { connect, type Database, type Queryable, run } from './database.ts';
import { explainOutage, isOutage, unavailable } from './outage.ts';
import { openReader } from './reader.ts';
import { send } from './send.ts';
import { type Query, sql } from './sql.ts';

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
    await send(client, [sql`begin`, settingsOf(scope)]);
    const value = await work(tx);
    for (const step of last) await step();
    await commit(client);
    for (const step of after) step();
    return value;
  } catch (error) {
    if (isOutage(error)) broken = error as Error;
    await client.query('rollback').catch((failure: Error) => (broken = failure));
    throw explainOutage(error);
  } finally {
    client.release(broken);
  }
}

/**
 * Reads under a scope. Statements that `work` asks for at once travel together, in one round trip and as one transaction; each
 * sees what was committed when it began. It reads only: nothing asked here holds a lock.
 */
export function read<T>(db: Database, scope: Scope, work: (reader: Queryable) => Promise<T>): Promise<T> {
  const settings = settingsOf(scope);
  const key = JSON.stringify(settings.values);
  const reader = db.readers?.get(key) ?? openReader(db, settings);
  db.readers?.set(key, reader);
  return work(reader);
}

// Local to the transaction: the next user of the connection starts with none, also behind a pooler.
const settingsOf = ({ agency, reading }: Scope): Query => sql`
  select set_config('wayleave.agency', ${agency ?? ''}, true), set_config('wayleave.reading', ${reading ?? ''}, true)`;

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
