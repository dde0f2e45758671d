/** The migrated database that every test's own is cloned from. */
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { appPassword, appRole } from '../../../platform/app_role.ts';
import { migrate } from '../../../platform/migrate.ts';
import { testMasterKey } from './server.ts';

const PREFIX = 'wayleave_template_';
const root = path.resolve(import.meta.dirname, '../../..');
const LOCK = 7_269_002;

/** Returns the name of the template for the migrations as they are now; makes it if no run before this one did. */
export async function ensureTemplate(serverUrl: string): Promise<string> {
  const name = `${PREFIX}${await fingerprint()}`;
  const client = new pg.Client({ connectionString: databaseUrl(serverUrl, 'postgres') });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) {
      await sweepTemplates(client);
      await makeTemplate(client, serverUrl, name);
    }
    return name;
  } finally {
    await client.end();
  }
}

/** The same server, another database. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** The database, and the role that signed in to it. */
export async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  await client.query(`drop database if exists ${name} with (force)`);
  await dropRole(client, name);
}

async function dropRole(client: pg.Client, database: string): Promise<void> {
  await client.query(`drop role if exists ${appRole(`postgres:///${database}`)}`);
}

/** Built under another name and renamed at the end, so that a run that is killed leaves no half-made template. */
async function makeTemplate(client: pg.Client, serverUrl: string, name: string): Promise<void> {
  const half = `wayleave_unfinished_${randomBytes(6).toString('hex')}`;
  await client.query(`create database ${half}`);
  try {
    await migrate(databaseUrl(serverUrl, half), { appPassword: appPassword(testMasterKey) });
    await dropRole(client, half);
    await client.query(`alter database ${half} rename to ${name}`);
    await client.query(`alter database ${name} with is_template true allow_connections false`);
  } catch (error) {
    await dropDatabase(client, half);
    throw error;
  }
}

/** Keeps the ten newest templates: a run that began before a migration was edited still clones from its own. */
async function sweepTemplates(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    `(select datname from pg_database where datname like 'wayleave_unfinished_%')
     union all
     (select datname from pg_database where datname like '${PREFIX}%' order by oid desc offset 9)`,
  );
  for (const { datname } of rows) {
    await client.query(`alter database ${datname} with is_template false`);
    await dropDatabase(client, datname);
  }
}

/** Changes with anything that decides what the template holds. */
async function fingerprint(): Promise<string> {
  const folders = ['migrations', 'platform/database', 'platform/jobs'];
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = await readdir(path.join(root, folder)).catch(() => []);
    for (const file of files.filter((name) => /\.sql$|migrat|app_role/.test(name)).sort()) {
      hash.update(`${file}\0${await readFile(path.join(root, folder, file), 'utf8')}\0`);
    }
  }
  hash.update(await readFile(path.join(root, 'node_modules/graphile-worker/package.json')));
  return hash.digest('hex').slice(0, 16);
}
