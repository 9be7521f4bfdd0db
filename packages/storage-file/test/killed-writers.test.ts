import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createFileStorage } from '../src/index.ts';
import { record, storedNumber, writeOver } from './records.ts';
import { tempDirectory } from './temp-directory.ts';
import { startWriters } from './writer-processes.ts';

const key = 'real-1';

describe('F1: a writer that was killed', () => {
  test.each([
    ['before-link', 2],
    ['after-link', 100],
  ] as const)('%s leaves nothing that the next write does not remove, in 300 ms', async (at, stored) => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    await writeOver(storage, key, 2, 1);
    const writers = await startWriters(directory, 1);
    const [child] = writers.children;
    if (child === undefined) throw new Error('No child');
    child.send({ type: 'die', key, at });
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');

    expect(await storedNumber(storage, key)).toBe(stored);
    const left = readdirSync(directory).filter((name) => !name.includes('.v'));
    expect(left.map((name) => name.split('.').at(-1)).sort()).toEqual(['lock', 'tmp']);

    const version = (await storage.read(key))?.version;
    const startMs = performance.now();
    expect(await storage.compareAndSet(key, version, record(101))).toBeTypeOf('string');
    expect(performance.now() - startMs).toBeLessThan(300);
    expect(await storedNumber(storage, key)).toBe(101);
    expect(readdirSync(directory).filter((name) => !name.includes('.v'))).toEqual([]);
  });
});

describe('a process', () => {
  test('ends by itself, with 0, though it watches and has written', async () => {
    const writers = await startWriters(tempDirectory(), 1);
    const [child] = writers.children;
    if (child === undefined) throw new Error('No child');
    const startMs = performance.now();
    child.send({ type: 'watch-and-end', key });
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });
});
