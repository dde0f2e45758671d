/** PostgreSQL without a PostgreSQL: started from packages, for trying out and for tests. */
import path from 'node:path';
import pg from 'pg';
import { ensureCluster, OWNER } from './cluster.ts';
import { locate, type Location } from './location.ts';
import { withLock } from './lock.ts';
import { makeReachable, prepare } from './prepare.ts';
import { findPrograms } from './programs.ts';
import { findServer, startServer, stopServer } from './server.ts';
import { explainRefusal } from './words.ts';

export type Embedded = {
  /** Address of the database, as its owner. */
  url: string;
  /** Where the data lies. */
  location: string;
  /** True if the server was left over from a process that was killed, or serves another process too. */
  adopted: boolean;
  /** Stops the server, unless another process uses it still. */
  stop(): Promise<void>;
};

const DATABASE = 'wayleave';
/** Every process that uses the server keeps one connection of this name, which falls with the process however it ends. */
const USER_OF_SERVER = 'wayleave-user-of-server';

type Say = (line: string) => void;

/**
 * Starts the embedded server of a data folder, or takes over the one that runs on it. `say` gets a line for each step that
 * takes long, and where the data lies. Safe to call from several processes at once. Throws `embedded-database-…`, which
 * says what is missing; nothing that it started is left then.
 */
export async function startEmbedded(
  dataDir: string,
  say: Say = () => undefined,
  signal?: AbortSignal,
): Promise<Embedded> {
  forgetOtherServers();
  const location = await locate(path.resolve(dataDir));
  try {
    if (location.as !== undefined) await makeReachable(path.dirname(location.home));
    return await withLock(lockOf(location), () => open(path.resolve(dataDir), location, say, signal));
  } catch (error) {
    throw explainRefusal(error, location);
  }
}

/** PGSSLMODE, PGOPTIONS and their like speak of servers that the user has elsewhere; the driver would apply them to this one. */
function forgetOtherServers(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('PG')) delete process.env[name];
}

function lockOf({ home }: Location): string {
  return `${home}.lock`;
}

async function open(dataDir: string, location: Location, say: Say, signal?: AbortSignal): Promise<Embedded> {
  const data = path.join(location.home, 'data');
  await prepare(dataDir, location, say);
  const programs = await findPrograms(location);
  const password = await ensureCluster(programs, location, say, signal);
  signal?.throwIfAborted();
  const found = await adopt(data, password);
  const holder = found ?? (await start(programs, location, password, say));
  await ensureDatabase(holder).catch(async (error: unknown) => {
    await stopUnlessUsed(holder, data);
    throw error;
  });
  if (found !== undefined) say('taking over the PostgreSQL that runs on this data already');
  say(`PostgreSQL 18 for trying out and for tests is ready; its data lies in ${data}`);
  return {
    url: urlOf(holder, DATABASE),
    location: data,
    adopted: found !== undefined,
    stop: () => withLock(lockOf(location), () => stopUnlessUsed(holder, data)),
  };
}

async function start(programs: string, location: Location, password: string, say: Say): Promise<pg.Client> {
  say('starting PostgreSQL');
  const { port } = await startServer(programs, location);
  try {
    return await connect(port, password);
  } catch (error) {
    await stopServer(path.join(location.home, 'data'));
    throw error;
  }
}

/** Connects to a server that already runs on this data; one that does not answer as ours is stopped. */
async function adopt(data: string, password: string): Promise<pg.Client | undefined> {
  const server = await findServer(data);
  if (server === undefined) return undefined;
  const client = server.ready ? await connect(server.port, password).catch(() => undefined) : undefined;
  if (client !== undefined) {
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    if (rows[0]?.data_directory === data) return client;
    await client.end();
  }
  await stopServer(data);
  return undefined;
}

async function connect(port: number, password: string): Promise<pg.Client> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: OWNER,
    password,
    database: 'postgres',
    application_name: USER_OF_SERVER,
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined); // the server went away: whoever uses it notices on their own connections
  await client.connect();
  return client;
}

async function ensureDatabase(holder: pg.Client): Promise<void> {
  const { rowCount } = await holder.query('select from pg_database where datname = $1', [DATABASE]);
  if (rowCount === 0) await holder.query(`create database ${DATABASE}`);
}

async function stopUnlessUsed(holder: pg.Client, data: string): Promise<void> {
  const others = await holder
    .query('select from pg_stat_activity where application_name = $1 and pid <> pg_backend_pid()', [USER_OF_SERVER])
    .then(({ rowCount }) => rowCount ?? 0)
    .catch(() => 0); // it does not answer: then nobody is served by it
  await holder.end().catch(() => undefined);
  if (others === 0) await stopServer(data);
}

function urlOf(holder: pg.Client, database: string): string {
  return `postgres://${OWNER}:${encodeURIComponent(String(holder.password))}@127.0.0.1:${holder.port}/${database}`;
}
