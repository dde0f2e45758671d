/** The head last seen, on this machine's disk: a chain that was cut or replaced in the database no longer contains it. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Queryable } from '../../../platform/database/database.ts';
import { sql } from '../../../platform/database/sql.ts';
import { PolicyError } from '../../errors.ts';
import type { Head } from '../chain/chain.ts';

const Stored = z.object({
  federation: z.string(),
  database: z.string().optional(),
  sequence: z.int().min(0),
  hash: z.string(),
});

export type HeadFile = { path: string; read(): Promise<Head | undefined>; write(head: Head): Promise<void> };

/**
 * Opens `register-head.json` in the data folder. A file about another federation, or none, says nothing; nor does one about
 * another database, where that is named: whoever tries things out may use several with one folder. In production it is not,
 * for there another database in place of the one last seen is just what has to be noticed.
 */
export function openHeadFile(dataDir: string, federation: string, database?: string): HeadFile {
  const file = path.join(dataDir, 'register-head.json');
  return {
    path: file,
    read: async () => {
      const stored = await readStored(file);
      if (stored?.federation !== federation) return undefined;
      if (database !== undefined && stored.database !== undefined && stored.database !== database) return undefined;
      return { sequence: stored.sequence, hash: stored.hash };
    },
    write: async (head) => {
      await mkdir(dataDir, { recursive: true });
      const draft = `${file}.${randomUUID()}`;
      try {
        await writeFile(draft, `${JSON.stringify({ federation, database, ...head })}\n`, { mode: 0o600, flush: true });
        await rename(draft, file);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
  };
}

/** A name for this very database, which it keeps through restarts and backups. */
export async function nameDatabase(db: Queryable): Promise<string> {
  const [row] = await db.query<{ name: string }>(sql`
    select system_identifier || '/' || oid as name
    from pg_control_system() join pg_database on datname = current_database()`);
  return row?.name ?? '';
}

async function readStored(file: string): Promise<z.infer<typeof Stored> | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return Stored.parse(JSON.parse(text));
  } catch (cause) {
    throw new PolicyError(
      'unavailable',
      'register-head-unreadable',
      `The file ${file} cannot be read. Put it back from a backup.`,
      {
        cause,
      },
    );
  }
}
