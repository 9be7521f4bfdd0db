import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFileStorage } from '../src/index.ts';
import { storedNumber, writeOver } from './records.ts';
import { fsError, replace, stopNext } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';

describe('a probe', () => {
  test('makes the directory, and leaves nothing in it', async () => {
    const directory = join(tempDirectory(), 'cache', 'kis');
    await createFileStorage({ directory }).probe();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('leaves what is stored, and is seen by no reader', async () => {
    const directory = tempDirectory();
    const [probing, reading] = [createFileStorage({ directory }), createFileStorage({ directory })];
    await writeOver(reading, key, 3, 1);
    const before = readdirSync(directory);
    const stop = stopNext('link', 'after');
    const probe = probing.probe();
    await stop.reached;
    expect(await storedNumber(reading, key)).toBe(3);
    stop.goOn();
    await probe;
    expect(readdirSync(directory)).toEqual(before);
  });

  test('works where a mount has no hard links, and where no directory can be synced', async () => {
    const directory = tempDirectory();
    replace('link', async () => {
      throw fsError('ENOTSUP');
    });
    replace('open', async (original, args) => {
      if (args[1] === 'r') throw fsError('EISDIR');
      return original(...args);
    });
    await createFileStorage({ directory }).probe();
    expect(readdirSync(directory)).toEqual([]);
  });

  test.each<['open' | 'link' | 'mkdir', string, string]>([
    ['open', 'ENOSPC', 'free at least 65536 bytes, and some inodes, where'],
    ['open', 'EMFILE', "raise this process's limit of open files (ulimit -n)"],
    ['link', 'EIO', 'check the disk or the mount of'],
    ['mkdir', 'EROFS', 'choose another directory'],
    ['mkdir', 'EWHATEVER', 'find out what EWHATEVER means where'],
  ])('that fails at %s with %s keeps the code, tells the remedy, and leaves nothing', async (call, code, remedy) => {
    const directory = tempDirectory();
    const cause = fsError(code);
    replace(call, async () => {
      throw cause;
    });
    const error = await createFileStorage({ directory })
      .probe()
      .catch((caught) => caught);
    expect(error).toMatchObject({ code, cause });
    expect(error.message.startsWith(`storage-file: ${directory} takes no record (${cause.message}): `)).toBe(true);
    expect(error.message.slice(error.message.lastIndexOf('): '))).toContain(remedy);
    expect(readdirSync(directory)).toEqual([]);
  });

  test.each<[string, string, (path: string) => unknown]>([
    ['a file', 'ENOTDIR', (path) => writeFileSync(path, '')],
    ['a FIFO', 'ENOTDIR', (path) => execFileSync('mkfifo', [path])],
    ['a dangling link', 'ENOENT', (path) => symlinkSync('/nowhere', path)],
    ['a link to itself', 'ELOOP', (path) => symlinkSync(path, path)],
  ])('fails at once where %s stands in the place of the directory', async (_what, code, plant) => {
    const directory = join(tempDirectory(), 'kis');
    plant(directory);
    await expect(createFileStorage({ directory }).probe()).rejects.toMatchObject({ code });
  });

  test('of a `path` at which a directory stands is a RangeError, as every use is', async () => {
    const path = join(tempDirectory(), 'kis');
    mkdirSync(path);
    await expect(createFileStorage({ path }).probe()).rejects.toThrow(RangeError);
  });
});
