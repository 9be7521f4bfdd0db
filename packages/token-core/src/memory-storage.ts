import type { TokenRecord, TokenStorage } from './ports.ts';

/** A storage in the memory of this process: what it holds ends with the process. */
export function createMemoryStorage(): TokenStorage {
  const entries = new Map<string, { readonly n: number; readonly record: TokenRecord | undefined }>();
  const watchers = new Map<string, Set<() => void>>();

  function put(key: string, record: TokenRecord | undefined): string {
    const n = (entries.get(key)?.n ?? 0) + 1;
    entries.set(key, { n, record: structuredClone(record) });
    queueMicrotask(() => {
      for (const onChange of watchers.get(key) ?? []) {
        try {
          onChange();
        } catch {
          // It is the watcher's trouble: the others are to be told.
        }
      }
    });
    return String(n);
  }

  function stored(key: string): { readonly record: TokenRecord; readonly version: string } | undefined {
    const entry = entries.get(key);
    return entry?.record === undefined ? undefined : { record: entry.record, version: String(entry.n) };
  }

  return {
    async read(key) {
      return structuredClone(stored(key));
    },
    async compareAndSet(key, expected, record) {
      return stored(key)?.version === expected ? put(key, record) : undefined;
    },
    async delete(key) {
      // The number stays, so that no version is ever given twice.
      if (stored(key) !== undefined) put(key, undefined);
    },
    watch(key, onChange) {
      const ofKey = watchers.get(key) ?? new Set();
      const subscriber = (): void => onChange();
      watchers.set(key, ofKey.add(subscriber));
      return () => {
        ofKey.delete(subscriber);
        if (ofKey.size === 0 && watchers.get(key) === ofKey) watchers.delete(key);
      };
    },
    async close() {
      watchers.clear();
    },
  };
}
