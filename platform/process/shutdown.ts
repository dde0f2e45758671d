/** An orderly end: on SIGINT or SIGTERM everything that was opened is closed, last opened first, within five seconds. */

export type Shutdown = {
  /** Adds something to close. Steps run one after the other, the last added first. */
  onStop(name: string, step: () => Promise<unknown> | void): void;
  /** Stops everything; later calls wait for the first. Resolves to the exit code: 0, or 1 where a step failed or hung. */
  stop(): Promise<number>;
};

export type ShutdownOptions = {
  /** Milliseconds for all steps together. */
  patience?: number;
  say?: (line: string) => void;
  /** The process, or in a test something like it. */
  process?: Pick<NodeJS.Process, 'on' | 'exit'>;
};

/**
 * Listens for the signals. The first one stops in order and ends the process; a second one ends it at once. A step that
 * fails is told and does not keep the others from running: whatever is left is closed all the same.
 */
export function handleShutdown(options: ShutdownOptions = {}): Shutdown {
  const { patience = 4_500, say = console.error, process: self = process } = options;
  const steps: { name: string; step: () => Promise<unknown> | void }[] = [];
  let stopping: Promise<number> | undefined;
  const stop = (): Promise<number> => (stopping ??= within(patience, runAll(steps, say), steps, say));
  const onSignal = (): void => {
    if (stopping !== undefined) self.exit(1);
    say('stopping');
    void stop().then((code) => self.exit(code));
  };
  self.on('SIGINT', onSignal);
  self.on('SIGTERM', onSignal);
  return { onStop: (name, step) => void steps.push({ name, step }), stop };
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
      say(`gave up waiting for ${steps.at(-1)?.name ?? 'the last step'} to close`);
      resolve(1);
    }, patience);
    void work.then((code) => {
      clearTimeout(timer);
      resolve(code);
    });
  });
}
