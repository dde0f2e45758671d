/** Runs `main.ts` as the process that `npm start` makes: a child with its own data folder and ports, watched by what it says. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import type { Manifest } from '../../../demo/load/manifest.ts';

const root = path.resolve(import.meta.dirname, '../../..');

export type Ending = { code: number | null; signal: NodeJS.Signals | null; milliseconds: number };

export type Started = {
  child: ChildProcess;
  dataDir: string;
  /** All that it printed so far. */
  said(): string;
  /** Waits until it has printed that; fails, with what it printed, when it ends before. */
  says(what: string | RegExp): Promise<void>;
  /** Waits for the start-up screen; returns the address on it. */
  ready(): Promise<string>;
  /** What `demo.json` holds. */
  manifest(): Promise<Manifest>;
  /** Sends a signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<Ending>;
  /** The same; fails, with what it said in the end, unless it ended with code 0. */
  endWell(signal?: NodeJS.Signals): Promise<Ending>;
  /** Resolves when it has ended, for whatever reason. */
  ended: Promise<Pick<Ending, 'code' | 'signal'>>;
};

export type StartOptions = {
  dataDir: string;
  /** Environment variables beside DATA_DIR; by default `quick`. */
  environment?: Record<string, string>;
  checkout?: string;
  node?: string;
  as?: { uid: number; gid: number };
};

/** Any free ports, and passwords hashed as cheaply as may be. */
export const quick = { PORT: '0', CASEBOOK_PORT: '0', PASSWORD_HASH_MEMORY: '1024', PASSWORD_HASH_TIME: '1' };

const running = new Set<ChildProcess>();

/** Starts the process. It is not waited for: `ready()` does. */
export function startMain(options: StartOptions): Started {
  const { dataDir, environment = quick, checkout = root, node = process.execPath } = options;
  const child = spawn(node, [path.join(checkout, 'main.ts')], {
    cwd: checkout,
    // As in a shell of its own: nothing of what jest or npm set.
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options.as,
  });
  running.add(child);
  let text = '';
  const waiting = new Set<() => void>();
  const hear = (chunk: Buffer): void => {
    text += chunk.toString();
    for (const look of waiting) look();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<Pick<Ending, 'code' | 'signal'>>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
      for (const look of waiting) look();
    });
  });
  const says: Started['says'] = (what) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (typeof what === 'string' ? text.includes(what) : what.test(text)) resolve();
        else if (!running.has(child)) reject(new Error(`It ended without saying ${String(what)}, but:\n${text}`));
        else return;
        waiting.delete(look);
      };
      waiting.add(look);
      look();
    });
  const end: Started['end'] = async (signal = 'SIGINT') => {
    const began = performance.now();
    child.kill(signal);
    return { ...(await ended), milliseconds: performance.now() - began };
  };
  return {
    child,
    dataDir,
    said: () => text,
    says,
    ready: async () => {
      await says('Ctrl-C stops');
      return /Wayleave is ready: +(\S+)/.exec(text)?.[1] ?? '';
    },
    manifest: async () => JSON.parse(await readFile(path.join(dataDir, 'demo.json'), 'utf8')) as Manifest,
    end,
    endWell: async (signal) => {
      const before = text.length;
      const ending = await end(signal);
      if (ending.code === 0) return ending;
      throw new Error(`It ended with ${JSON.stringify(ending)} and said:\n${text.slice(before)}`);
    },
    ended,
  };
}

/** For `afterAll`: whatever a failed test left running ends. */
export async function endAllStarted(): Promise<void> {
  const left = [...running];
  await Promise.all(
    left.map((child) => {
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      return closed;
    }),
  );
}

/**
 * A port that nothing holds. Below those that the system gives away for connections and for port 0, lest one of them take it
 * before it is used.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 30_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const holder = createServer();
    holder.once('error', () => resolve(false));
    holder.listen(port, () => holder.close(() => resolve(true)));
  });
}
