/** Reading by key with one statement for all who ask meanwhile. Nothing is kept: who asked before shows in no answer's time. */

/** Finds by key; keys of nothing are absent. */
type Load<V> = (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>;

type Asked<V> = { key: string; resolve: (value: V | undefined) => void; reject: (error: unknown) => void };

// What one statement looks for at most, while others wait for it.
const largestBatch = 1_000;

/** While one reading is under way, the next gathers; no timers. An answer is never from a reading that began before it was asked for. */
export function readTogether<V>(load: Load<V>): { get(key: string): Promise<V | undefined> } {
  const waiting: Asked<V>[] = [];
  let reading = false;

  const readOn = async (): Promise<void> => {
    for (let batch = take(); batch.length > 0; batch = take()) {
      try {
        const found = await load([...new Set(batch.map(({ key }) => key))]);
        for (const { key, resolve } of batch) resolve(found.get(key));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    reading = false;
  };
  const take = (): Asked<V>[] => waiting.splice(0, largestBatch);

  return {
    get: (key) =>
      new Promise((resolve, reject) => {
        waiting.push({ key, resolve, reject });
        if (reading) return;
        reading = true;
        queueMicrotask(() => void readOn());
      }),
  };
}
