/** A migrated database for one bench, gone when it is done. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { appPassword, appRole, appUrl } from '../platform/app_role.ts';
import { startEmbedded } from '../platform/database/embedded/start.ts';
import { migrate } from '../platform/migrate.ts';

const benchKey = Buffer.alloc(32, 7);

/** Starts the embedded server under `.data/bench`; `url` is the address as the application uses it. */
export async function benchDatabase(): Promise<{ url: string; ownerUrl: string; drop(): Promise<void> }> {
  const server = await startEmbedded(path.resolve(import.meta.dirname, '../.data/bench'));
  const name = `bench_${randomBytes(4).toString('hex')}`;
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const ownerUrl = Object.assign(new URL(server.url), { pathname: `/${name}` }).href;
  await migrate(ownerUrl, { appPassword: appPassword(benchKey) });
  const drop = async (): Promise<void> => {
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.query(`drop role ${appRole(ownerUrl)}`);
    await admin.end();
    await server.stop();
  };
  return { url: appUrl(ownerUrl, benchKey), ownerUrl, drop };
}
