/** Brings the job queue's own schema up to date, and lets the application role use it. */
import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';

const role = 'wayleave_app';
/** graphile-worker turns row-level security on for these and writes no policy: only the owner would see rows. */
const guarded = ['_private_jobs', '_private_job_queues', '_private_tasks', '_private_known_crontabs'];

/**
 * Runs graphile-worker's migrations as owner, then grants `wayleave_app` what a worker and an enqueuing transaction need.
 * Idempotent; call it at each start, after our own migrations (they make the role).
 */
export async function migrateJobs(ownerUrl: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 2, connectionTimeoutMillis: 5_000 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await runMigrations({ pgPool: pool, logger: new Logger(() => () => undefined) });
    await pool.query(grants());
  } finally {
    await pool.end();
  }
}

/** One statement string, hence one transaction; the lock keeps two starting processes from editing one policy at once. */
function grants(): string {
  return [
    "select pg_advisory_xact_lock(hashtext('graphile_worker grants'))",
    `grant usage on schema graphile_worker to ${role}`,
    `grant select on graphile_worker.migrations to ${role}`,
    ...guarded.flatMap((table) => [
      `grant select, insert, update, delete on graphile_worker.${table} to ${role}`,
      `drop policy if exists ${role} on graphile_worker.${table}`,
      `create policy ${role} on graphile_worker.${table} to ${role} using (true) with check (true)`,
    ]),
    `grant usage, select on all sequences in schema graphile_worker to ${role}`,
    `grant execute on all functions in schema graphile_worker to ${role}`,
  ].join(';\n');
}
