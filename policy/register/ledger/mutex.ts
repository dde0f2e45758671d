/** One at a time, in the order of asking. */

type Mutex = {
  /** Waits for its turn, and gives the function that frees the lock; calling that again does nothing. */
  acquire(): Promise<() => void>;
  /** Runs work alone, and frees the lock however it ends. */
  run<T>(work: () => Promise<T>): Promise<T>;
  held(): boolean;
};

/** Makes a lock of this process. */
export function createMutex(): Mutex {
  let last: Promise<void> = Promise.resolve();
  let held = false;
  const acquire = async (): Promise<() => void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = last;
    last = promise;
    await before;
    held = true;
    let mine = true;
    return () => {
      if (mine) held = mine = false;
      resolve();
    };
  };
  return {
    acquire,
    held: () => held,
    run: async (work) => {
      const free = await acquire();
      try {
        return await work();
      } finally {
        free();
      }
    },
  };
}
