import { LRUCache } from 'lru-cache';
import type { SafeStore } from './store.ts';

export function createMemoryStore(maxEntries: number): SafeStore {
  const kept = new LRUCache<string, string>({ max: maxEntries });
  return {
    get: async (key) => kept.get(key),
    async set(key, value) {
      kept.set(key, value);
      return true;
    },
  };
}
