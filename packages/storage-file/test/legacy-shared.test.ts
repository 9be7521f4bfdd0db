import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Token, TokenRecord } from '@kis/token-core';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createFileStorage, type FileStorageEvent, type FileStorageOptions } from '../src/index.ts';
import { readPickle } from '../src/legacy/pickle-reader.ts';
import { koreanTime } from '../src/legacy/times.ts';
import { appKey, appSecret, HOUR, key, keyOf, makeToken, pickleOf, sample, sha256 } from './legacy-tokens.ts';
import { needPosix } from './posix.ts';
import { pretendPlatform } from './pretences.ts';
import { fsError, replace, runBefore, stopNext } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const python = { appKey, appSecret };
const empty: TokenRecord = { attempts: [], dead: [] };

interface Shared {
  readonly path: string;
  readonly storage: ReturnType<typeof createFileStorage>;
  readonly events: FileStorageEvent[];
  /** Writes a record over what is stored. */
  write(record: Partial<TokenRecord>, of?: string): Promise<void>;
}

function share(options: Partial<FileStorageOptions> = { python }): Shared {
  const path = join(tempDirectory(), 'token.key');
  const events: FileStorageEvent[] = [];
  const onEvent = (event: FileStorageEvent): void => void events.push(event);
  const storage = createFileStorage({ path, format: 'python-pickle', onEvent, ...options });
  return {
    path,
    storage,
    events,
    async write(record, of = key) {
      const found = await storage.read(of);
      expect(await storage.compareAndSet(of, found?.version, { ...empty, ...record })).toBeTypeOf('string');
    },
  };
}

/** What a Python program finds there. */
function load(path: string): Readonly<Record<string, unknown>> {
  const value = readPickle(readFileSync(path));
  return value instanceof Map ? Object.fromEntries(value) : {};
}

function holds(path: string, token: Token): boolean {
  return load(path).access_token === token.value;
}

describe('a file that is shared with Python programs', () => {
  test('holds after each write what they would have written', async (context) => {
    needPosix('modes of files', context);
    const { path, storage, events, write } = share();
    const token = makeToken('ours', 20 * HOUR);
    await write({ token });
    expect(readFileSync(path).equals(pickleOf(token))).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { access_token, api_key, api_secret, ...rest } = load(path);
    expect(access_token === token.value && api_key === appKey && api_secret === appSecret).toBe(true);
    expect(rest).toEqual({
      access_token_token_expired: koreanTime(token.expiresAtMs),
      token_type: 'Bearer',
      expires_in: 86_400,
      timestamp: token.expiresAtMs / 1_000,
    });
    expect((await storage.read(key))?.record).toEqual({ ...empty, token });
    expect(readdirSync(join(path, '..')).sort()).toEqual(['token.key', `token.key.${key}.v1.json`]);
    expect(events).toEqual([]);
  });

  test('is not touched by a record without a token, nor by one whose token it holds', async () => {
    const { path, write } = share();
    await write({});
    expect(readdirSync(join(path, '..'))).not.toContain('token.key');
    const token = makeToken('python', HOUR);
    writeFileSync(path, pickleOf(token));
    const { ino, mtimeMs } = statSync(path);
    await write({ token, attempts: [{ id: 'a', by: 'x', atMs: 1, outcome: 'pending' }] });
    await write({ token });
    expect(statSync(path)).toMatchObject({ ino, mtimeMs });
  });

  test('keeps a later token of theirs, which is then used here', async () => {
    const { path, storage, write } = share();
    const [ours, theirs] = [makeToken('ours', 10 * HOUR), makeToken('python', 20 * HOUR)];
    await write({ token: ours });
    writeFileSync(path, pickleOf(theirs));
    await write({ token: ours });
    expect(holds(path, theirs)).toBe(true);
    expect((await storage.read(key))?.record.token).toEqual(theirs);
  });

  test('gets ours in the place of their earlier one, and of a dead one however late', async () => {
    const { path, write } = share();
    const [early, ours, late] = [makeToken('early', HOUR), makeToken('ours', 10 * HOUR), makeToken('late', 20 * HOUR)];
    writeFileSync(path, pickleOf(early));
    await write({ token: ours });
    expect(holds(path, ours)).toBe(true);
    writeFileSync(path, pickleOf(late));
    await write({ token: ours, dead: [sha256(late.value)] });
    expect(holds(path, ours)).toBe(true);
  });

  test('goes as they would remove it when its token is dead and there is no other', async () => {
    const { path, write } = share();
    const token = makeToken('dead', HOUR);
    writeFileSync(path, pickleOf(token));
    await write({ dead: [sha256('another')] });
    expect(holds(path, token)).toBe(true);
    await write({ dead: [sha256(token.value)] });
    expect(readdirSync(join(path, '..'))).not.toContain('token.key');
  });

  test('goes with a delete, whoever wrote it, and stays with one of another account', async () => {
    for (const hasRecord of [true, false]) {
      const { path, storage, write } = share();
      const token = makeToken('python', HOUR);
      if (hasRecord) await write({ token: makeToken('ours', 2 * HOUR) });
      writeFileSync(path, pickleOf(token));
      const before = (await storage.read(key))?.version;
      await storage.delete(keyOf('another'));
      expect(readdirSync(join(path, '..'))).toContain('token.key');
      await storage.delete(key);
      expect(readdirSync(join(path, '..'))).not.toContain('token.key');
      expect(await storage.read(key)).toBeUndefined();
      writeFileSync(path, pickleOf(token));
      expect(await storage.compareAndSet(key, before, empty)).toBeUndefined();
    }
  });

  test('goes with no read: what Python writes after a delete is its new token', async () => {
    const { path, storage, write } = share();
    await write({ token: makeToken('ours', HOUR) });
    await storage.delete(key);
    const token = makeToken('python', 2 * HOUR);
    writeFileSync(path, pickleOf(token));
    expect((await storage.read(key))?.record.token).toEqual(token);
    expect(holds(path, token)).toBe(true);
  });

  test('is written anew where it has another app secret than the one that was given', async () => {
    const { path, write } = share();
    const [token, late] = [makeToken('ours', HOUR), makeToken('python', 2 * HOUR)];
    writeFileSync(path, pickleOf(token, { api_secret: 'old' }));
    await write({ token });
    expect(readFileSync(path).equals(pickleOf(token))).toBe(true);
    // Their later one stays theirs.
    writeFileSync(path, pickleOf(late, { api_secret: 'old' }));
    await write({ token });
    expect(readFileSync(path).equals(pickleOf(late, { api_secret: 'old' }))).toBe(true);
  });

  test('keeps its app secret where none was given', async () => {
    const { path, write } = share({});
    const token = makeToken('ours', HOUR);
    writeFileSync(path, pickleOf(token, { api_secret: 'old' }));
    const { ino } = statSync(path);
    await write({ token });
    expect(statSync(path).ino).toBe(ino);
  });

  test('takes the keys from the pickle that is there, and remembers them when it is gone', async () => {
    const { path, events, write } = share({});
    writeFileSync(path, pickleOf(makeToken('python', HOUR)));
    const [second, third] = [makeToken('second', 2 * HOUR), makeToken('third', 3 * HOUR)];
    await write({ token: second });
    expect(readFileSync(path).equals(pickleOf(second))).toBe(true);
    rmSync(path);
    await write({ token: third });
    expect(readFileSync(path).equals(pickleOf(third))).toBe(true);
    expect(events).toMatchObject([{ type: 'imported' }]);
  });

  test.each<[string, Partial<FileStorageOptions>, RegExp]>([
    ['nobody says the keys', {}, /^storage-file: a pickle at \S+ takes `python: \{ appKey, appSecret \}`$/],
    [
      'the keys are of another account',
      { python: { ...python, appKey: 'another' } },
      /is of another app key than `python/,
    ],
  ])('is not written where %s, which is said once and costs no record', async (_what, options, message) => {
    const { path, storage, events, write } = share(options);
    const token = makeToken('ours', HOUR);
    for (let writes = 0; writes < 3; writes += 1) await write({ token });
    expect((await storage.read(key))?.record.token).toEqual(token);
    expect(events).toMatchObject([{ type: 'mirror-failed', path }]);
    const [event] = events;
    expect(event?.type === 'mirror-failed' && event.error.message).toMatch(message);
    expect(JSON.stringify(events).includes(appSecret)).toBe(false);
    expect(readdirSync(join(path, '..'))).not.toContain('token.key');
  });

  const theirs = makeToken('python', HOUR);
  test.each<[string, string, (path: string) => unknown]>([
    ['what another program wrote', 'was written by another program', (path) => writeFileSync(path, 'a letter')],
    [
      'a pickle of protocol 0 that was cut',
      'was written by another program',
      (path) => {
        writeFileSync(path, sample('token.key.python-final.proto0.pkl').subarray(0, 99));
      },
    ],
    [
      'a token file of Go',
      'is of another format: go-json',
      (path) => {
        writeFileSync(
          path,
          JSON.stringify({ value: theirs.value, expires_at: new Date(theirs.expiresAtMs).toISOString() }),
        );
      },
    ],
    [
      'the token of another account',
      'holds the token of another app key',
      (path) => {
        writeFileSync(path, pickleOf(theirs, { api_key: 'another' }));
      },
    ],
    ['a link', 'is a symbolic link', (path) => symlinkSync(join(path, '..', 'x'), path)],
  ])('is left alone where it is %s, which is said once', async (_what, reason, plant) => {
    const { path, events, write } = share();
    plant(path);
    const token = makeToken('ours', 2 * HOUR);
    for (let writes = 0; writes < 3; writes += 1) await write({ token });
    expect(events.filter(({ type }) => type === 'mirror-refused')).toEqual([{ type: 'mirror-refused', path, reason }]);
  });

  test('is left to another user, who could not read it any more', async (context) => {
    needPosix('owners of files', context);
    const { path, events, write } = share();
    writeFileSync(path, pickleOf(theirs));
    const uid = process.geteuid?.() ?? 0;
    const geteuid = vi.spyOn(process, 'geteuid').mockReturnValue(uid + 1);
    onTestFinished(() => geteuid.mockRestore());
    await write({ token: makeToken('ours', 2 * HOUR) });
    expect(events).toContainEqual({ type: 'mirror-refused', path, reason: 'belongs to another user' });
    expect(holds(path, theirs)).toBe(true);
  });

  test('that cannot be looked at is reported, and costs no record', async () => {
    const { path, storage, events, write } = share();
    writeFileSync(path, pickleOf(theirs));
    replace('open', async (original, args) => {
      if (args[0] === path) throw fsError('EACCES');
      return original(...args);
    });
    const token = makeToken('ours', 2 * HOUR);
    await write({ token });
    expect((await storage.read(key))?.record.token).toEqual(token);
    expect(events).toMatchObject([
      { type: 'import-refused', path, reason: 'unreadable' },
      { type: 'mirror-failed', path, error: { code: 'EACCES' } },
    ]);
  });

  test('is left alone where it is a whole pickle of something else', async () => {
    const { path, events, write } = share();
    const bytes = Buffer.from([0x80, 4, 0x4e, 0x2e]);
    writeFileSync(path, bytes);
    await write({ token: makeToken('ours', 2 * HOUR) });
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(events).toContainEqual({ type: 'mirror-refused', path, reason: 'was written by another program' });
  });

  test.each<[string, (path: string) => unknown]>([
    ['empty', (path) => writeFileSync(path, '')],
    ['half a pickle', (path) => writeFileSync(path, pickleOf(theirs).subarray(0, 99))],
    [
      'our own copy for people',
      async (path) => {
        // Under such a name the default format leaves none.
        const copy = join(path, '..', 'token.json');
        await createFileStorage({ path: copy }).compareAndSet('other', undefined, empty);
        renameSync(copy, path);
      },
    ],
    ['full of zeros', (path) => writeFileSync(path, Buffer.alloc(700))],
  ])('is written where it is %s, as Python would', async (_what, plant) => {
    const { path, events, write } = share();
    await plant(path);
    await write({});
    const token = makeToken('ours', HOUR);
    await write({ token });
    expect(holds(path, token)).toBe(true);
    expect(events.filter(({ type }) => type.startsWith('mirror'))).toEqual([]);
  });

  test('shows the later of two tokens after a race of its writers', async () => {
    const { path } = share();
    const [slow, fast] = [1, 2].map(() => createFileStorage({ path, format: 'python-pickle', python }));
    const [first, second] = [makeToken('first', HOUR), makeToken('second', 2 * HOUR)];
    const stop = stopNext('link', 'before', path);
    const late = slow?.compareAndSet(key, undefined, { ...empty, token: first });
    await stop.reached;
    const found = await fast?.read(key);
    await fast?.compareAndSet(key, found?.version, { ...empty, token: second });
    expect(holds(path, second)).toBe(true);
    stop.goOn();
    await late;
    expect(holds(path, second)).toBe(true);
  });
});

describe('a token that a Python program writes in the very moment', () => {
  const [early, ours, late] = [makeToken('early', HOUR), makeToken('ours', 10 * HOUR), makeToken('late', 20 * HOUR)];
  const temporary = (path: string): string[] => readdirSync(join(path, '..')).filter((name) => name.endsWith('.tmp'));

  test('where there was no file is found again', async () => {
    const { path, storage, write } = share();
    runBefore('link', path, () => writeFileSync(path, pickleOf(late)));
    await write({ token: ours });
    expect(holds(path, late)).toBe(true);
    expect((await storage.read(key))?.record.token).toEqual(late);
    expect(temporary(path)).toEqual([]);
  });

  test('where there was no file, and there are no hard links, is found again', async () => {
    for (const isTaken of [true, false]) {
      const { path, write } = share();
      replace('link', async (original, args) => {
        if (args[1] !== path) return original(...args);
        if (isTaken) writeFileSync(path, pickleOf(late));
        throw fsError('EPERM');
      });
      await write({ token: ours });
      expect(holds(path, isTaken ? late : ours)).toBe(true);
      expect(temporary(path)).toEqual([]);
    }
  });

  test.each<[string, (path: string) => void]>([
    ['in place', (path) => writeFileSync(path, pickleOf(late))],
    [
      'after it removed its file',
      (path) => {
        rmSync(path);
        writeFileSync(path, pickleOf(late));
      },
    ],
  ])('%s, before ours takes the name of its file, is found again', async (_how, intrude) => {
    for (const record of [{ token: ours }, { dead: [sha256(early.value)] }]) {
      const { path, storage, write } = share();
      writeFileSync(path, pickleOf(early));
      await storage.read(key);
      // The first look is at what there is, and the second comes right before the rename or the removal.
      runBefore('lstat', path, () => intrude(path), 2);
      await write(record);
      expect(holds(path, late)).toBe(true);
      expect(temporary(path)).toEqual([]);
    }
  });

  test('in place, at the rename itself, is found again', async () => {
    const { path, write } = share();
    writeFileSync(path, pickleOf(early));
    runBefore('rename', path, () => writeFileSync(path, pickleOf(late)));
    await write({ token: ours });
    expect(holds(path, late)).toBe(true);
  });

  test('after ours took the name, into the file it had opened, is found again', async () => {
    const { path, storage, write } = share();
    writeFileSync(path, pickleOf(early));
    const python = openSync(path, 'r+');
    const stop = stopNext('rename', 'after');
    const writing = write({ token: ours });
    await stop.reached;
    expect(holds(path, ours)).toBe(true);
    ftruncateSync(python);
    writeSync(python, pickleOf(late));
    closeSync(python);
    stop.goOn();
    await writing;
    expect(holds(path, late)).toBe(true);
    expect((await storage.read(key))?.record.token).toEqual(late);
  });

  test('and that is the earlier one, a dead one, or of another account, does not come back', async () => {
    for (const [dead, theirs] of [
      [[], pickleOf(makeToken('between', 5 * HOUR))],
      [[sha256(late.value)], pickleOf(late)],
      [[], pickleOf(late, { api_key: 'another' })],
    ] as const) {
      const { path, write } = share();
      writeFileSync(path, pickleOf(early));
      runBefore('rename', path, () => writeFileSync(path, theirs));
      await write({ token: ours, dead });
      expect(holds(path, ours)).toBe(true);
    }
  });

  test('when its dead one is removed is found again', async () => {
    const { path, write } = share();
    writeFileSync(path, pickleOf(early));
    runBefore('unlink', path, () => writeFileSync(path, pickleOf(late)));
    await write({ dead: [sha256(early.value)] });
    expect(holds(path, late)).toBe(true);
  });

  test('may be the removal of its dead one, which then is done', async () => {
    const { path, events, write } = share();
    writeFileSync(path, pickleOf(early));
    runBefore('unlink', path, () => rmSync(path));
    await write({ dead: [sha256(early.value)] });
    expect(readdirSync(join(path, '..'))).not.toContain('token.key');
    expect(events.filter(({ type }) => type.startsWith('mirror'))).toEqual([]);
  });

  test('and over and over is left to it, which is said', async () => {
    const { path, storage, events, write } = share();
    writeFileSync(path, pickleOf(early));
    let count = 0;
    replace('lstat', async (original, args) => {
      count += 1;
      if (args[0] === path) writeFileSync(path, pickleOf(makeToken(`early ${count}`, HOUR)));
      return original(...args);
    });
    await write({ token: ours });
    expect((await storage.read(key))?.record.token).toEqual(ours);
    expect(events).toContainEqual(expect.objectContaining({ type: 'mirror-failed', path }));
    expect(temporary(path)).toEqual([]);
  });

  test('on Windows meets no open file of ours', async () => {
    pretendPlatform('win32');
    const { path, write } = share();
    writeFileSync(path, pickleOf(early));
    const open = new Set<unknown>();
    replace('open', async (original, args) => {
      const file = (await original(...args)) as FileHandle;
      if (args[0] !== path) return file;
      open.add(file);
      const close = file.close.bind(file);
      file.close = async () => {
        open.delete(file);
        await close();
      };
      return file;
    });
    let openAtRename: number | undefined;
    runBefore('rename', path, () => {
      openAtRename = open.size;
    });
    await write({ token: ours });
    expect(openAtRename).toBe(0);
    expect(holds(path, ours)).toBe(true);
  });
});

describe('a shared file that has fallen behind', () => {
  const [early, ours, late] = [makeToken('early', HOUR), makeToken('ours', 10 * HOUR), makeToken('late', 20 * HOUR)];

  test.each<[string, (path: string) => unknown]>([
    ['is not there, as before the format was switched on', (path) => rmSync(path)],
    ['holds an earlier token', (path) => writeFileSync(path, pickleOf(early))],
    ['was emptied', (path) => writeFileSync(path, '')],
    ['has another app secret', (path) => writeFileSync(path, pickleOf(ours, { api_secret: 'old' }))],
  ])('is brought up by the first read of a new storage, and by each later one, where it %s', async (_how, damage) => {
    const { path, write } = share();
    await write({ token: ours });
    damage(path);
    const storage = createFileStorage({ path, format: 'python-pickle', python });
    for (let looks = 0; looks < 3; looks += 1) {
      expect((await storage.read(key))?.record.token).toEqual(ours);
      expect(readFileSync(path).equals(pickleOf(ours))).toBe(true);
      damage(path);
    }
  });

  test('is not written, and not even opened, where it has not', async () => {
    const { path, storage, write } = share();
    await write({ token: ours });
    writeFileSync(path, pickleOf(late));
    await storage.read(key);
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 3_000);
    onTestFinished(() => now.mockRestore());
    await storage.read(key);
    let opened = 0;
    replace('open', async (original, args) => {
      if (args[0] === path) opened += 1;
      return original(...args);
    });
    for (let looks = 0; looks < 3; looks += 1) expect((await storage.read(key))?.record.token).toEqual(late);
    expect(opened).toBe(0);
    expect(holds(path, late)).toBe(true);
  });

  test('and cannot be written rejects no read, and is said once', async () => {
    const { path, storage, events, write } = share();
    await write({ token: ours });
    rmSync(path);
    replace('link', async (original, args) => {
      if (args[1] === path) throw fsError('ENOSPC');
      return original(...args);
    });
    for (let looks = 0; looks < 3; looks += 1) expect((await storage.read(key))?.record.token).toEqual(ours);
    expect(events).toMatchObject([{ type: 'mirror-failed', path, error: { code: 'ENOSPC' } }]);
    expect(readdirSync(join(path, '..'))).toEqual([`token.key.${key}.v1.json`]);
  });

  test('stays as it is in the default format', async () => {
    const path = join(tempDirectory(), 'token.json');
    const storage = createFileStorage({ path });
    await storage.compareAndSet(key, undefined, { ...empty, token: ours });
    rmSync(path);
    await storage.read(key);
    expect(readdirSync(join(path, '..'))).toEqual([`token.json.${key}.v1.json`]);
  });
});

describe('the options of a shared file', () => {
  test.each<[object, string]>([
    [{ format: 'json' }, 'storage-file: `format` must be "python-pickle", got "json"'],
    [{ format: 'python-pickle' }, 'storage-file: `format` takes a `path`'],
    [{ path: '/x/y', python }, 'storage-file: `python` takes `format: "python-pickle"`'],
    [
      { path: '/x/y', format: 'python-pickle', python: null },
      '`python.appKey` must be a text that is not blank, got undefined',
    ],
    [
      { path: '/x/y', format: 'python-pickle', python: { ...python, appSecret: ' ' } },
      '`python.appSecret` must be a text',
    ],
  ])('are refused when they make no sense: %#', (options, message) => {
    let error: unknown;
    try {
      createFileStorage(options);
    } catch (it) {
      error = it;
    }
    expect(error instanceof TypeError || error instanceof RangeError).toBe(true);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message.includes(appSecret)).toBe(false);
  });

  test('leave a directory at `path` the error that it is', async () => {
    const path = join(tempDirectory(), 'kis');
    mkdirSync(path);
    const storage = createFileStorage({ path, format: 'python-pickle', python });
    await expect(storage.read(keyOf(appKey))).rejects.toThrow(RangeError);
  });
});
