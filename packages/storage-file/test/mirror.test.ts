import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFileStorage, type FileStorageEvent } from '../src/index.ts';
import { record, storedNumber, writeOver } from './records.ts';
import { fsError, replace, runBefore, stopNext } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';

function mirrored(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8')).record;
}

describe('the file at `path`', () => {
  test('is a copy of what is stored, and of a delete', async () => {
    const path = join(tempDirectory(), 'token.json');
    const storage = createFileStorage({ path });
    await writeOver(storage, key, 2, 1);
    expect(mirrored(path)).toEqual(record(2));
    await storage.delete(key);
    expect(mirrored(path)).toBeNull();
  });

  test('decides nothing: changed, emptied or gone, what is stored stays', async () => {
    const path = join(tempDirectory(), 'token.json');
    const storage = createFileStorage({ path });
    await writeOver(storage, key, 1, 1);
    writeFileSync(path, '');
    expect(await storedNumber(storage, key)).toBe(1);
  });

  test('shows the newest record after a race of its writers', async () => {
    const path = join(tempDirectory(), 'token.json');
    const [slow, fast] = [createFileStorage({ path }), createFileStorage({ path })];
    const stop = stopNext('link', 'before', path);
    const late = slow.compareAndSet(key, undefined, record(1));
    await stop.reached;
    await writeOver(fast, key, 1, 2);
    expect(mirrored(path)).toEqual(record(2));
    stop.goOn();
    await late;
    expect(mirrored(path)).toEqual(record(2));
  });

  test.each([
    ['cut', (text: string) => text.slice(0, 40)],
    ['changed at its beginning', (text: string) => `#${text.slice(1)}`],
    ['changed at its end', (text: string) => `${text.slice(0, -20)}##`],
  ])('is written anew when it was %s', async (_how, change) => {
    const path = join(tempDirectory(), 'token.json');
    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ path, onEvent: (event) => events.push(event) });
    await writeOver(storage, key, 1, 1);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    await writeOver(storage, key, 1, 2);
    expect(mirrored(path)).toEqual(record(2));
    expect(events).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['emptied', '', 'is empty, and may be of another program'],
    ['filled with zeros', '\0'.repeat(700), 'is empty, and may be of another program'],
    ['begun by another program', '{', 'was written by another program'],
    ['replaced by null', 'null\n', 'was written by another program'],
  ])('is left alone once it was %s, which other programs do to what is theirs', async (_how, content, reason) => {
    const path = join(tempDirectory(), 'token.json');
    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ path, onEvent: (event) => events.push(event) });
    await writeOver(storage, key, 1, 1);
    writeFileSync(path, content);
    await writeOver(storage, key, 2, 2);
    expect(readFileSync(path, 'utf8')).toBe(content);
    expect(events.filter(({ type }) => type.startsWith('mirror'))).toEqual([{ type: 'mirror-refused', path, reason }]);
  });

  test.each<[string, number, (path: string) => void]>([
    ['into being', 0, () => {}],
    ['into the place of ours', 1, () => {}],
    ['into being after ours was removed', 1, (path) => rmSync(path)],
  ])('never goes over the file of another program that came %s in the very moment', async (_how, before, makeRoom) => {
    const path = join(tempDirectory(), 'token.json');
    const storage = createFileStorage({ path });
    await writeOver(storage, key, before, 1);
    const intrude = (): void => {
      makeRoom(path);
      writeFileSync(path, 'a letter');
    };
    if (before === 0) runBefore('link', path, intrude);
    // The first look is at what there is, and the second comes right before the rename.
    else runBefore('lstat', path, intrude, 2);
    await writeOver(storage, key, 1, 2);
    expect(readFileSync(path, 'utf8')).toBe('a letter');
    expect(readdirSync(dirname(path)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test.each(['token.key', 'token.dat', 'token.PKL', 'token.pickle'])(
    'named %s is no copy, as Python programs may end at a pickle that is none',
    async (name) => {
      const path = join(tempDirectory(), name);
      const events: FileStorageEvent[] = [];
      const storage = createFileStorage({ path, onEvent: (event) => events.push(event) });
      await writeOver(storage, key, 2, 1);
      expect(readdirSync(dirname(path)).sort()).toEqual([`${name}.real-1.v1.json`, `${name}.real-1.v2.json`]);
      expect(events).toEqual([]);
    },
  );

  test('comes into being without hard links, too, over nothing that is there', async () => {
    for (const isTaken of [false, true]) {
      const path = join(tempDirectory(), 'token.json');
      const storage = createFileStorage({ path });
      const restore = replace('link', async (original, args) => {
        if (args[1] !== path) return original(...args);
        if (isTaken) writeFileSync(path, 'a letter');
        throw fsError('EPERM');
      });
      await writeOver(storage, key, 1, 1);
      restore();
      if (isTaken) expect(readFileSync(path, 'utf8')).toBe('a letter');
      else expect(mirrored(path)).toEqual(record(1));
      expect(readdirSync(dirname(path)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    }
  });

  test.each<[string, (path: string) => unknown, string]>([
    ["another program's file", (path) => writeFileSync(path, '{"access_token":"x"}'), 'was written by another program'],
    ['a symbolic link', (path) => symlinkSync('/nowhere', path), 'is a symbolic link'],
    [
      'empty, as other programs leave theirs',
      (path) => writeFileSync(path, ''),
      'is empty, and may be of another program',
    ],
  ])('is left alone where it is %s, which is said once', async (_what, plant, reason) => {
    const directory = tempDirectory();
    const path = join(directory, 'token.json');
    plant(path);
    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ path, onEvent: (event) => events.push(event) });
    await writeOver(storage, key, 3, 1);
    expect(await storedNumber(storage, key)).toBe(3);
    expect(events.filter(({ type }) => type.startsWith('mirror'))).toEqual([{ type: 'mirror-refused', path, reason }]);
    expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('that is a directory is refused at the first use, and until it is none', async () => {
    const path = join(tempDirectory(), 'kis');
    mkdirSync(path);
    const storage = createFileStorage({ path });
    const error = new RangeError(`storage-file: \`path\` must name a file, and ${path} is a directory`);
    await expect(storage.read(key)).rejects.toThrow(error);
    await expect(storage.compareAndSet(key, undefined, record(1))).rejects.toThrow(error);
    await expect(storage.delete(key)).rejects.toThrow(error);
    expect(readdirSync(dirname(path))).toEqual(['kis']);
    rmdirSync(path);
    await writeOver(storage, key, 1, 1);
    expect(mirrored(path)).toEqual(record(1));
  });

  test('that was replaced by a directory later is left alone, and costs no record', async () => {
    const path = join(tempDirectory(), 'token.json');
    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ path, onEvent: (event) => events.push(event) });
    await writeOver(storage, key, 1, 1);
    rmSync(path);
    mkdirSync(path);
    await writeOver(storage, key, 1, 2);
    expect(await storedNumber(storage, key)).toBe(2);
    expect(events).toEqual([
      { type: 'import-refused', path, reason: 'unreadable' },
      { type: 'mirror-refused', path, reason: 'is a directory' },
    ]);
  });

  test('that cannot be written is reported, and costs no record', async () => {
    const directory = tempDirectory();
    const path = join(directory, 'token.json');
    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ path, onEvent: (event) => events.push(event) });
    const error = fsError('ENOSPC');
    replace('link', async (original, args) => {
      if (args[1] === path) throw error;
      return original(...args);
    });
    await writeOver(storage, key, 1, 1);
    expect(await storedNumber(storage, key)).toBe(1);
    expect(events).toMatchObject([{ type: 'mirror-failed', path, error }]);
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(directory)).toEqual(['token.json.real-1.v1.json']);
  });

  test('that cannot be looked at is reported, too', async () => {
    const path = join(tempDirectory(), 'token.json');
    const events: FileStorageEvent[] = [];
    const storage = createFileStorage({ path, onEvent: (event) => events.push(event) });
    replace('open', async (original, args) => {
      if (args[0] === path) throw fsError('EACCES');
      return original(...args);
    });
    await writeOver(storage, key, 1, 1);
    expect(events).toMatchObject([
      { type: 'import-refused', path, reason: 'unreadable' },
      { type: 'mirror-failed', path, error: { code: 'EACCES' } },
    ]);
  });

  test('keeps several keys apart: each has versions of its own', async () => {
    const path = join(tempDirectory(), 'token.json');
    const storage = createFileStorage({ path });
    await writeOver(storage, 'real-1', 1, 1);
    await writeOver(storage, 'real-2', 1, 2);
    expect(await storedNumber(storage, 'real-1')).toBe(1);
    expect(await storedNumber(storage, 'real-2')).toBe(2);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ key: 'real-2', record: record(2) });
  });
});
