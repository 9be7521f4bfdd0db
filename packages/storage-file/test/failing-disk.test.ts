import { readdirSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createFileStorage } from '../src/index.ts';
import { record, storedNumber, writeOver } from './records.ts';
import { fsError, replace } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';

/** Changes the handle of every new file. */
function onNewFile(change: (file: FileHandle) => void): () => void {
  return replace('open', async (original, args) => {
    const file = (await original(...args)) as FileHandle;
    if (args[1] === 'wx') change(file);
    return file;
  });
}

describe('F7: a disk that fails', () => {
  test('when it is full rejects with its own error, leaves no rest, and keeps what was stored', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    const version = await writeOver(storage, key, 1, 1);
    const restore = onNewFile((file) => {
      file.writeFile = async () => {
        throw fsError('ENOSPC');
      };
    });
    await expect(storage.compareAndSet(key, version, record(2))).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(readdirSync(directory)).toEqual(['real-1.v1.json']);
    restore();
    expect(await storedNumber(storage, key)).toBe(1);
    expect(await storage.compareAndSet(key, version, record(2))).toBeTypeOf('string');
  });

  test('when it takes a part only, and says nothing, is found out before anything is published', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    const restore = onNewFile((file) => {
      const writeFile = file.writeFile.bind(file);
      file.writeFile = async (data) => writeFile((data as Buffer).subarray(0, 100));
    });
    await expect(storage.compareAndSet(key, undefined, record(1))).rejects.toThrow(/took 100 of \d+ bytes/);
    expect(readdirSync(directory)).toEqual([]);
    restore();
    expect(await storage.read(key)).toBeUndefined();
  });

  test('when the answer to a link is lost costs no record', async () => {
    const storage = createFileStorage({ directory: tempDirectory() });
    for (const code of ['EIO', 'EEXIST']) {
      const before = (await storage.read(key))?.version;
      const restore = replace('link', async (original, args) => {
        await original(...args);
        throw fsError(code);
      });
      const version = await storage.compareAndSet(key, before, record(1));
      restore();
      expect((await storage.read(key))?.version).toBe(version);
    }
  });

  test('when a link fails rejects, and nothing is stored', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    replace('link', async () => {
      throw fsError('EIO');
    });
    await expect(storage.compareAndSet(key, undefined, record(1))).rejects.toMatchObject({ code: 'EIO' });
    expect(await storage.read(key)).toBeUndefined();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('when it cannot be listed after the link rejects: whether the record is stored is not known', async () => {
    const storage = createFileStorage({ directory: tempDirectory() });
    const restoreLink = replace('link', async (original, args) => {
      restoreLink();
      await original(...args);
      const restore = replace('readdir', async () => {
        restore();
        throw fsError('EMFILE');
      });
    });
    await expect(storage.compareAndSet(key, undefined, record(1))).rejects.toMatchObject({ code: 'EMFILE' });
    expect(await storedNumber(storage, key)).toBe(1);
  });

  test('when the own version cannot be read after the link rejects: whether it stands is not known', async () => {
    const storage = createFileStorage({ directory: tempDirectory() });
    const restoreLink = replace('link', async (original, args) => {
      restoreLink();
      await original(...args);
      const restore = replace('open', async (open, openArgs) => {
        if (!String(openArgs[0]).endsWith('.v1.json')) return open(...openArgs);
        restore();
        throw fsError('EIO');
      });
    });
    await expect(storage.compareAndSet(key, undefined, record(1))).rejects.toMatchObject({ code: 'EIO' });
    expect(await storedNumber(storage, key)).toBe(1);
  });

  test('when a directory cannot be synced: a refusal of the mount is taken, an error is not', async () => {
    const storage = createFileStorage({ directory: tempDirectory() });
    for (const [code, isTaken] of [
      ['EINVAL', true],
      ['EIO', false],
    ] as const) {
      const before = (await storage.read(key))?.version;
      const restore = replace('open', async (original, args) => {
        const file = (await original(...args)) as FileHandle;
        if (args[1] === 'r') {
          file.sync = async () => {
            throw fsError(code);
          };
        }
        return file;
      });
      const write = storage.compareAndSet(key, before, record(1));
      if (isTaken) expect(await write).toBeTypeOf('string');
      else await expect(write).rejects.toMatchObject({ code });
      restore();
    }
  });

  test('when it cannot be read rejects with its own error, and is not taken for empty', async () => {
    const storage = createFileStorage({ directory: tempDirectory() });
    await writeOver(storage, key, 1, 1);
    const restoreList = replace('readdir', async () => {
      throw fsError('EACCES');
    });
    await expect(storage.read(key)).rejects.toMatchObject({ code: 'EACCES' });
    restoreList();
    replace('open', async () => {
      throw fsError('EIO');
    });
    await expect(storage.read(key)).rejects.toMatchObject({ code: 'EIO' });
    await expect(storage.compareAndSet(key, undefined, record(2))).rejects.toMatchObject({ code: 'EIO' });
  });
});
