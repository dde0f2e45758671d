/** Messages as files under `dataDir/mail`: one .eml and one small .json each, for the demo's page and for tests. */
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isUuid } from '../uuid.ts';
import type { Mail } from './message.ts';

type FiledMail = Mail & {
  id: string;
  /** When it was filed, epoch seconds. */
  at: number;
};

/** Files a message. Written beside and moved into place, so that a reader never sees half of one; only we may read it. */
export async function writeMailFile(dataDir: string, mail: FiledMail, eml: Buffer): Promise<void> {
  const folder = join(dataDir, 'mail');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [extension, content] of [['eml', eml] as const, ['json', JSON.stringify(mail)] as const]) {
    const path = join(folder, `${mail.id}.${extension}`);
    await writeFile(`${path}.part`, content, { mode: 0o600 });
    await rename(`${path}.part`, path);
  }
}

/** The newest messages first. Ids are UUIDv7, so names sort by time. */
export async function listMails(dataDir: string, limit = 100): Promise<FiledMail[]> {
  const names = await readdir(join(dataDir, 'mail')).catch(() => []);
  const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  const newest = ids.filter(isUuid).sort().reverse().slice(0, limit);
  const mails = await Promise.all(newest.map((id) => findMail(dataDir, id)));
  return mails.filter((mail) => mail !== undefined);
}

/** One message; undefined where there is none. Only a UUID becomes part of a file name. */
export async function findMail(dataDir: string, id: string): Promise<FiledMail | undefined> {
  if (!isUuid(id)) return undefined;
  try {
    return JSON.parse(await readFile(join(dataDir, 'mail', `${id}.json`), 'utf8')) as FiledMail;
  } catch {
    return undefined;
  }
}
