/** The server process: finding one that runs on our data, starting one, stopping one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm, stat, truncate } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PlatformError } from '../../errors.ts';
import { environment } from './cluster.ts';
import type { Location } from './location.ts';
import { complaints } from './words.ts';

type Server = { pid: number; port: number; ready: boolean };

/** Reads postmaster.pid and returns the server that it names, if that process is alive and serves this very folder. */
export async function findServer(data: string): Promise<Server | undefined> {
  const named = await readPidFile(data);
  return named !== undefined && (await serves(named.pid, data)) ? named : undefined;
}

async function readPidFile(data: string): Promise<Server | undefined> {
  const text = await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error; // a file that we may not read is no sign that nothing runs
  });
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
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
  const named = await readPidFile(data);
  if (named === undefined || (await commandOf(named.pid)).includes('postgres')) return;
  await rm(path.join(data, 'postmaster.pid'), { force: true });
}

/** Starts PostgreSQL on a free port of the loopback interface, detached, so that Ctrl-C reaches the application first. */
export async function startServer(programs: string, location: Location): Promise<Server> {
  await removeStale(path.join(location.home, 'data'));
  for (let attempt = 1; ; attempt += 1) {
    const server = await launch(programs, location, await freePort());
    if (server !== undefined) return server;
    // The port may have been taken in the meantime, or the children of a killed server still be ending.
    if (attempt === 5) throw await notStarted(location);
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
  child.unref();
  await log.close();
  let server: Server | undefined;
  try {
    return (server = await comesUp(child, data));
  } finally {
    // Whatever went wrong meanwhile, no server of ours is left that nobody knows of.
    if (server === undefined) await endLaunched(child, data);
  }
}

/** Waits until the server takes connections; undefined when it ends, or does not in a minute. */
async function comesUp(child: ChildProcess, data: string): Promise<Server | undefined> {
  let failure: Error | undefined;
  child.on('error', (error) => (failure = error));
  const deadline = Date.now() + 60_000; // recovery after a crash may take a while
  while (isRunning(child) && Date.now() < deadline) {
    const named = await readPidFile(data);
    if (named?.ready && named.pid === child.pid) {
      if (await serves(named.pid, data)) return named;
      throw invisible(named.pid);
    }
    await pause(20);
  }
  if (failure !== undefined) throw failure;
  return undefined;
}

async function endLaunched(child: ChildProcess, data: string): Promise<void> {
  if (child.pid === undefined || !isRunning(child)) return;
  const ended = once(child, 'exit');
  await sendSignal(child.pid, 'SIGQUIT', data);
  await ended;
}

function isRunning({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
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
    await sendSignal(server.pid, signal, data);
    const deadline = Date.now() + patience;
    while ((await findServer(data)) !== undefined && Date.now() < deadline) await pause(20);
  }
}

/** As whoever owns the data where we may not ourselves: root without CAP_KILL, beside a server that runs as nobody. */
async function sendSignal(pid: number, signal: 'SIGINT' | 'SIGQUIT', data: string): Promise<void> {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return;
    if (code !== 'EPERM') throw error;
    const { uid, gid } = await stat(data);
    const shell = spawn('/bin/sh', ['-c', `kill -${signal.slice('SIG'.length)} ${pid}`], { uid, gid, stdio: 'ignore' });
    await once(shell, 'close');
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

async function notStarted({ home }: Location): Promise<PlatformError> {
  const log = path.join(home, 'server.log');
  const why = complaints((await readFile(log, 'utf8').catch(() => '')).slice(-2_000), 3);
  return new PlatformError(
    'unavailable',
    'embedded-database-not-started',
    `The embedded PostgreSQL did not start; ${log} says why. It ends with:\n${why}\nSet DATABASE_URL to use a server of your own.`,
  );
}

function invisible(pid: number): PlatformError {
  return new PlatformError(
    'unavailable',
    'embedded-database-invisible',
    `The embedded PostgreSQL runs as process ${pid}, which cannot be seen in /proc, so that it could not be stopped later. ` +
      'Mount /proc, or set DATABASE_URL to a PostgreSQL server of your own.',
  );
}
