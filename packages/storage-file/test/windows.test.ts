import { readdirSync, readFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { tokenStorageConformance } from '@kis/token-core/conformance';
import { createOwners } from '@kis/versioned-file/parts';
import { beforeEach, describe, expect, test } from 'vitest';
import { createFileStorage, type FileStorageEvent } from '../src/index.ts';
import { pretendPlatform, pretendProc, pretendToBe } from './pretences.ts';
import { record, storedNumber, writeOver } from './records.ts';
import { fsError, replace, skipPauses } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';

/** What is different there, as far as calls go. */
function pretendWindows(openDirectory = 'EISDIR'): void {
  pretendPlatform('win32');
  pretendToBe(undefined);
  pretendProc();
  replace('open', async (original, args) => {
    const file = (await original(...args)) as FileHandle;
    if (args[1] !== 'r' || !(await file.stat()).isDirectory()) return file;
    await file.close();
    throw fsError(openDirectory);
  });
}

describe('on Windows, as far as that can be told here, a file storage keeps the contract', () => {
  beforeEach(() => pretendWindows());
  tokenStorageConformance(test, () => {
    const path = join(tempDirectory(), 'token.json');
    return [createFileStorage({ path }), createFileStorage({ path })];
  });
});

describe('on Windows', () => {
  test.each(['EISDIR', 'EPERM', 'EACCES'])('a directory that cannot be opened (%s) is not synced', async (code) => {
    pretendWindows(code);
    const storage = createFileStorage({ directory: tempDirectory() });
    await storage.probe();
    await writeOver(storage, key, 4, 1);
    expect(await storedNumber(storage, key)).toBe(4);
  });

  test('without hard links a version is a directory', async () => {
    pretendWindows();
    replace('link', async () => {
      throw fsError('EPERM');
    });
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    await storage.probe();
    await writeOver(storage, key, 4, 1);
    expect(await storedNumber(storage, key)).toBe(4);
    expect(readdirSync(directory).sort()).toEqual(['real-1.v2.json', 'real-1.v3.json', 'real-1.v4.json']);
  });

  test.each(['EPERM', 'EACCES'])(
    'without hard links a name that is taken, said as %s, is lost, and no error',
    async (code) => {
      pretendWindows();
      const directory = tempDirectory();
      const [late, other] = [createFileStorage({ directory }), createFileStorage({ directory })];
      replace('link', async () => {
        throw fsError('EPERM');
      });
      const restore = replace('rename', async (original, args) => {
        if (!String(args[1]).endsWith('real-1.v1.json')) return original(...args);
        restore();
        await writeOver(other, key, 1, 1);
        throw fsError(code);
      });
      expect(await late.compareAndSet(key, undefined, record(2))).toBeUndefined();
      expect(await storedNumber(other, key)).toBe(1);
      expect(readdirSync(directory)).toEqual(['real-1.v1.json']);
    },
  );

  test.each(['EPERM', 'EACCES', 'EBUSY'])(
    'without hard links a version gets its name once the program that has it open (%s) lets go',
    async (code) => {
      pretendWindows();
      const pauses = skipPauses();
      replace('link', async () => {
        throw fsError('EISDIR');
      });
      const directory = tempDirectory();
      let refusals = 5;
      replace('rename', async (original, args) => {
        if (!String(args[1]).endsWith('real-1.v1.json')) return original(...args);
        refusals -= 1;
        if (refusals >= 0) throw fsError(code);
        return original(...args);
      });
      await writeOver(createFileStorage({ directory }), key, 1, 1);
      expect(pauses.totalMs).toBeGreaterThan(0);
      expect(readdirSync(directory)).toEqual(['real-1.v1.json']);
    },
  );

  test.each(['EPERM', 'EACCES', 'EBUSY'])(
    'the file at `path` is replaced once the program that has it open (%s) lets go',
    async (code) => {
      pretendWindows();
      const pauses = skipPauses();
      const path = join(tempDirectory(), 'token.json');
      const events: FileStorageEvent[] = [];
      const storage = createFileStorage({ path, onEvent: (event) => events.push(event) });
      await writeOver(storage, key, 1, 1);
      let refusals = 5;
      replace('rename', async (original, args) => {
        refusals -= 1;
        if (refusals >= 0) throw fsError(code);
        return original(...args);
      });
      await writeOver(storage, key, 1, 2);
      expect(JSON.parse(readFileSync(path, 'utf8')).record).toEqual(record(2));
      expect(pauses.totalMs).toBeGreaterThan(0);
      expect(events).toEqual([]);
    },
  );

  test('the file at `path` is waited for no longer than a second, and the record is stored', async () => {
    pretendWindows();
    const pauses = skipPauses();
    const directory = tempDirectory();
    const path = join(directory, 'token.json');
    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ path, onEvent: (event) => events.push(event) });
    await writeOver(storage, key, 1, 1);
    let tries = 0;
    replace('rename', async () => {
      tries += 1;
      throw fsError('EPERM');
    });
    await writeOver(storage, key, 1, 2);
    expect(tries).toBe(10);
    expect(pauses.totalMs).toBeLessThanOrEqual(1_000);
    expect(events).toMatchObject([{ type: 'mirror-failed', path, error: { code: 'EPERM' } }]);
    expect(await storedNumber(storage, key)).toBe(2);
    expect(readdirSync(directory).sort()).toEqual([
      'token.json',
      'token.json.real-1.v1.json',
      'token.json.real-1.v2.json',
    ]);
  });

  test('elsewhere nothing is tried again', async () => {
    const storage = createFileStorage({ path: join(tempDirectory(), 'token.json') });
    await writeOver(storage, key, 1, 1);
    let tries = 0;
    replace('rename', async () => {
      tries += 1;
      throw fsError('EPERM');
    });
    await writeOver(storage, key, 1, 2);
    expect(tries).toBe(1);
  });

  test.each(['EBUSY', 'EPERM'])('a version that somebody has open (%s) goes with a later write', async (code) => {
    pretendWindows();
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    await writeOver(storage, key, 3, 1);
    const restore = [
      replace('unlink', async (original, args) => {
        if (String(args[0]).includes('real-1.v1.json')) throw fsError(code);
        return original(...args);
      }),
      // So it says of a file.
      replace('rmdir', async () => {
        throw fsError('ENOENT');
      }),
    ];
    await writeOver(storage, key, 2, 4);
    expect(readdirSync(directory)).toHaveLength(5);
    for (const each of restore) each();
    await writeOver(storage, key, 1, 6);
    expect(readdirSync(directory).sort()).toEqual(['real-1.v4.json', 'real-1.v5.json', 'real-1.v6.json']);
  });

  test('where the start of a process is not told, its temporary files go once its pid is free', async () => {
    pretendProc();
    const owners = createOwners();
    const [, where, pid, start] = owners.tempName().slice(1).split('-');
    expect([pid, start]).toEqual([String(process.pid), '0']);
    expect(await owners.isAbandoned(`/x/.kis-${where}-${process.pid}-0-00.tmp`, 0)).toBe(false);
    expect(await owners.isAbandoned(`/x/.kis-${where}-4194305-0-00.tmp`, 0)).toBe(true);
  });

  test('where it is told to the readers alone, those of a living process stay', async () => {
    const owners = createOwners();
    const [, where] = owners.tempName().slice(1).split('-');
    expect(await owners.isAbandoned(`/x/.kis-${where}-${process.pid}-0-00.tmp`, 0)).toBe(false);
    expect(await owners.isAbandoned(`/x/.kis-${where}-${process.pid}-1-00.tmp`, 0)).toBe(true);
  });
});
