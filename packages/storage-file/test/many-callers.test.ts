import type { TokenStorage } from '@kis/token-core';
import { describe, expect, test } from 'vitest';
import { createFileStorage } from '../src/index.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';

async function addTo(storage: TokenStorage, name: string): Promise<void> {
  for (;;) {
    const found = await storage.read(key);
    const dead = found?.record.dead ?? [];
    if (dead.includes(name)) return;
    if (await storage.compareAndSet(key, found?.version, { attempts: [], dead: [...dead, name] })) return;
  }
}

describe('a hundred readers and writers at once', () => {
  test('have no error, and lose no change', async () => {
    const directory = tempDirectory();
    const storages = Array.from({ length: 10 }, () => createFileStorage({ directory }));
    const storageOf = (index: number): TokenStorage => storages[index % storages.length] as TokenStorage;
    const readers = Array.from({ length: 50 }, async (_, index) => {
      let seen = 0;
      for (let reads = 0; reads < 20; reads += 1) {
        const length = (await storageOf(index).read(key))?.record.dead.length ?? 0;
        expect(length).toBeGreaterThanOrEqual(seen);
        seen = length;
      }
    });
    const names = Array.from({ length: 50 }, (_, index) => `writer-${index}`);
    await Promise.all([...readers, ...names.map((name, index) => addTo(storageOf(index), name))]);
    expect([...((await storages[0]?.read(key))?.record.dead ?? [])].sort()).toEqual([...names].sort());
  });
});
