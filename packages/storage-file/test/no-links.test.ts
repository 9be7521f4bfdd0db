import { readdirSync, statSync } from 'node:fs';
import { tokenStorageConformance } from '@kis/token-core/conformance';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createFileStorage } from '../src/index.ts';
import { needPosix } from './posix.ts';
import { record, storedNumber, writeOver } from './records.ts';
import { fsError, replace, stopNext } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';

function forbidLinks(code = 'EPERM'): () => void {
  return replace('link', async () => {
    throw fsError(code);
  });
}

describe('F10: on a mount without hard links a file storage keeps the contract', () => {
  beforeEach(() => {
    const restore = forbidLinks();
    return restore;
  });
  tokenStorageConformance(test, () => {
    const directory = tempDirectory();
    return [createFileStorage({ directory }), createFileStorage({ directory })];
  });
});

describe('F10: on a mount without hard links', () => {
  test.for(['ENOTSUP', 'EISDIR', 'EACCES'])(
    '(%s) a version is a directory of mode 0700, three are kept, and nothing else is left',
    async (code, context) => {
      needPosix('modes of files', context);
      const directory = tempDirectory();
      const storage = createFileStorage({ directory });
      forbidLinks(code);
      await writeOver(storage, key, 5, 1);
      expect(readdirSync(directory).sort()).toEqual(['real-1.v3.json', 'real-1.v4.json', 'real-1.v5.json']);
      expect(statSync(`${directory}/real-1.v5.json`).mode & 0o777).toBe(0o700);
      expect(statSync(`${directory}/real-1.v5.json/record.json`).mode & 0o777).toBe(0o600);
    },
  );

  test('where no directory can be had either, its error is told', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    forbidLinks('EACCES');
    replace('mkdir', async (original, args) => {
      if (String(args[0]).endsWith('d.tmp')) throw fsError('EROFS');
      return original(...args);
    });
    await expect(storage.compareAndSet(key, undefined, record(1))).rejects.toMatchObject({ code: 'EROFS' });
    expect(readdirSync(directory)).toEqual([]);
  });

  test('a writer that comes second has lost, whichever of the two ways each of them goes', async () => {
    for (const [isFirstLinked, isSecondLinked] of [
      [true, false],
      [false, true],
      [false, false],
    ]) {
      const directory = tempDirectory();
      const [slow, fast] = [createFileStorage({ directory }), createFileStorage({ directory })];
      const restoreSlow = isSecondLinked ? () => {} : forbidLinks();
      const stop = stopNext(isSecondLinked ? 'link' : 'rename', 'before');
      const late = slow.compareAndSet(key, undefined, record(2));
      await stop.reached;
      restoreSlow();
      const restoreFast = isFirstLinked ? () => {} : forbidLinks();
      await writeOver(fast, key, 1, 1);
      restoreFast();
      stop.goOn();
      expect(await late).toBeUndefined();
      expect(await storedNumber(fast, key)).toBe(1);
      expect(readdirSync(directory)).toEqual(['real-1.v1.json']);
    }
  });

  test('a reader does not take a version that is being cleaned up for a damaged one', async () => {
    const directory = tempDirectory();
    const onEvent = vi.fn();
    const [reader, writer] = [createFileStorage({ directory, onEvent }), createFileStorage({ directory })];
    forbidLinks();
    const version = await writeOver(writer, key, 3, 1);
    const stopRead = stopNext('open', 'before');
    const reading = storedNumber(reader, key);
    await stopRead.reached;
    await writeOver(writer, key, 2, 4);
    const stopRemoval = stopNext('rmdir', 'before');
    const writing = writeOver(writer, key, 1, 6);
    await stopRemoval.reached;
    expect(version).toMatch(/^3-/);
    expect(readdirSync(`${directory}/real-1.v3.json`)).toEqual([]);
    stopRead.goOn();
    expect(await reading).toBe(6);
    expect(onEvent).not.toHaveBeenCalled();
    stopRemoval.goOn();
    await writing;
  });

  test('a published directory without its record reads as damaged, and is superseded', async () => {
    const directory = tempDirectory();
    const reasons: string[] = [];
    const storage = createFileStorage({
      directory,
      onEvent: (event) => event.type === 'damaged' && reasons.push(event.reason),
    });
    forbidLinks();
    await writeOver(storage, key, 1, 1);
    const restore = replace('open', async (original, args) => {
      if (String(args[0]).endsWith('record.json') && args[1] !== 'wx') throw fsError('ENOENT');
      return original(...args);
    });
    expect(await storage.read(key)).toBeUndefined();
    restore();
    expect(reasons).toEqual(['is a directory']);
  });

  test('a record inside that cannot be read is an error, and no empty storage', async () => {
    const storage = createFileStorage({ directory: tempDirectory() });
    forbidLinks();
    const version = await writeOver(storage, key, 1, 1);
    replace('open', async (original, args) => {
      if (String(args[0]).endsWith('record.json') && args[1] !== 'wx') throw fsError('EIO');
      return original(...args);
    });
    await expect(storage.read(key)).rejects.toMatchObject({ code: 'EIO' });
    await expect(storage.compareAndSet(key, version, record(2))).rejects.toMatchObject({ code: 'EIO' });
  });
});
