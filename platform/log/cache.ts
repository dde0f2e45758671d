/** A bounded cache of facts that are dropped by name. */
import { LRUCache } from 'lru-cache';

export type CacheOptions = {
  /** Most entries kept; the least recently used go first. */
  max?: number;
};

export type Cache<V> = {
  get(key: string): Promise<V>;
  /** Forgets one key, or with `*` all. A load under way is not joined by later askers and not kept. */
  drop(key: string): void;
};

/** Opens a cache over `load`. Many askers for one key share one load; a load that fails is not kept. */
export function openCache<V>(load: (key: string) => Promise<V>, { max = 10_000 }: CacheOptions = {}): Cache<V> {
  // The promise itself is kept: dropping it while it loads is what keeps a raced load out, since only `entries` is asked.
  const entries = new LRUCache<string, Promise<V>>({ max });

  const start = (key: string): Promise<V> => {
    const value = load(key);
    value.catch(() => {
      if (entries.peek(key) === value) entries.delete(key);
    });
    entries.set(key, value);
    return value;
  };

  return {
    get: (key) => entries.get(key) ?? start(key),
    drop: (key) => void (key === '*' ? entries.clear() : entries.delete(key)),
  };
}
