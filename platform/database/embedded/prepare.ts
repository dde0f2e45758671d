/** Makes the folder of the embedded database, and in root's case ties it to the data folder. */
import { lstat, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { Location } from './location.ts';
import { stopServer } from './server.ts';

/**
 * `<dataDir>/postgres` links to root's database. Where the link is missing, the data folder is new, and the keys that a
 * database still lying here was written under went with the old one: it is set aside, never removed.
 */
export async function prepare(dataDir: string, { home, as }: Location, say: (line: string) => void): Promise<void> {
  if (as !== undefined) await tie(path.join(dataDir, 'postgres'), home, say);
  await mkdir(home, { recursive: true, mode: as === undefined ? 0o700 : 0o755 });
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
