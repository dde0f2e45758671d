import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const module = path.resolve(import.meta.dirname, '../../../platform/process/shutdown.ts');

/** Runs a program that ends through the real signal handling, and tells what it said and how it ended. */
async function run(
  program: string,
  signals: NodeJS.Signals[],
  /** Milliseconds before each further signal, and for the whole end. */
  { apart = 0, patience = 600 } = {},
): Promise<{ said: string; code: number | null; took: number }> {
  const source = `import { handleShutdown } from ${JSON.stringify(module)};
    const shutdown = handleShutdown({ patience: ${patience} });
    const afterTheSignal = (milliseconds) => new Promise((resolve) => {
      shutdown.signal.addEventListener('abort', () => setTimeout(resolve, milliseconds));
    });
    ${program}
    setInterval(() => undefined, 1000);
    console.error('ready');`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', source], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  let began = 0;
  child.stderr.on('data', (text: Buffer) => {
    said += text.toString();
    if (said.includes('ready') && began === 0) {
      began = Date.now();
      child.kill(signals.shift());
    } else if (said.includes('Stopping') && signals.length > 0) {
      const next = signals.shift();
      setTimeout(() => child.kill(next), apart);
    }
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { said, code, took: Date.now() - began };
}

describe('shutting down', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'closes what was opened, last opened first, on %s',
    async (signal) => {
      const { said, code } = await run(
        `shutdown.onStop('database', async () => console.error('database closed'));
       shutdown.onStop('server', async () => console.error('server closed'));`,
        [signal],
      );
      expect(said).toMatch(/Stopping …\n.*server closed\n.*database closed/s);
      expect(code).toBe(0);
    },
  );

  it('tells of a step that fails, runs the others, and ends with code 1', async () => {
    const { said, code } = await run(
      `shutdown.onStop('database', async () => console.error('database closed'));
       shutdown.onStop('server', () => Promise.reject(new Error('broken pipe')));`,
      ['SIGTERM'],
    );
    expect(said).toContain('server did not close: broken pipe');
    expect(said).toContain('database closed');
    expect(code).toBe(1);
  });

  it('ends in time when a step hangs, and names it', async () => {
    const { said, code, took } = await run(`shutdown.onStop('mail', () => new Promise(() => undefined));`, ['SIGTERM']);
    expect(said).toContain('gave up waiting for mail to end');
    expect(code).toBe(1);
    expect(took).toBeLessThan(4_000);
  });

  it('ends at once on a second signal', async () => {
    const { said, code, took } = await run(
      `shutdown.onStop('mail', () => new Promise(() => undefined));`,
      ['SIGINT', 'SIGINT'],
      { apart: 700, patience: 10_000 },
    );
    expect(code).toBe(1);
    expect(said).not.toContain('gave up');
    expect(took).toBeLessThan(8_000);
  });

  it('takes one Ctrl-C for one, though npm passes on a second signal for it', async () => {
    const { said, code } = await run(
      `shutdown.onStop('mail', () => new Promise((resolve) => setTimeout(resolve, 300)));
       shutdown.onStop('server', async () => console.error('server closed'));`,
      ['SIGINT', 'SIGINT'],
      { patience: 5_000 },
    );
    expect(said).toContain('server closed');
    expect(code).toBe(0);
  });

  it('lets a start-up under way reach its next step, and closes what it has opened by then', async () => {
    const { said, code } = await run(
      `shutdown.onStop('server', async () => console.error('server closed'));
       const open = async () => {
         await afterTheSignal(200);
         shutdown.onStop('database', async () => console.error('database closed'));
         shutdown.signal.throwIfAborted();
         console.error('went on');
       };
       shutdown.during(open());`,
      ['SIGINT'],
      { patience: 2_000 },
    );
    expect(said).toMatch(/database closed\n.*server closed/s);
    expect(said).not.toContain('went on');
    expect(code).toBe(0);
  });

  it('closes what a start-up opens that could not be waited for', async () => {
    const { said, code } = await run(
      `shutdown.onStop('server', async () => console.error('server closed'));
       const open = async () => {
         await afterTheSignal(1_300);
         shutdown.onStop('database', async () => console.error('database closed'));
       };
       shutdown.during(open());`,
      ['SIGINT'],
      { patience: 2_000 },
    );
    expect(said).toMatch(/server closed\n.*database closed/s);
    expect(code).toBe(0);
  });
});
