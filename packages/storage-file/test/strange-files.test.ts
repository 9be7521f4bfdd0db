import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createFileStorage, type FileStorageEvent } from '../src/index.ts';
import { PLANTS } from './plants.ts';
import { needPosix } from './posix.ts';
import { storedNumber, writeOver } from './records.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';

/** Tells whether something is still the same thing. */
function identityOf(path: string): string {
  const { ino, size, mode, mtimeMs } = lstatSync(path);
  return [ino, size, mode, mtimeMs].join();
}

describe('F6: at `path`', () => {
  beforeEach((context) => needPosix('FIFOs', context));
  test.each(PLANTS.filter(([what]) => what !== 'a directory'))(
    '%s keeps nobody waiting, is left as it is, and costs no record',
    async (_what, plant) => {
      const path = join(tempDirectory(), 'token.json');
      await plant(path);
      const before = identityOf(path);
      const events: FileStorageEvent[] = [];
      const storage = createFileStorage({ path, onEvent: (event) => events.push(event) });
      await writeOver(storage, key, 3, 1);
      expect(await storedNumber(storage, key)).toBe(3);
      await storage.delete(key);
      expect(await storage.read(key)).toBeUndefined();
      expect(identityOf(path)).toBe(before);
      expect(events.filter(({ type }) => type === 'mirror-refused')).toHaveLength(1);
    },
  );
});

describe("F6: in the lock's place", () => {
  beforeEach((context) => needPosix('FIFOs', context));
  test.each(PLANTS)('%s keeps a writer for a moment, and costs no record', async (_what, plant) => {
    const directory = tempDirectory();
    await plant(join(directory, 'real-1.lock'));
    const storage = createFileStorage({ directory });
    await storage.read(key);
    const startMs = performance.now();
    await writeOver(storage, key, 3, 1);
    expect(performance.now() - startMs).toBeLessThan(1_000);
    expect(await storedNumber(storage, key)).toBe(3);
  });
});

describe("F6: under a temporary file's name", () => {
  beforeEach((context) => needPosix('FIFOs', context));
  test.each(PLANTS)('%s of an unknown owner stays, and keeps nobody waiting', async (_what, plant) => {
    const directory = tempDirectory();
    const path = join(directory, `.kis-00000000-1-1-00.tmp`);
    await plant(path);
    const before = identityOf(path);
    await writeOver(createFileStorage({ directory }), key, 2, 1);
    expect(identityOf(path)).toBe(before);
    expect(readdirSync(directory)).toHaveLength(3);
  });
});
