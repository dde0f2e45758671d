/** Whether a database server of one's own can be used, told in words before anything is begun. */
import pg from 'pg';
import { PlatformError } from '../errors.ts';
import { explainTls } from './explain_tls.ts';
import { isOutage, whyRefused } from './outage.ts';

/** The oldest PostgreSQL that the tests run on: what Debian stable ships. */
const OLDEST = 15;

/** Connects once as owner. Throws `database-unusable`, which names host and database, never the user or password. */
export async function reachDatabase(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000, query_timeout: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; encoding: string }>(
      "select current_setting('server_version') as version, current_setting('server_encoding') as encoding",
    );
    const { version = '', encoding } = rows[0] ?? {};
    if (Number.parseInt(version, 10) < OLDEST)
      throw unusable(ownerUrl, `it is PostgreSQL ${version}, and ${OLDEST} or newer is needed`);
    if (encoding !== 'UTF8') throw unusable(ownerUrl, `its encoding is ${encoding}, and UTF8 is needed`);
  } catch (error) {
    throw error instanceof PlatformError ? error : unusable(ownerUrl, explain(error), error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function explain(error: unknown): string {
  const { code = '', message } = error as { code?: string; message: string };
  // A host with several addresses fails with one error for each.
  const codes = [code, ...((error as AggregateError).errors ?? []).map((one: { code?: string }) => one.code)];
  if (codes.includes('ECONNREFUSED')) return 'nothing answers there';
  if (codes.includes('ENOTFOUND') || codes.includes('EAI_AGAIN')) return 'there is no such host';
  if (code === 'ENOENT') return 'no server listens in that folder';
  if (code === 'EACCES') return 'this user may not open its socket';
  const tls = explainTls(code, message);
  if (tls !== undefined) return tls;
  if (code === '28P01' || code === '28000') return 'the server refuses the user or the password';
  if (code === '3D000') return 'the server has no database of that name';
  return whyRefused(error) ?? (isOutage(error) ? 'it does not answer' : message);
}

function unusable(ownerUrl: string, why: string, cause?: unknown): PlatformError {
  const { host, pathname } = new URL(ownerUrl);
  const [place, name] = [host, pathname.slice(1)].map(decodeURIComponent);
  return new PlatformError(
    'unavailable',
    'database-unusable',
    `The database ${name} at ${place} (DATABASE_URL) cannot be used: ${why}.`,
    { cause },
  );
}
