/** An orderly end: on Ctrl-C or a request to end everything that was opened is closed, last opened first, within five seconds. */
import { setTimeout as delay } from 'node:timers/promises';

export type Shutdown = {
  /** Adds something to close. Steps run one after the other, the last added first. */
  onStop(name: string, step: () => Promise<unknown> | void): void;
  /** Names the start-up: an end that comes meanwhile lets it reach its next step, and closes what it opens until then. */
  during(starting: Promise<unknown>): void;
  /** Aborted once the end has begun: the start-up asks it between its steps. */
  readonly signal: AbortSignal;
  /** Stops everything; later calls wait for the first. Resolves to the exit code: 0, or 1 where a step failed or hung. */
  stop(): Promise<number>;
};

type ShutdownOptions = {
  /** Milliseconds for all steps together. */
  patience?: number;
  say?: (line: string) => void;
  /** The process, or in a test something like it. */
  process?: Pick<NodeJS.Process, 'on' | 'exit'>;
};

/** Under npm one Ctrl-C arrives twice: from the terminal, and from npm, which passes on what it got itself. */
const SAME_KEYSTROKE = 500;

/**
 * Listens for the signals. The first one stops in order and ends the process; another one later ends it at once. A step
 * that fails is told and does not keep the others from running: whatever is left is closed all the same.
 */
export function handleShutdown(options: ShutdownOptions = {}): Shutdown {
  const { patience = 4_500, say = console.error, process: self = process } = options;
  const steps: Step[] = [];
  const ending = new AbortController();
  let starting: Promise<unknown> = Promise.resolve();
  let stopping: Promise<number> | undefined;
  let began = 0;
  const runEverything = async (): Promise<number> => {
    await Promise.race([starting, delay(patience / 2, undefined, { ref: false })]);
    const code = await runAll(steps, say);
    await starting;
    return Math.max(code, await runAll(steps, say));
  };
  const stop = (): Promise<number> => {
    ending.abort();
    return (stopping ??= within(patience, runEverything(), steps, say));
  };
  const onSignal = (): void => {
    if (began === 0) {
      began = performance.now();
      say('Stopping …');
      void stop().then((code) => self.exit(code));
    } else if (performance.now() - began > SAME_KEYSTROKE) self.exit(1);
  };
  // A terminal that is closed says SIGHUP.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) self.on(signal, onSignal);
  return {
    onStop: (name, step) => void steps.push({ name, step }),
    during: (work) => void (starting = work.catch(() => undefined)),
    signal: ending.signal,
    stop,
  };
}

type Step = { name: string; step: () => Promise<unknown> | void };

/** Takes the steps off the list as they end, so that what is left names what hangs. */
async function runAll(steps: Step[], say: (line: string) => void): Promise<number> {
  let code = 0;
  for (let last = steps.at(-1); last !== undefined; last = steps.at(-1)) {
    try {
      await last.step();
    } catch (error) {
      code = 1;
      say(`${last.name} did not close: ${error instanceof Error ? error.message : String(error)}`);
    }
    steps.splice(steps.indexOf(last), 1);
  }
  return code;
}

function within(patience: number, work: Promise<number>, steps: Step[], say: (line: string) => void): Promise<number> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      say(`gave up waiting for ${steps.at(-1)?.name ?? 'the start-up'} to end`);
      resolve(1);
    }, patience);
    void work.then((code) => {
      clearTimeout(timer);
      resolve(code);
    });
  });
}
