/** A database of a test's own: a clone of the migrated template, gone when the test is done. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { appPassword, appRole, appUrl, ensureAppRole } from '../../../platform/app_role.ts';
import { type Database, openDatabase } from '../../../platform/database/database.ts';
import { testMasterKey } from './server.ts';
import { databaseUrl, dropDatabase } from './template.ts';

export { testMasterKey };

export type TestDatabase = {
  /** The address as the application uses it: a member of wayleave_app, row-level security in force. */
  url: string;
  /** The address as owner, for what only tests do: looking behind row-level security, editing rows by hand. */
  ownerUrl: string;
  db: Database;
  drop(): Promise<void>;
};

/** Clones the template. Call `drop()` in `afterAll`; what a killed run leaves behind, the next run sweeps. */
export async function testDatabase(): Promise<TestDatabase> {
  const { TEST_SERVER: server, TEST_TEMPLATE: template, TEST_RUN: run } = process.env;
  if (server === undefined || template === undefined || run === undefined) {
    throw new Error('There is no test server: run the tests through jest, whose global setup starts it.');
  }
  const name = `wayleave_test_${run}_${randomBytes(6).toString('hex')}`;
  const ownerUrl = databaseUrl(server, name);
  await onServer(server, async (client) => {
    await client.query(`create database ${name} template ${template}`);
    await ensureAppRole(client, appRole(ownerUrl), appPassword(testMasterKey));
  });
  const url = appUrl(ownerUrl, testMasterKey);
  const db = openDatabase(url);
  return {
    url,
    ownerUrl,
    db,
    drop: async () => {
      await db.close();
      await onServer(server, (client) => dropDatabase(client, name));
    },
  };
}

/** An empty database without the migrations, for the tests of migrating itself. */
export async function emptyDatabase(): Promise<{ ownerUrl: string; drop(): Promise<void> }> {
  const { TEST_SERVER: server = '', TEST_RUN: run } = process.env;
  const name = `wayleave_test_${run}_${randomBytes(6).toString('hex')}`;
  await onServer(server, (client) => client.query(`create database ${name}`));
  return {
    ownerUrl: databaseUrl(server, name),
    drop: () => onServer(server, (client) => dropDatabase(client, name)),
  };
}

async function onServer<T>(server: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl(server, 'postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
