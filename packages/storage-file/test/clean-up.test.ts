import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFileStorage } from '../src/index.ts';
import { writeOver } from './records.ts';
import { fsError, replace } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';
const versions = (...numbers: number[]): string[] => numbers.map((n) => `real-1.v${n}.json`);

describe("a dead writer's temporary file", () => {
  test('stays while the clock of the file system cannot be told, and goes with the next write', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    const temp = join(directory, '.kis-00000000-1-1-00.tmp');
    writeFileSync(temp, '');
    utimesSync(temp, 1, 1);
    const restore = replace('lstat', async () => {
      throw fsError('EIO');
    });
    await writeOver(storage, key, 1, 1);
    expect(readdirSync(directory)).toContain(basename(temp));
    restore();
    await writeOver(storage, key, 1, 2);
    expect(readdirSync(directory)).not.toContain(basename(temp));
  });
});

describe('old versions', () => {
  test('wait for one before them that cannot be removed, and then go in ascending order', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    const restore = replace('unlink', async (original, args) => {
      if (String(args[0]).endsWith('.v1.json')) throw fsError('EACCES');
      return original(...args);
    });
    await writeOver(storage, key, 6, 1);
    expect(readdirSync(directory).sort()).toEqual(versions(1, 2, 3, 4, 5, 6));
    restore();

    const removed: string[] = [];
    replace('unlink', async (original, args) => {
      const name = basename(String(args[0]));
      if (name.includes('.v')) removed.push(name);
      return original(...args);
    });
    await writeOver(storage, key, 1, 7);
    expect(removed).toEqual(versions(1, 2, 3, 4));
    expect(readdirSync(directory).sort()).toEqual(versions(5, 6, 7));
  });

  test('that another writer has removed already keep nobody from the next ones', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    await writeOver(storage, key, 3, 1);
    replace('unlink', async (original, args) => {
      await original(...args);
      if (String(args[0]).endsWith('.v1.json')) throw fsError('ENOENT');
    });
    const names = versions(1, 2, 3);
    const restore = replace('readdir', async (original, args) => [
      ...new Set([...names, ...((await original(...args)) as string[])]),
    ]);
    await storage.delete(key);
    restore();
    expect(readdirSync(directory)).toEqual(versions(4));
  });
});
