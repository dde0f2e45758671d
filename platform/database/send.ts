/** Several statements in one round trip. */
import pg from 'pg';
import type { Query } from './sql.ts';

/**
 * Sends the statements with one Sync behind them and returns the rows of each. PostgreSQL runs them as one transaction,
 * which ends with the last of them unless one was `begin`; the first that fails ends it, and its error is thrown.
 */
export function send(client: pg.PoolClient, statements: readonly Query[]): Promise<object[][]> {
  return new Promise((resolve, reject) => {
    // One query to pg's client, so that all answers up to the Sync come to it: as many results as statements.
    const carrier = new pg.Query('', (error, results) => {
      if (error) reject(error);
      else resolve([results].flat().map(({ rows }) => rows as object[]));
    });
    carrier.submit = (connection) => {
      const withoutSync = Object.create(connection, { sync: { value: () => undefined } }) as pg.Connection;
      connection.stream.cork();
      for (const { text, values } of statements) extended(text, values, reject).submit(withoutSync);
      connection.sync();
      connection.stream.uncork();
    };
    client.query(carrier);
  });
}

/** Values that cannot be written as parameters are told to `reject`; the statement is then not run, with or without them. */
function extended(text: string, values: readonly unknown[], reject: (error: unknown) => void): pg.Query {
  const config: pg.QueryConfig & { queryMode: 'extended' } = { text, values: [...values], queryMode: 'extended' };
  return new pg.Query(config, reject);
}
