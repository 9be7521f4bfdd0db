import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createFileStorage, type FileStorageEvent } from '../src/index.ts';
import { testAsRoot } from './mounts.ts';
import { needPosix } from './posix.ts';
import { pretendToBe } from './pretences.ts';
import { record, storedNumber, writeOver } from './records.ts';
import { failNewFiles, fsError, replace } from './stopped-calls.ts';
import { runAsStranger, STRANGER } from './strangers.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';

function open(directory: string): { storage: ReturnType<typeof createFileStorage>; events: FileStorageEvent[] } {
  const events: FileStorageEvent[] = [];
  return { storage: createFileStorage({ directory, onEvent: (event) => events.push(event) }), events };
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8);
}

describe('F9: a version', () => {
  beforeEach((context) => needPosix('owners and modes of files', context));
  test.each([0o644, 0o640, 0o666, 0o777, 0o4600])(
    'of mode %o is tightened to 0600 when it is read, which is said once',
    async (mode) => {
      const directory = tempDirectory();
      const { storage, events } = open(directory);
      await writeOver(storage, key, 1, 1);
      const path = join(directory, 'real-1.v1.json');
      chmodSync(path, mode);
      for (let reads = 0; reads < 3; reads += 1) expect(await storedNumber(storage, key)).toBe(1);
      expect(modeOf(path)).toBe('600');
      expect(events).toEqual([{ type: 'mode-tightened', path, mode: mode.toString(8).padStart(4, '0') }]);
      chmodSync(path, 0o644);
      await storage.read(key);
      expect(modeOf(path)).toBe('600');
      expect(events).toHaveLength(1);
    },
  );

  test('is tightened together with the older ones', async () => {
    const directory = tempDirectory();
    const { storage, events } = open(directory);
    await writeOver(storage, key, 3, 1);
    const names = readdirSync(directory).sort();
    for (const name of names) chmodSync(join(directory, name), 0o644);
    await storage.read(key);
    expect(names.map((name) => modeOf(join(directory, name)))).toEqual(['600', '600', '600']);
    expect(events.map((event) => 'path' in event && basename(event.path))).toEqual(names);
  });

  test('is tightened inside of its directory on a mount without hard links', async () => {
    const directory = tempDirectory();
    const { storage, events } = open(directory);
    replace('link', async () => {
      throw fsError('EPERM');
    });
    await writeOver(storage, key, 1, 1);
    const path = join(directory, 'real-1.v1.json', 'record.json');
    chmodSync(path, 0o644);
    expect(await storedNumber(storage, key)).toBe(1);
    expect(modeOf(path)).toBe('600');
    expect(events).toEqual([{ type: 'mode-tightened', path, mode: '0644' }]);
  });

  test('in a directory that a link leads to is not ours to tighten', async () => {
    const [directory, elsewhere] = [tempDirectory(), tempDirectory()];
    const { storage, events } = open(directory);
    await writeOver(storage, key, 2, 1);
    writeFileSync(join(elsewhere, 'record.json'), '');
    chmodSync(join(elsewhere, 'record.json'), 0o644);
    rmSync(join(directory, 'real-1.v1.json'));
    symlinkSync(elsewhere, join(directory, 'real-1.v1.json'));
    chmodSync(join(directory, 'real-1.v2.json'), 0o644);
    await storage.read(key);
    expect(modeOf(join(elsewhere, 'record.json'))).toBe('644');
    expect(events).toMatchObject([{ type: 'mode-tightened', path: join(directory, 'real-1.v2.json') }]);
  });

  test('of 0400 stays as it is', async () => {
    const directory = tempDirectory();
    const { storage, events } = open(directory);
    await writeOver(storage, key, 1, 1);
    chmodSync(join(directory, 'real-1.v1.json'), 0o400);
    expect(await storedNumber(storage, key)).toBe(1);
    expect(modeOf(join(directory, 'real-1.v1.json'))).toBe('400');
    expect(events).toEqual([]);
  });

  test.each([
    ['keeps no modes', async () => {}],
    [
      'is read-only',
      async () => {
        throw fsError('EROFS');
      },
    ],
  ])('is read all the same where the mount %s, and nothing is said that is not so', async (_what, chmod) => {
    const directory = tempDirectory();
    const { storage, events } = open(directory);
    await writeOver(storage, key, 1, 1);
    chmodSync(join(directory, 'real-1.v1.json'), 0o644);
    replace('open', async (original, args) => Object.assign((await original(...args)) as object, { chmod }));
    expect(await storedNumber(storage, key)).toBe(1);
    expect(await storedNumber(storage, key)).toBe(1);
    expect(modeOf(join(directory, 'real-1.v1.json'))).toBe('644');
    expect(events).toEqual([]);
  });

  test('of another user is no record, is not copied, and is superseded', async () => {
    const directory = tempDirectory();
    await writeOver(createFileStorage({ directory }), key, 1, 1);
    const path = join(directory, 'real-1.v1.json');
    const uid = STRANGER - 1;
    replace('open', async (original, args) => {
      const file = (await original(...args)) as { stat(): Promise<object> };
      if (args[0] !== path) return file;
      const found = file.stat.bind(file);
      return Object.assign(file, { stat: async () => Object.assign(await found(), { uid }) });
    });
    pretendToBe(STRANGER);
    const { storage, events } = open(directory);
    expect(await storage.read(key)).toBeUndefined();
    expect(await storage.read(key)).toBeUndefined();
    const reason = `belongs to another user (uid ${uid})`;
    expect(events).toEqual([{ type: 'damaged', key, path, reason, keptAs: undefined }]);
    expect(await storage.compareAndSet(key, undefined, record(2))).toMatch(/^2-/);
    expect(await storedNumber(storage, key)).toBe(2);
  });

  test('is ours on a mount that gives all files to one user, and nothing but it is left there', async () => {
    const directory = tempDirectory();
    pretendToBe(STRANGER);
    replace('open', async (original, args) => {
      const file = (await original(...args)) as { stat(): Promise<object> };
      const found = file.stat.bind(file);
      return Object.assign(file, { stat: async () => Object.assign(await found(), { uid: 4_711 }) });
    });
    const { storage, events } = open(directory);
    await writeOver(storage, key, 2, 1);
    expect(await storedNumber(open(directory).storage, key)).toBe(2);
    expect(events).toEqual([]);
    expect(readdirSync(directory).sort()).toEqual(['real-1.v1.json', 'real-1.v2.json']);
  });

  testAsRoot('of another user is no record for a third one, and root believes it', async () => {
    const directory = tempDirectory();
    await writeOver(createFileStorage({ directory }), key, 1, 1);
    chownSync(directory, STRANGER, STRANGER);
    const path = join(directory, 'real-1.v1.json');
    chownSync(path, STRANGER - 1, STRANGER);
    chmodSync(path, 0o640);
    const { storage, events } = open(directory);
    expect(await storedNumber(storage, key)).toBe(1);
    expect(events).toEqual([]);
    expect(modeOf(path)).toBe('640');

    const report = await runAsStranger(directory);
    expect(report).toMatchObject({ write: expect.stringMatching(/^2-/), probe: 'would work' });
    expect(report.events).toEqual([`damaged: belongs to another user (uid ${STRANGER - 1})`]);
    expect(await storedNumber(storage, key)).toBe(100);
  });

  testAsRoot("of root is every user's, as far as the user may read it", async () => {
    const directory = tempDirectory();
    await writeOver(createFileStorage({ directory }), key, 1, 1);
    chownSync(directory, STRANGER, STRANGER);
    chmodSync(join(directory, 'real-1.v1.json'), 0o644);
    expect(await runAsStranger(directory)).toMatchObject({ read: 1, write: expect.stringMatching(/^2-/), events: [] });
  });
});

/** Puts `chmod` in the place of that of every handle of `path`. */
function replaceChmod(path: string, chmod: (mode: number) => Promise<void>): void {
  replace('open', async (original, args) => {
    const handle = (await original(...args)) as object;
    return args[0] === path ? Object.assign(handle, { chmod }) : handle;
  });
}

describe('F9: the directory', () => {
  beforeEach((context) => needPosix('owners and modes of files', context));
  test.each([
    [0o777, '755'],
    [0o775, '755'],
    [0o2770, '2750'],
    [0o702, '700'],
  ])('where it is ours, and of mode %o, is closed to the writes of others, which is said once', async (mode, after) => {
    const directory = join(tempDirectory(), 'kis');
    mkdirSync(directory);
    chmodSync(directory, mode);
    const { storage, events } = open(directory);
    await writeOver(storage, key, 2, 1);
    expect(modeOf(directory)).toBe(after);
    const event = { type: 'mode-tightened', path: directory, mode: mode.toString(8).padStart(4, '0') };
    expect(events).toEqual([event]);

    chmodSync(directory, mode);
    const reader = open(directory);
    for (let reads = 0; reads < 2; reads += 1) expect(await storedNumber(reader.storage, key)).toBe(2);
    expect(modeOf(directory)).toBe(after);
    expect(reader.events).toEqual([event]);
  });

  test('in which nothing of ours stands may be anything, and keeps its mode until somebody writes', async () => {
    const directory = tempDirectory();
    chmodSync(directory, 0o777);
    const { storage, events } = open(directory);
    expect(await storage.read(key)).toBeUndefined();
    await storage.delete(key);
    expect(modeOf(directory)).toBe('777');
    expect(events).toEqual([]);
  });

  test("in which somebody's `path` stands is left alone, and reported", async () => {
    const directory = tempDirectory();
    chmodSync(directory, 0o775);
    const events: FileStorageEvent[] = [];
    const path = join(directory, 'token.json');
    const storage = createFileStorage({ path, onEvent: (event) => events.push(event) });
    await writeOver(storage, key, 2, 1);
    expect(modeOf(directory)).toBe('775');
    expect(events).toMatchObject([{ type: 'directory-exposed', directory }]);
  });

  test('is changed by its handle: what has its name a moment later keeps its mode', async () => {
    const [above, elsewhere] = [tempDirectory(), tempDirectory()];
    const directory = join(above, 'kis');
    await writeOver(createFileStorage({ directory }), key, 1, 1);
    chmodSync(directory, 0o777);
    chmodSync(elsewhere, 0o2777);
    const restore = replace('open', async (original, args) => {
      const handle = await original(...args);
      if (args[0] !== directory || lstatSync(directory).isSymbolicLink()) return handle;
      restore();
      renameSync(directory, join(above, 'old'));
      symlinkSync(elsewhere, directory);
      return handle;
    });
    await createFileStorage({ directory }).read(key);
    expect(modeOf(elsewhere)).toBe('2777');
    expect(modeOf(join(above, 'old'))).toBe('755');
  });

  test.each([0o755, 0o700, 0o1777])('of mode %o stays as it is', async (mode) => {
    const directory = join(tempDirectory(), 'kis');
    mkdirSync(directory);
    chmodSync(directory, mode);
    const { storage, events } = open(directory);
    await writeOver(storage, key, 1, 1);
    expect(modeOf(directory)).toBe(mode.toString(8));
    expect(events).toEqual([]);
  });

  test('of another user is left alone, which is said once where others can write into it', async () => {
    const directory = tempDirectory();
    chmodSync(directory, 0o777);
    pretendToBe(statSync(directory).uid + 1);
    const changes: unknown[] = [];
    replaceChmod(directory, async (mode) => void changes.push(mode));
    const { storage, events } = open(directory);
    await writeOver(storage, key, 2, 1);
    expect(await storedNumber(storage, key)).toBe(2);
    const { uid } = statSync(directory);
    const reason = `is of uid ${uid} and mode 0777: others can remove and replace what is in it`;
    expect(events).toEqual([{ type: 'directory-exposed', directory, reason }]);
    expect(changes).toEqual([]);
  });

  test('that is ours and cannot be tightened is reported as it is', async () => {
    const directory = tempDirectory();
    chmodSync(directory, 0o777);
    replaceChmod(directory, async () => {
      throw fsError('EROFS');
    });
    const { storage, events } = open(directory);
    await writeOver(storage, key, 2, 1);
    expect(events).toMatchObject([
      { type: 'directory-exposed', directory, reason: expect.stringContaining('mode 0777') },
    ]);
  });

  test('may be a link to a directory, whose mode then counts', async () => {
    const [target, elsewhere] = [tempDirectory(), tempDirectory()];
    chmodSync(target, 0o777);
    const directory = join(elsewhere, 'link');
    symlinkSync(target, directory);
    const { storage, events } = open(directory);
    await writeOver(storage, key, 1, 1);
    expect(await storedNumber(createFileStorage({ directory: target }), key)).toBe(1);
    expect(modeOf(target)).toBe('755');
    expect(events).toEqual([{ type: 'mode-tightened', path: directory, mode: '0777' }]);
    expect(lstatSync(directory).isSymbolicLink()).toBe(true);
    await storage.probe();
    expect(readdirSync(target)).toEqual(['real-1.v1.json']);
  });
});

describe('F9: a temporary name', () => {
  beforeEach((context) => needPosix('owners and modes of files', context));
  test('where somebody planted a link is not written through: the write fails, and goes on with another name', async () => {
    const [directory, elsewhere] = [tempDirectory(), tempDirectory()];
    const target = join(elsewhere, 'target');
    writeFileSync(target, 'precious');
    const { storage, events } = open(directory);
    const restore = replace('open', async (original, args) => {
      if (args[1] === 'wx') symlinkSync(target, String(args[0]));
      return original(...args);
    });
    await expect(storage.compareAndSet(key, undefined, record(1))).rejects.toMatchObject({ code: 'EEXIST' });
    expect(events).toMatchObject([{ type: 'write-failed', error: { code: 'EEXIST' } }]);
    restore();
    expect(await storage.compareAndSet(key, undefined, record(1))).toMatch(/^1-/);
    expect(readFileSync(target, 'utf8')).toBe('precious');
  });

  test('is of mode 0600 before anything is written into it, whatever the umask', async () => {
    const directory = tempDirectory();
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    const modes: string[] = [];
    failNewFiles(async (writeFile, bytes) => {
      for (const name of readdirSync(directory)) if (name.endsWith('.tmp')) modes.push(modeOf(join(directory, name)));
      await writeFile(bytes);
    });
    await writeOver(createFileStorage({ directory }), key, 1, 1);
    expect(modes).toEqual(['600']);
  });
});

describe('without users, as on Windows,', () => {
  test('no mode is looked at, and no owner', async () => {
    const directory = tempDirectory();
    chmodSync(directory, 0o777);
    pretendToBe(undefined);
    const onEvent = vi.fn();
    const storage = createFileStorage({ directory, onEvent });
    await writeOver(storage, key, 1, 1);
    chmodSync(join(directory, 'real-1.v1.json'), 0o666);
    expect(await storedNumber(storage, key)).toBe(1);
    expect((await stat(join(directory, 'real-1.v1.json'))).mode & 0o777).toBe(0o666);
    expect(modeOf(directory)).toBe('777');
    expect(onEvent).not.toHaveBeenCalled();
  });
});
