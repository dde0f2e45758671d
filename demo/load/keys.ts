/** Private keys that the demo keeps for its agencies, their officers and its federation, each in a file for its owner alone. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PrivateKey } from '../../policy/register/signatures/flattened.ts';
import { generateKey } from '../../policy/register/signatures/generate.ts';

/** Where the key stands that an officer would hold themselves, or, without an officer, the agency's administration. */
export function keyFile(dataDir: string, agency: string, officer?: string): string {
  return path.resolve(dataDir, 'demo-keys', `${keyName(agency, officer)}.json`);
}

/** The same, where the demo keeps such a key. */
export function findKeyFile(dataDir: string, agency: string, officer?: string): string | undefined {
  const file = keyFile(dataDir, agency, officer);
  return existsSync(file) ? file : undefined;
}

/** The name under which `keepKey` keeps it. */
export function keyName(agency: string, officer?: string): string {
  return `${agency.replace(':', '-')}-${officer === undefined ? 'administration' : `officer-${officer}`}`;
}

/** The key in that file, made first where there is none. Of two processes that start at once, one makes it and both use it. */
export async function keepKey(dataDir: string, name: string): Promise<PrivateKey> {
  const folder = path.join(dataDir, 'demo-keys');
  const file = path.join(folder, `${name}.json`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const known = await readKey(file);
  if (known !== undefined) return known;
  await writeOnce(file, generateKey(), 0o600);
  const made = await readKey(file);
  if (made === undefined) throw new Error(`${file} could not be written.`);
  return made;
}

/** Writes a document whole, unless the file is there already. */
export async function writeOnce(file: string, document: object, mode: number): Promise<void> {
  const half = `${file}.${randomUUID()}`;
  await writeFile(half, `${JSON.stringify(document, null, 2)}\n`, { mode, flush: true });
  try {
    await link(half, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(half, { force: true });
  }
}

async function readKey(file: string): Promise<PrivateKey | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as PrivateKey;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
