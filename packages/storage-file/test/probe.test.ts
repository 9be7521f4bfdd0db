import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFileStorage, type FileStorageOptions } from '../src/index.ts';
import { mount, testAsRoot, testWithMounts } from './mounts.ts';
import { needPosix } from './posix.ts';
import { storedNumber, writeOver } from './records.ts';
import { fsError, replace, stopNext } from './stopped-calls.ts';
import { runAsStranger, STRANGER } from './strangers.ts';
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
    const directory = join(tempDirectory(), 'kis');
    if (call !== 'mkdir') mkdirSync(directory);
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
    expect(existsSync(directory) ? readdirSync(directory) : []).toEqual([]);
  });

  test.for<[string, string, (path: string) => unknown]>([
    ['a file', 'ENOTDIR', (path) => writeFileSync(path, '')],
    ['a FIFO', 'ENOTDIR', (path) => execFileSync('mkfifo', [path])],
    ['a dangling link', 'ENOENT', (path) => symlinkSync('/nowhere', path)],
    ['a link to itself', 'ELOOP', (path) => symlinkSync(path, path)],
  ])('fails at once where %s stands in the place of the directory', async ([_what, code, plant], context) => {
    needPosix('FIFOs', context);
    const directory = join(tempDirectory(), 'kis');
    plant(directory);
    await expect(createFileStorage({ directory }).probe()).rejects.toMatchObject({ code });
  });

  test('names a version that may not be read, and not the directory', async () => {
    const directory = tempDirectory();
    await writeOver(createFileStorage({ directory }), 'real-2', 2, 1);
    const path = join(directory, 'real-2.v2.json');
    replace('open', async (original, args) => {
      if (args[0] === path) throw Object.assign(fsError('EACCES'), { path });
      return original(...args);
    });
    const error = await createFileStorage({ directory })
      .probe()
      .catch((caught) => caught);
    expect(error).toMatchObject({ code: 'EACCES' });
    expect(error.message).toMatch(new RegExp(`permission to read and write ${path}$`));
  });

  testAsRoot("of another user's directory, or of one with another's file, says what to give to whom", async () => {
    const directory = tempDirectory();
    await writeOver(createFileStorage({ directory }), key, 1, 1);
    const path = join(directory, 'real-1.v1.json');
    const give = `give uid ${STRANGER} permission to read and write`;
    chownSync(directory, STRANGER, STRANGER);
    expect((await runAsStranger(directory)).probe).toMatch(new RegExp(`${give} ${path}$`));
    rmSync(path);
    chmodSync(directory, 0o300);
    expect((await runAsStranger(directory)).probe).toMatch(new RegExp(`${give} ${directory}$`));
    chmodSync(directory, 0o500);
    expect((await runAsStranger(directory)).probe).toMatch(new RegExp(`${give} ${directory}$`));
  });

  test('of a damaged version is content: the next write supersedes it', async () => {
    const directory = tempDirectory();
    writeFileSync(join(directory, 'real-1.v1.json'), '', { mode: 0o600 });
    await createFileStorage({ directory }).probe();
    expect(readdirSync(directory)).toEqual(['real-1.v1.json']);
  });

  test.each<[string, FileStorageOptions, string]>([
    [
      'another key',
      { encryptionKey: randomBytes(32) },
      'is encrypted with another `encryptionKey`, or was tampered with',
    ],
    ['no key', {}, 'is encrypted, and there is no `encryptionKey`'],
  ])('with %s than that of what is stored rejects, and says so', async (_what, options, reason) => {
    const path = join(tempDirectory(), 'token.json');
    const encryptionKey = randomBytes(32);
    await writeOver(createFileStorage({ path, encryptionKey }), key, 1, 1);
    await createFileStorage({ path, encryptionKey }).probe();
    await expect(createFileStorage({ path, ...options }).probe()).rejects.toThrow(
      `storage-file: ${path}.real-1.v1.json ${reason}; give all processes one key, or delete() the record`,
    );
    // Those beside it are another storage's.
    await createFileStorage({ directory: join(path, '..'), ...options }).probe();
  });

  const refusal = (path: string) =>
    `storage-file: ${join(path, '..')} takes no record (EBUSY: ${path} is a mount of its own): ` +
    `mount the directory ${join(path, '..')} into the container, not the single file ${path}`;

  testWithMounts('tells a single file that was mounted from its directory', async () => {
    const directory = tempDirectory();
    mkdirSync(join(directory, 'with blanks'));
    const path = join(directory, 'with blanks', 'token.json');
    for (const file of [path, join(directory, 'outside')]) writeFileSync(file, '');
    await createFileStorage({ path }).probe();
    // Of the same file system, so that no device number tells it.
    mount(path, '--bind', join(directory, 'outside'));
    await expect(createFileStorage({ path }).probe()).rejects.toMatchObject({ code: 'EBUSY', message: refusal(path) });
    expect(readdirSync(join(path, '..'))).toEqual(['token.json']);
    await createFileStorage({ path: join(path, '..', 'another.json') }).probe();
  });

  test.each([
    [1, false],
    [2, true],
  ])('where mounts are not listed looks at the device of the file: %i', async (dev, isRefused) => {
    const path = join(tempDirectory(), 'token.json');
    replace('readFile', async () => {
      throw fsError('ENOENT');
    });
    await createFileStorage({ path }).probe();
    replace('lstat', async (original, args) => (args[0] === path ? { dev } : original(...args)));
    replace('stat', async (original, args) => Object.assign((await original(...args)) as object, { dev: 1 }));
    const probe = createFileStorage({ path }).probe();
    await (isRefused ? expect(probe).rejects.toThrow(refusal(path)) : probe);
  });

  test('of a `path` at which a directory stands is a RangeError, as every use is', async () => {
    const path = join(tempDirectory(), 'kis');
    mkdirSync(path);
    await expect(createFileStorage({ path }).probe()).rejects.toThrow(RangeError);
  });
});
