/** One at a time, in the order of asking. */

export type Mutex = { acquire(): Promise<() => void> };

/** Makes a lock of this process; `acquire` gives the function that frees it, which may be called more than once. */
export function createMutex(): Mutex {
  let last: Promise<void> = Promise.resolve();
  return {
    acquire: async () => {
      let free: () => void = () => undefined;
      const before = last;
      last = new Promise((resolve) => (free = resolve));
      await before;
      return free;
    },
  };
}
