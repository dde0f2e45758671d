/** Starts `main.ts` in a surrounding that a shell makes, and says what came of it. */
import { spawn, spawnSync } from 'node:child_process';
import { readdir, readFile, readlink, rm } from 'node:fs/promises';
import path from 'node:path';
import { quick } from './start.ts';

const root = path.resolve(import.meta.dirname, '../../..');

export type Surrounding = {
  name: string;
  /** Shell that ends by running "$@", which is the program. */
  shell?: string;
  environment?: Record<string, string>;
  dataDir?: string;
  /** What is run instead of `node main.ts`, in that folder. */
  command?: string[];
  cwd?: string;
};

export type Outcome = { worked: boolean; said: string; left: string[] };

/** Runs it until it is ready, and then ends it; or until it gives up. Lists what still runs of it then, by command line. */
export async function startIn(surrounding: Surrounding, dataDir: string): Promise<Outcome> {
  const { shell = 'exec "$@"', environment = {}, cwd = root } = surrounding;
  const command = surrounding.command ?? [process.execPath, path.join(root, 'main.ts')];
  const child = spawn('/bin/sh', ['-c', shell, 'sh', ...command], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...quick, DEMO: 'no', DATA_DIR: dataDir, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ready = new Promise<void>((resolve) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      if (said.includes('Ctrl-C stops')) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
  });
  const worked = await Promise.race([ready.then(() => true), ended.then(() => false)]);
  // As Ctrl-C does: to all that the terminal runs in front.
  if (worked && child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
  await ended;
  // Root's database lies elsewhere, and a link says where.
  const home = await readlink(path.join(dataDir, 'postgres')).catch(() => path.join(dataDir, 'postgres'));
  const left = await listLeft(home, dataDir);
  if (left.length === 0)
    for (const folder of [home, `${home}.lock`])
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  return { worked, said: said.trim(), left };
}

/** Whether the shell line can be done on this machine at all: its kernel, our rights or a private checkout may forbid it. */
export function isPossible(shell: string): boolean {
  return spawnSync('/bin/sh', ['-c', shell, 'sh', 'cat', path.join(root, 'main.ts')], { stdio: 'ignore' }).status === 0;
}

async function listLeft(home: string, dataDir: string): Promise<string[]> {
  const lines: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim();
    if (line.includes(home) || line.includes(dataDir)) lines.push(line);
  }
  return lines;
}
