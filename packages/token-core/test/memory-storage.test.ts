import { describe, expect, test } from 'vitest';
import { tokenStorageConformance } from '../src/conformance.ts';
import { createMemoryStorage } from '../src/memory-storage.ts';

describe('the memory storage keeps the contract', () => {
  tokenStorageConformance(test, () => createMemoryStorage());
});

describe('the memory storage', () => {
  test('two storages share nothing', async () => {
    const [one, two] = [createMemoryStorage(), createMemoryStorage()];
    await one.compareAndSet('real-1', undefined, { attempts: [], dead: [] });
    expect(await two.read('real-1')).toBeUndefined();
  });

  test('closing ends every subscription, and what is stored stays', async () => {
    const storage = createMemoryStorage();
    let calls = 0;
    const unsubscribe = storage.watch?.('real-1', () => {
      calls += 1;
    });
    await storage.close?.();
    const version = await storage.compareAndSet('real-1', undefined, { attempts: [], dead: [] });
    await new Promise((resolve) => setImmediate(resolve));
    unsubscribe?.();
    expect(calls).toBe(0);
    expect((await storage.read('real-1'))?.version).toBe(version);
  });

  test('a watcher hears of its own key only', async () => {
    const storage = createMemoryStorage();
    const heard: string[] = [];
    storage.watch?.('real-1', () => heard.push('real-1'));
    storage.watch?.('real-2', () => heard.push('real-2'));
    await storage.compareAndSet('real-2', undefined, { attempts: [], dead: [] });
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual(['real-2']);
  });
});
