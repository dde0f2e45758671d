/** The data folder of the embedded server: made once by initdb, complete or not at all. */
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { PlatformError } from '../../errors.ts';
import type { Location } from './location.ts';
import { complaints } from './words.ts';

export const OWNER = 'wayleave';
/** What the folder takes with an empty database and its first log segments, and a little to work with. */
const LEAST_ROOM = 80_000_000;

/** Makes the data folder if there is none, and returns the password of its owner. An aborted `signal` stops the making. */
export async function ensureCluster(
  programs: string,
  location: Location,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  const data = path.join(location.home, 'data');
  if (await stat(data).catch(() => undefined)) {
    await checkVersion(programs, data);
    return readFile(path.join(location.home, 'password'), 'utf8');
  }
  await removeHalves(location.home);
  await checkRoom(location.home);
  say('making the database (once)');
  const password = randomBytes(24).toString('base64url');
  await initialise(programs, location, data, password, signal);
  return password;
}

async function initialise(
  programs: string,
  { home, as }: Location,
  data: string,
  password: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const half = `${data}.${randomUUID()}`;
  const passwordFile = path.join(home, 'password');
  const handed = path.join(home, `password.${randomUUID()}`);
  await writeFile(passwordFile, password, { mode: 0o600 });
  await writeFile(handed, password, { mode: 0o600 });
  if (as) {
    // PostgreSQL's user owns what it writes to; the folder around it stays root's.
    await mkdir(half);
    for (const file of [handed, half]) await chown(file, as.uid, as.gid);
  }
  try {
    await initdb(programs, half, handed, { ...as, ...(signal && { signal }) });
    await rename(half, data);
  } finally {
    await rm(handed, { force: true });
    await rm(half, { recursive: true, force: true });
  }
}

async function checkRoom(home: string): Promise<void> {
  const { bavail, bsize } = await statfs(home);
  const room = bavail * bsize;
  if (room >= LEAST_ROOM) return;
  const megabytes = (bytes: number): string => `${Math.floor(bytes / 1_000_000)} MB`;
  throw new PlatformError(
    'unavailable',
    'embedded-database-without-room',
    `The embedded database cannot be made in ${home}: ${megabytes(room)} are free on that disk, and it takes ` +
      `${megabytes(LEAST_ROOM)} to begin with. Make room, or set DATABASE_URL to a PostgreSQL server of your own.`,
  );
}

/** What a start that was killed here has left: under the lock nobody else is making one. */
async function removeHalves(home: string): Promise<void> {
  const halves = (await readdir(home)).filter((name) => /^(data|password)\./.test(name));
  // Its initdb may still be at work; then something stays, and the next start finds it.
  for (const name of halves) await rm(path.join(home, name), { recursive: true, force: true }).catch(() => undefined);
}

type InitdbOptions = { uid?: number; gid?: number; signal?: AbortSignal };

function initdb(programs: string, data: string, passwordFile: string, how: InitdbOptions): Promise<void> {
  const locale = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
  const child = spawn(
    path.join(programs, 'bin/initdb'),
    [
      `--pgdata=${data}`,
      `--username=${OWNER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      `--locale=${locale}`,
    ],
    { cwd: '/', env: environment(), stdio: ['ignore', 'pipe', 'pipe'], ...how },
  );
  let output = '';
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    // Without a file left to open there is a child, and no pipes.
    for (const pipe of [child.stdout, child.stderr] as (Readable | undefined)[])
      pipe?.on('data', (text: Buffer) => (output += text.toString()));
    child.on('close', (code) => (code === 0 ? resolve() : reject(notMade(complaints(output)))));
  });
}

async function checkVersion(programs: string, data: string): Promise<void> {
  const found = (await readFile(path.join(data, 'PG_VERSION'), 'utf8')).trim();
  const wanted = '18';
  if (found !== wanted) {
    throw new PlatformError(
      'conflict',
      'embedded-database-version',
      `${data} was written by PostgreSQL ${found}, and the programs in ${programs} are version ${wanted}. ` +
        'Move the folder away to start afresh, or set DATABASE_URL to a server of that version.',
    );
  }
}

/** Only what PostgreSQL needs: our own environment holds secrets, and PG… variables would change what it does. */
export function environment(): Record<string, string> {
  return { PATH: '/usr/bin:/bin', LC_ALL: process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8', TZ: 'UTC' };
}

function notMade(detail: string): PlatformError {
  const nameless = detail.includes('could not look up effective user ID');
  const advice = nameless ? 'Give that user a line in /etc/passwd, start as one that has it, or set' : 'Set';
  return new PlatformError(
    'unavailable',
    'embedded-database-not-made',
    `The embedded database could not be made: ${detail}\n${advice} DATABASE_URL to a PostgreSQL server of your own.`,
  );
}
