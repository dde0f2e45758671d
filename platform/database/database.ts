/** The application's connection to PostgreSQL: a pool that returns typed rows and survives a server that goes away. */
import pg from 'pg';
import { explainOutage } from './outage.ts';
import type { Query } from './sql.ts';

/** Anything that runs a statement: the pool, or one transaction on it. */
export type Queryable = {
  /** Runs one statement and returns its rows; the caller names the row's type, whose fields are the columns selected. */
  query<Row extends object = Record<string, unknown>>(query: Query): Promise<Row[]>;
};

export type Database = Queryable & {
  readonly pool: pg.Pool;
  /** By scope, where reads share them: see `together()`. */
  readonly readers?: Map<string, Queryable>;
  close(): Promise<void>;
};

type DatabaseOptions = {
  /** Most connections held at once. */
  size?: number;
  /** Told of errors on idle connections (a server that restarts), so that they never end the process. */
  onError?: (error: Error) => void;
  /** Milliseconds after which a statement is given up. */
  statementTimeout?: number;
};

// Positions, sizes and counts are bigint in SQL and stay far below 2^53: they are numbers here.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
// A date without a time is a calendar day, not a moment: it stays the text 'YYYY-MM-DD'.
pg.types.setTypeParser(pg.types.builtins.DATE, (value) => value);

/** Opens a pool. Nothing is connected until the first statement. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.size ?? 10,
    connectionTimeoutMillis: 5_000,
    query_timeout: options.statementTimeout ?? 30_000,
    application_name: 'wayleave',
  });
  const onError = options.onError ?? (() => undefined);
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return {
    pool,
    query: (query) => run(pool, query),
    close: () => pool.end(),
  };
}

/** Takes a connection from the pool, to be released; `database-unavailable` where there is none. */
export async function connect({ pool }: Pick<Database, 'pool'>): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw explainOutage(error);
  }
}

/** Runs a statement on a pool or a client; an outage becomes `database-unavailable`. */
export async function run<Row extends object>(on: pg.Pool | pg.PoolClient, query: Query): Promise<Row[]> {
  try {
    const result = await on.query<Row>(query.text, [...query.values]);
    return result.rows;
  } catch (error) {
    throw explainOutage(error);
  }
}
