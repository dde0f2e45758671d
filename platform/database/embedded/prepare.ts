/** Makes the folder of the embedded database, and in root's case ties it to the data folder. */
import { chmod, lstat, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { Location } from './location.ts';
import { stopServer } from './server.ts';

/**
 * `<dataDir>/postgres` links to root's database. Where the link is missing, the data folder is new, and the keys that a
 * database still lying here was written under went with the old one: it is set aside, never removed.
 */
export async function prepare(dataDir: string, { home, as }: Location, say: (line: string) => void): Promise<void> {
  if (as !== undefined) await tie(path.join(dataDir, 'postgres'), home, say);
  await mkdir(home, { recursive: true });
  // Set, not only asked for: a private umask must not shut PostgreSQL's user out of root's folder.
  await chmod(home, as === undefined ? 0o700 : 0o755);
}

/** Makes a folder, and what leads to it, that `nobody` can reach; one that is there already stays as it is. */
export async function makeReachable(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true });
  for (let at = folder; made !== undefined && at.startsWith(made); at = path.dirname(at)) await chmod(at, 0o755);
}

async function tie(link: string, home: string, say: (line: string) => void): Promise<void> {
  const linked = await readlink(link).catch(() => undefined);
  if (linked === home) return;
  if (linked !== undefined) {
    say(`the data folder was copied or moved here: it starts with a new database, the other one stays in ${linked}`);
    await rm(link);
  } else if (await lstat(home).catch(() => undefined)) {
    const aside = `${home}.before-${Date.now()}`;
    await stopServer(path.join(home, 'data'));
    await rename(home, aside);
    say(`the data folder is new: the database that was here before is kept in ${aside}`);
  }
  await symlink(home, link);
}
