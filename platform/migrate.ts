/** Brings a database to the state that this version of the program needs: numbered SQL files, forward only. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { PlatformError } from './errors.ts';
import { migrateJobs } from './jobs/migrate.ts';
import { APP_ROLE, appRole, closeSharedLogin, ensureAppRole } from './app_role.ts';
import type { Queryable } from './database/database.ts';
import { explainOutage } from './database/outage.ts';
import { sql } from './database/sql.ts';
import { listMigrations, MIGRATIONS } from './database/migrations.ts';

/** Any number known to all our processes; the lock is per database. */
const LOCK = 7_269_001;

type MigrateOptions = { appPassword: string; folder?: string };

/**
 * Makes the application's roles, or throws `roles-not-allowed` before anything is touched. Applies every migration not applied
 * yet, all in one transaction, then the job queue's own. Several processes may call this at once: they wait for one another.
 * Returns the names applied. Throws `migration-failed`, which names the file and the line, and `database-unavailable`.
 */
export async function migrate(ownerUrl: string, options: MigrateOptions): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'wayleave-migrate' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await ensureAppRole(client, appRole(ownerUrl), options.appPassword);
    const applied = await applyFiles(client, options.folder ?? MIGRATIONS);
    await client.query(`grant select on migration to ${APP_ROLE}`);
    await migrateJobs(ownerUrl);
    await closeSharedLogin(client);
    return applied;
  } catch (error) {
    throw explainOutage(error);
  } finally {
    await client.end();
  }
}

/** Names of the migrations that this version of the program has and the database has not. */
export async function listPendingMigrations(db: Queryable, folder = MIGRATIONS): Promise<string[]> {
  const applied = await db.query<{ name: string }>(sql`select name from migration`);
  const names = new Set(applied.map(({ name }) => name));
  return (await listMigrations(folder)).filter((name) => !names.has(name));
}

async function applyFiles(client: pg.Client, folder: string): Promise<string[]> {
  await listMigrations(folder);
  let current: string | undefined;
  const note = (line: string): void => {
    current = /^### MIGRATION (\S+) /.exec(line)?.[1] ?? current;
  };
  try {
    const applied = await runner({
      dbClient: client,
      dir: folder,
      ignorePattern: '(?!.*\\.sql$).*',
      migrationsTable: 'migration',
      direction: 'up',
      singleTransaction: true,
      noLock: true, // ours, above, spans the job queue's migrations too
      logger: { info: note, warn: () => undefined, error: () => undefined },
    });
    return applied.map(({ name }) => name);
  } catch (error) {
    throw await explain(error, folder, current);
  }
}

async function explain(error: unknown, folder: string, name: string | undefined): Promise<PlatformError> {
  const { message, position } = error as pg.DatabaseError;
  const file = name === undefined ? folder : path.join(path.basename(folder), `${name}.sql`);
  const text = name === undefined ? '' : await readFile(path.join(folder, `${name}.sql`), 'utf8').catch(() => '');
  const line = position === undefined ? '' : ` line ${text.slice(0, Number(position)).split('\n').length}`;
  return new PlatformError(
    'unavailable',
    'migration-failed',
    `The database could not be migrated: ${file}${line}: ${message}. Nothing was changed.`,
    { cause: error },
  );
}
