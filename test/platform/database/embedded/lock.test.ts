import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { withLock } from '../../../../platform/database/embedded/lock.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wayleave-lock-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the lock between processes', () => {
  it('lets one in at a time and leaves no file behind', async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await pause(5);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 10 }, () => withLock(path.join(folder, 'one'), work)));
    expect(most).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('falls when its holder fails, and passes the error on', async () => {
    const file = path.join(folder, 'failing');
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock(file, async () => 'mine')).toBe('mine');
  });

  it('falls when its holder is killed', async () => {
    const file = path.join(folder, 'killed');
    const module = path.resolve(import.meta.dirname, '../../../../platform/database/embedded/lock.ts');
    const source = `import { withLock } from ${JSON.stringify(module)};
      await withLock(${JSON.stringify(file)}, () => new Promise(() => { console.log('held'); setInterval(() => undefined, 1000); }));`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await expect(withLock(file, async () => 'mine', 200)).rejects.toMatchObject({ code: 'embedded-database-busy' });
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await withLock(file, async () => 'mine')).toBe('mine');
  });

  it('falls when the number of its holder belongs to another process by now', async () => {
    const file = path.join(folder, 'reused');
    await writeFile(file, `${process.pid} 1 an-older-process`);
    expect(await withLock(file, async () => 'mine', 1_000)).toBe('mine');
  });
});
