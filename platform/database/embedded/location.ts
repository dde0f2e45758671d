/** Where the embedded PostgreSQL keeps its programs, its data and its password. */
import { createHash } from 'node:crypto';
import { lstat, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { PlatformError } from '../../errors.ts';

export type Location = {
  /** Everything of this one database: `data/`, `password`, `server.log`. */
  home: string;
  /** Whom PostgreSQL runs as when we are root, which it refuses to be. */
  as?: { uid: number; gid: number };
};

/** `nobody`: PostgreSQL insists on a user that has a name, and this one exists on every Linux. */
const NOBODY = { uid: 65534, gid: 65534 };
export const SYSTEM_FOLDER = '/var/lib/wayleave';
const checkout = path.resolve(import.meta.dirname, '../../..');

/**
 * An ordinary user's database lives in the data folder. Root's lives outside the checkout, in a folder that `nobody` can
 * reach even where the checkout is private; `<dataDir>/postgres` is then a link that says where.
 */
export async function locate(dataDir: string): Promise<Location> {
  await mkdir(dataDir, { recursive: true });
  const link = path.join(dataDir, 'postgres');
  if (process.getuid?.() !== 0) {
    await mkdir(link, { recursive: true, mode: 0o700 });
    return { home: link };
  }
  const name = createHash('sha256')
    .update(`${checkout}\0${path.resolve(dataDir)}`)
    .digest('hex')
    .slice(0, 16);
  await refuseForeign(link);
  return { home: path.join(SYSTEM_FOLDER, name), as: NOBODY };
}

async function refuseForeign(link: string): Promise<void> {
  const found = await lstat(link).catch(() => undefined);
  if (found === undefined || found.isSymbolicLink()) return;
  throw new PlatformError(
    'conflict',
    'embedded-database-of-another-user',
    `${link} holds the database of an ordinary user, and this is root. Start as that user, or set DATA_DIR to another folder.`,
  );
}
