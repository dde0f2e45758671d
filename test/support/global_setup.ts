/** Runs once before all tests: the server, the template, and a broom for what killed runs left behind. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { startTestServer } from './platform/server.ts';
import { databaseUrl, dropDatabase, ensureTemplate } from './platform/template.ts';

export default async function setUp(): Promise<void> {
  const server = await startTestServer();
  const run = randomBytes(4).toString('hex');
  const presence = await announce(server.url, run);
  await sweepClones(presence);
  process.env.TEST_SERVER = server.url;
  process.env.TEST_RUN = run;
  Object.assign(globalThis, {
    endOfTests: async () => {
      await sweepClones(presence, run);
      await presence.end();
      await server.stop();
    },
  });
  process.env.TEST_TEMPLATE = await ensureTemplate(server.url);
}

/** A connection whose name says that this run is alive; it falls with the process, however that ends. */
async function announce(serverUrl: string, run: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: databaseUrl(serverUrl, 'postgres'),
    application_name: `wayleave-test-run-${run}`,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Drops the clones of runs that are dead, and of `ended`. */
async function sweepClones(client: pg.Client, ended?: string): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    `select datname from pg_database
     where datname like 'wayleave\\_test\\_%'
       and (split_part(pg_database.datname, '_', 3) = $1
            or not exists (select from pg_stat_activity
                           where application_name = 'wayleave-test-run-' || split_part(pg_database.datname, '_', 3)))`,
    [ended ?? ''],
  );
  for (const { datname } of rows) await dropDatabase(client, datname);
}
