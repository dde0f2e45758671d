/** Clocks of single processes that a test sets while they run: libfaketime, which `npm test` finds or installs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbedded } from '../../../platform/database/embedded/start.ts';
import { locate } from '../../../platform/database/embedded/location.ts';
import { findPrograms } from '../../../platform/database/embedded/programs.ts';
import { ask } from './embedded.ts';

/** Undefined where clocks cannot be set. */
export const faketime = process.env.FAKETIME_LIBRARY;

export type SetClock = {
  /** For the process whose clock it is. Its steady clock is that of the machine. */
  environment: Record<string, string>;
  /** As faketime writes it: `+0`, `+3600`, `-3600`, `+10y`, `+0 x2` (twice as fast since the process began). */
  set(this: void, to: string): Promise<void>;
  remove(this: void): Promise<void>;
};

export async function aClockToSet(): Promise<SetClock> {
  const folder = await mkdtemp(path.join(tmpdir(), 'wayleave-clock-'));
  const file = path.join(folder, 'time');
  // A rate stays until another is named.
  const set = (to: string): Promise<void> => writeFile(file, to.includes('x') ? to : `${to} x1`);
  await set('+0');
  await chmod(folder, 0o755);
  return {
    environment: {
      LD_PRELOAD: faketime ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    set,
    remove: () => rm(folder, { recursive: true }),
  };
}

/** The embedded server of a data folder, under a clock of its own. Returns its address as owner. */
export async function startServerWith(
  { environment }: SetClock,
  dataDir: string,
): Promise<{ url: string; stop(): Promise<void> }> {
  const prepared = await startEmbedded(dataDir);
  await prepared.stop();
  const place = await locate(dataDir);
  const settings = { port: new URL(prepared.url).port, listen_addresses: '127.0.0.1', unix_socket_directories: '' };
  const child = spawn(
    path.join(await findPrograms(place), 'bin/postgres'),
    ['-D', prepared.location, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { cwd: '/', stdio: 'ignore', env: environment, ...place.as },
  );
  await answers(prepared.url, child);
  return { url: prepared.url, stop: () => endOf(child) };
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    if (
      await ask(url, 'select 1').then(
        () => true,
        () => false,
      )
    )
      return;
  }
  throw new Error('The server with a clock of its own ended.');
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGINT');
  });
}
