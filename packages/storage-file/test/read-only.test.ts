import { chmodSync, chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFileStorage, type FileStorageEvent } from '../src/index.ts';
import { remountReadOnly, tempMount, testAsRoot, testWithMounts } from './mounts.ts';
import { record, storedNumber, writeOver } from './records.ts';
import { fsError, replace } from './stopped-calls.ts';
import { runAsStranger, STRANGER } from './strangers.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';

describe('F8: a read-only storage', () => {
  testWithMounts('on a mount can be read, takes no write, and says why once', async () => {
    const directory = tempMount('size=64k');
    const version = await writeOver(createFileStorage({ directory }), key, 2, 1);
    remountReadOnly(directory);
    const before = readdirSync(directory);

    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ directory, onEvent: (event) => events.push(event) });
    expect(await storedNumber(storage, key)).toBe(2);
    expect(events).toEqual([]);
    await expect(storage.compareAndSet(key, version, record(3))).rejects.toMatchObject({ code: 'EROFS' });
    await expect(storage.delete(key)).rejects.toMatchObject({ code: 'EROFS' });
    const remedy = `mount what ${directory} is on writable, or choose another directory`;
    expect(events).toMatchObject([{ type: 'write-failed', error: { code: 'EROFS' }, remedy }]);
    await expect(storage.probe()).rejects.toMatchObject({
      code: 'EROFS',
      message: expect.stringMatching(`${remedy}$`),
    });
    expect(readdirSync(directory)).toEqual(before);
  });

  testAsRoot('for want of permission can be read, takes no write, and says who needs it', async () => {
    const directory = tempDirectory();
    await writeOver(createFileStorage({ directory }), key, 2, 1);
    chmodSync(directory, 0o755);
    for (const name of readdirSync(directory)) chownSync(join(directory, name), STRANGER, STRANGER);
    const before = readdirSync(directory);

    const report = await runAsStranger(directory);
    expect(report).toMatchObject({ read: 2, write: 'EACCES', events: ['write-failed'] });
    expect(report.probe).toMatch(`: give uid ${STRANGER} permission to read and write ${directory}`);
    expect(readdirSync(directory)).toEqual(before);
  });

  test.each([
    ['EROFS', 'choose another directory'],
    ['EACCES', 'permission to read and write'],
  ])('that answers %s is read without any lock or write', async (code, remedy) => {
    const directory = tempDirectory();
    const version = await writeOver(createFileStorage({ directory }), key, 2, 1);
    const refuse = async () => {
      throw fsError(code);
    };
    for (const name of ['mkdir', 'link', 'rename', 'unlink', 'rmdir', 'chmod'] as const) replace(name, refuse);
    replace('open', async (original, args) => (args[1] === 'wx' ? refuse() : original(...args)));

    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ directory, onEvent: (event) => events.push(event) });
    expect(await storedNumber(storage, key)).toBe(2);
    expect(events).toEqual([]);
    await expect(storage.compareAndSet(key, version, record(3))).rejects.toMatchObject({ code });
    await expect(storage.probe()).rejects.toMatchObject({ code });
    expect(events).toMatchObject([{ type: 'write-failed', remedy: expect.stringContaining(remedy) }]);
    expect(await storedNumber(storage, key)).toBe(2);
  });
});
