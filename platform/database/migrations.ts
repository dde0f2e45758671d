/** The list of migration files, checked for the mistakes that numbering invites. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { PlatformError } from '../errors.ts';

export const MIGRATIONS = path.resolve(import.meta.dirname, '../../migrations');

/** Names (without `.sql`) in the order they are applied. */
export async function listMigrations(folder = MIGRATIONS): Promise<string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const numbers = new Map<string, string>();
  for (const file of files) {
    const number = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(file)?.[1];
    if (number === undefined) throw badName(file, 'is not named like 0001_ground.sql');
    const other = numbers.get(number);
    if (other !== undefined) throw badName(file, `has the same number as ${other}`);
    numbers.set(number, file);
  }
  return files.map((file) => file.slice(0, -'.sql'.length));
}

function badName(file: string, what: string): PlatformError {
  return new PlatformError('conflict', 'migration-name', `The migration ${file} ${what}. Rename it.`);
}
