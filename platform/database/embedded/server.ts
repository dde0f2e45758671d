/** The server process: finding one that runs on our data, starting one, stopping one. */
import { spawn } from 'node:child_process';
import { open, readFile, rm, stat, truncate } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PlatformError } from '../../errors.ts';
import { environment } from './cluster.ts';
import type { Location } from './location.ts';

type Server = { pid: number; port: number; ready: boolean };

/** Reads postmaster.pid and returns the server that it names, if that process is alive and serves this very folder. */
export async function findServer(data: string): Promise<Server | undefined> {
  const lines = (await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !(await serves(pid, data))) return undefined;
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === 'ready' };
}

/** True if the process's command line names our data folder: the number alone may by now belong to anything. */
async function serves(pid: number, data: string): Promise<boolean> {
  return ` ${await commandOf(pid)} `.includes(` ${data} `);
}

/** The command line of a process, empty if there is none. */
async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim();
  }
  const ps = spawn('ps', ['-o', 'command=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  for await (const chunk of ps.stdout) text += String(chunk);
  return text.trim();
}

/**
 * Removes a postmaster.pid whose number belongs to another program by now (in a container the same few numbers come back at
 * once): PostgreSQL would take that program for a server and refuse to start. One that may be PostgreSQL is left to it.
 */
async function removeStale(data: string): Promise<void> {
  const file = path.join(data, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  if (pid > 0 && !(await commandOf(pid)).includes('postgres')) await rm(file, { force: true });
}

/** Starts PostgreSQL on a free port of the loopback interface, detached, so that Ctrl-C reaches the application first. */
export async function startServer(programs: string, location: Location): Promise<Server> {
  await removeStale(path.join(location.home, 'data'));
  for (let attempt = 1; ; attempt += 1) {
    const server = await launch(programs, location, await freePort());
    if (server !== undefined) return server;
    // The port may have been taken in the meantime, or the children of a killed server still be ending.
    if (attempt === 5) throw notStarted(location);
    await pause(200 * attempt);
  }
}

async function launch(programs: string, { home, as }: Location, port: number): Promise<Server | undefined> {
  const data = path.join(home, 'data');
  const log = await openLog(path.join(home, 'server.log'));
  const child = spawn(path.join(programs, 'bin/postgres'), ['-D', data, ...settings(port)], {
    cwd: '/',
    env: environment(),
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    ...as,
  });
  let ended = false;
  child.on('exit', () => (ended = true));
  child.on('error', () => (ended = true));
  child.unref();
  await log.close();
  const deadline = Date.now() + 60_000; // recovery after a crash may take a while
  while (!ended && Date.now() < deadline) {
    const server = await findServer(data);
    if (server?.ready && server.pid === child.pid) return server;
    await pause(20);
  }
  return undefined;
}

function settings(port: number): string[] {
  const values = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 300,
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // The details of an error quote the row that caused it: personal data has no place in a log.
    log_error_verbosity: 'terse',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Asks for a fast shutdown and waits; after `patience` milliseconds insists (recovery then replays, nothing is lost). */
export async function stopServer(data: string, patience = 4_000): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    const server = await findServer(data);
    if (server === undefined) return;
    process.kill(server.pid, signal);
    const deadline = Date.now() + patience;
    while ((await findServer(data)) !== undefined && Date.now() < deadline) await pause(20);
  }
}

async function openLog(file: string) {
  if (((await stat(file).catch(() => undefined))?.size ?? 0) > 10_000_000) await truncate(file);
  return open(file, 'a', 0o600);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function notStarted({ home }: Location): PlatformError {
  return new PlatformError(
    'unavailable',
    'embedded-database-not-started',
    `The embedded PostgreSQL did not start; ${path.join(home, 'server.log')} says why. Set DATABASE_URL to use a server of your own.`,
  );
}
