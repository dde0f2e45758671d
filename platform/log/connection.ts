/** The writer's own connection: so that recording never waits for a pool that other work has emptied. */
import { hash } from 'node:crypto';
import pg from 'pg';
import type { Queryable } from '../database/database.ts';
import { explainOutage } from '../database/outage.ts';
import type { Query } from '../database/sql.ts';

export type OwnConnection = {
  /** Runs `work` on the connection, opening it if need be; a connection on which anything went wrong is thrown away. */
  use<T>(work: (client: pg.PoolClient, on: Queryable) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/** Opens nothing yet. Statements are pipelined: begin travels with the lock, commit with the write. */
export function ownConnection(url: string, onError: (error: Error) => void): OwnConnection {
  const options: pg.PoolConfig & { pipeline: true } = {
    connectionString: url,
    max: 1,
    pipeline: true,
    connectionTimeoutMillis: 5_000,
    query_timeout: 30_000,
    allowExitOnIdle: true,
    application_name: 'wayleave-log',
  };
  const pool = new pg.Pool(options);
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return {
    use: async (work) => {
      const client = await pool.connect();
      let broken = true;
      try {
        const value = await work(client, { query: (query) => runPrepared(client, query) });
        broken = false;
        return value;
      } finally {
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

// The few statements of the writer come again with every batch: PostgreSQL parses and plans each once per connection,
// which for small batches is a quarter of its work.
async function runPrepared<Row extends object>(client: pg.PoolClient, { text, values }: Query): Promise<Row[]> {
  try {
    return (await client.query<Row>({ name: nameOf(text), text, values: [...values] })).rows;
  } catch (error) {
    throw explainOutage(error);
  }
}

const names = new Map<string, string>();

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = hash('sha256', text, 'hex').slice(0, 32)));
  return name;
}
