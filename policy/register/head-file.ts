/** The head last seen, on this machine's disk: a chain that was cut or replaced in the database no longer contains it. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { PolicyError } from '../errors.ts';
import type { Head } from './chain.ts';

const Stored = z.object({ federation: z.string(), sequence: z.int().min(0), hash: z.string() });

export type HeadFile = { path: string; read(): Promise<Head | undefined>; write(head: Head): Promise<void> };

/** Opens `register-head.json` in the data folder. A file about another federation, or none, says nothing. */
export function openHeadFile(dataDir: string, federation: string): HeadFile {
  const file = path.join(dataDir, 'register-head.json');
  return {
    path: file,
    read: async () => {
      const stored = await readStored(file);
      return stored?.federation === federation ? { sequence: stored.sequence, hash: stored.hash } : undefined;
    },
    write: async (head) => {
      await mkdir(dataDir, { recursive: true });
      const draft = `${file}.${randomUUID()}`;
      try {
        await writeFile(draft, `${JSON.stringify({ federation, ...head })}\n`, { mode: 0o600, flush: true });
        await rename(draft, file);
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
  };
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
