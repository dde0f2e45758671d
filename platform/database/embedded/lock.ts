/** A lock between processes that falls when its holder dies, for the moments in which the embedded server starts or stops. */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { PlatformError } from '../../errors.ts';

/** Runs `work` while this process alone holds the lock file; gives up after `patience` milliseconds. */
export async function withLock<T>(file: string, work: () => Promise<T>, patience = 120_000): Promise<T> {
  const mine = `${file}.${randomUUID()}`;
  // Written first and linked into place, so that nobody ever reads a lock without its holder's name.
  await writeFile(mine, `${process.pid} ${await startOf(process.pid)} ${randomUUID()}`);
  try {
    await take(file, mine, Date.now() + patience);
    try {
      return await work();
    } finally {
      await unlink(file).catch(() => undefined);
    }
  } finally {
    await unlink(mine).catch(() => undefined);
  }
}

async function take(file: string, mine: string, deadline: number): Promise<void> {
  for (;;) {
    const taken = await link(mine, file).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
        return false;
      },
    );
    if (taken) return;
    const holder = await readFile(file, 'utf8').catch(() => undefined);
    if (holder !== undefined && !(await alive(holder))) await discard(file, holder);
    else if (Date.now() > deadline) throw busy(file, holder);
    else await pause(25);
  }
}

/** Takes a dead holder's lock away. Renaming is atomic: of several who try, one moves it, and it checks what it moved. */
async function discard(file: string, holder: string): Promise<void> {
  const away = `${file}.${randomUUID()}`;
  try {
    await rename(file, away);
  } catch {
    return;
  }
  if ((await readFile(away, 'utf8')) !== holder) await link(away, file).catch(() => undefined);
  await unlink(away);
}

async function alive(holder: string): Promise<boolean> {
  const [pid, start] = holder.split(' ');
  return (await startOf(Number(pid))) === start && start !== 'gone';
}

/** When a process began, in a form that tells it from a later one with the same number (containers reuse them at once). */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The command's name stands in brackets and may hold blanks; the start is the 20th field after it.
  if (stat !== undefined) return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'unknown';
  try {
    process.kill(pid, 0);
    return 'unknown';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'unknown' : 'gone';
  }
}

function busy(file: string, holder: string | undefined): PlatformError {
  const who = holder?.split(' ')[0] ?? 'unknown';
  return new PlatformError(
    'unavailable',
    'embedded-database-busy',
    `Another process (${who}) has been starting or stopping the embedded database for too long. Stop it, or remove ${file}.`,
  );
}
