import { execFileSync } from 'node:child_process';
import fs, {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { startMockServer } from '@kis/mock';
import { createTokenManager, type Token, type TokenRecord, type TokenStorage, tokenKey } from '@kis/token-core';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createFileStorage, type FileStorageEvent } from '../src/index.ts';
import {
  appKey,
  appSecret,
  HOUR,
  key,
  keyOf,
  makeToken,
  pickleOf,
  sample,
  sampleAppKey,
  sha256,
} from './legacy-tokens.ts';
import { needPosix } from './posix.ts';
import { fsError, replace, runBefore, stopNext } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

interface Shared {
  readonly path: string;
  readonly storage: ReturnType<typeof createFileStorage>;
  readonly events: FileStorageEvent[];
}

function share(): Shared {
  const path = join(tempDirectory(), 'token.json');
  const events: FileStorageEvent[] = [];
  const storage = createFileStorage({ path, onEvent: (event) => events.push(event) });
  onTestFinished(() => storage.close?.());
  return { path, storage, events };
}

const empty: TokenRecord = { attempts: [], dead: [] };
const claim: TokenRecord = { ...empty, attempts: [{ id: 'a', by: 'x', atMs: 1, outcome: 'pending', leaseMs: 1 }] };

describe('the token of a Python program at `path`', () => {
  test('is what is stored as long as nothing else is', async () => {
    const { path, storage, events } = share();
    const token = makeToken('python', 20 * HOUR);
    writeFileSync(path, pickleOf(token));
    const bytes = readFileSync(path);
    for (let looks = 0; looks < 3; looks += 1) {
      expect(await storage.read(key)).toEqual({
        record: { ...empty, token },
        version: `0-${sha256(token.value).slice(0, 16)}`,
      });
    }
    expect(events).toMatchObject([{ type: 'imported', key, path, format: 'python-pickle' }]);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(readdirSync(join(path, '..'))).toEqual(['token.json']);
  });

  test('serves the key of a mock, too, and the virtual world', async () => {
    const { path, storage } = share();
    const token = makeToken('python', 20 * HOUR);
    writeFileSync(path, pickleOf(token));
    for (const other of [`${key}-0123abcd`, key.replace('real', 'virtual')]) {
      expect((await storage.read(other))?.record.token).toEqual(token);
    }
  });

  test('is written over by nobody: versions stand beside it', async () => {
    const { path, storage, events } = share();
    const [theirs, ours] = [makeToken('python', 10 * HOUR), makeToken('ours', 20 * HOUR)];
    writeFileSync(path, pickleOf(theirs), { mode: 0o644 });
    const before = statSync(path);
    const found = await storage.read(key);
    const version = await storage.compareAndSet(key, found?.version, { ...empty, token: theirs });
    const next = await storage.compareAndSet(key, version, { ...empty, token: ours });
    expect(await storage.read(key)).toEqual({ record: { ...empty, token: ours }, version: next });
    const after = statSync(path);
    expect([after.ino, after.mtimeMs, after.mode]).toEqual([before.ino, before.mtimeMs, before.mode]);
    expect(readFileSync(path).equals(pickleOf(theirs))).toBe(true);
    expect(readdirSync(join(path, '..')).sort()).toEqual([
      'token.json',
      `token.json.${key}.v1.json`,
      `token.json.${key}.v2.json`,
    ]);
    expect(events).toMatchObject([{ type: 'imported', key, path, format: 'python-pickle' }]);
  });

  test('is used when it is later than ours, under a version of its own', async () => {
    const { path, storage } = share();
    const [ours, theirs] = [makeToken('ours', 10 * HOUR), makeToken('python', 20 * HOUR)];
    writeFileSync(path, pickleOf(makeToken('before', HOUR)));
    const found = await storage.read(key);
    const version = await storage.compareAndSet(key, found?.version, { ...claim, token: ours });
    writeFileSync(path, pickleOf(theirs));
    const later = await storage.read(key);
    expect(later).toEqual({
      record: { ...claim, token: theirs },
      version: `${version}-${sha256(theirs.value).slice(0, 16)}`,
    });
    // Whoever has read nothing of it yet is not to ask beside it.
    expect(await storage.compareAndSet(key, version, claim)).toBeUndefined();
    expect(await storage.compareAndSet(key, later?.version, { ...empty, token: theirs })).toBeTypeOf('string');
  });

  test('is taken in whatever the clock of the host says of its end, which the manager judges', async () => {
    const { path, storage, events } = share();
    const token = makeToken('python', -HOUR);
    writeFileSync(path, pickleOf(token));
    expect((await storage.read(key))?.record.token).toEqual(token);
    expect(events).toEqual([{ type: 'imported', key, path, format: 'python-pickle', expiresAtMs: token.expiresAtMs }]);
  });

  test('is left alone when it is earlier than ours, or dead', async () => {
    const { path, storage, events } = share();
    const [early, ours, late] = [makeToken('early', HOUR), makeToken('ours', 10 * HOUR), makeToken('late', 20 * HOUR)];
    const dead = [sha256(late.value)];
    const version = await storage.compareAndSet(key, undefined, { ...empty, token: ours, dead });
    rmSync(path);
    for (const token of [early, late]) {
      writeFileSync(path, pickleOf(token));
      for (let looks = 0; looks < 2; looks += 1) {
        expect(await storage.read(key)).toEqual({ record: { ...empty, token: ours, dead }, version });
      }
    }
    expect(events).toEqual([{ type: 'import-refused', path, reason: 'dead' }]);
  });

  test.each<[string, string, string | Buffer]>([
    ['that of another app key', 'wrong-app-key', pickleOf(makeToken('python', HOUR), { api_key: 'another' })],
    [
      'one whose owner is not said',
      'wrong-app-key',
      JSON.stringify({ value: 'x'.repeat(200), expires_at: '2099-01-01T00:00:00Z' }),
    ],
    ['half a file that stays half', 'unknown-format', pickleOf(makeToken('python', HOUR)).subarray(0, 99)],
    ['what is no token file', 'unknown-format', 'a letter'],
  ])('is not used when it is %s, which is said once', async (_what, reason, content) => {
    const { path, storage, events } = share();
    writeFileSync(path, content);
    for (let looks = 0; looks < 4; looks += 1) expect(await storage.read(key)).toBeUndefined();
    expect(events).toEqual([{ type: 'import-refused', path, reason }]);
    const version = await storage.compareAndSet(key, undefined, claim);
    expect(await storage.read(key)).toEqual({ record: claim, version });
    expect(readFileSync(path).equals(Buffer.from(content))).toBe(true);
  });

  test('is used in all formats, by the owner that the token itself names', async () => {
    const names = ['token.json.go-v1', 'KIS20300101.official-yaml', 'token.key.python-final.proto0.pkl'];
    for (const name of names) {
      const { path, storage, events } = share();
      writeFileSync(path, sample(name));
      expect((await storage.read(keyOf(sampleAppKey)))?.record.token?.expiresAtMs).toBe(1_893_521_045_000);
      expect(await storage.read(key)).toBeUndefined();
      expect(events).toMatchObject([{ type: 'imported' }, { type: 'import-refused', reason: 'wrong-app-key' }]);
    }
  });

  test('is no token while it is written, and nothing is said of that', async () => {
    const { path, storage, events } = share();
    const token = makeToken('python', HOUR);
    const bytes = pickleOf(token);
    for (const length of [0, 1, 100, bytes.length - 1]) {
      writeFileSync(path, bytes.subarray(0, length));
      expect(await storage.read(key)).toBeUndefined();
    }
    writeFileSync(path, bytes);
    expect((await storage.read(key))?.record.token).toEqual(token);
    expect(events).toMatchObject([{ type: 'imported', key, path, format: 'python-pickle' }]);
  });

  test('has its file left to it also when that is empty or gone for a while', async () => {
    const { path, storage } = share();
    writeFileSync(path, pickleOf(makeToken('python', HOUR)));
    let version = (await storage.read(key))?.version;
    const write = async (): Promise<void> => {
      version = await storage.compareAndSet(key, version, claim);
      expect(version).toBeTypeOf('string');
    };
    await write();
    writeFileSync(path, '');
    await write();
    expect(readFileSync(path)).toHaveLength(0);
    rmSync(path);
    await write();
    expect(readdirSync(join(path, '..'))).not.toContain('token.json');
  });

  test('is read again only when its file has changed', async () => {
    const { path, storage } = share();
    writeFileSync(path, pickleOf(makeToken('python', HOUR)));
    let opened = 0;
    replace('open', async (original, args) => {
      if (args[0] === path) opened += 1;
      return original(...args);
    });
    let nowMs = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    onTestFinished(() => clock.mockRestore());
    await storage.read(key);
    nowMs = 3_000;
    for (let looks = 0; looks < 5; looks += 1) await storage.read(key);
    expect(opened).toBe(2);
    writeFileSync(path, pickleOf(makeToken('another', 2 * HOUR)));
    await storage.read(key);
    expect(opened).toBe(3);
  });

  test('is read again also when only the time of its change tells', async () => {
    const { path, storage } = share();
    const [first, second] = [makeToken('one', HOUR), makeToken('two', 2 * HOUR)];
    // As a program does that keeps the times of a file it copies.
    const put = (token: Token): void => {
      writeFileSync(path, pickleOf(token));
      utimesSync(path, 1_000, 1_000);
    };
    put(first);
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    onTestFinished(() => now.mockRestore());
    await storage.read(key);
    now.mockReturnValue(3_000);
    expect((await storage.read(key))?.record.token).toEqual(first);
    put(second);
    expect((await storage.read(key))?.record.token).toEqual(second);
  });

  test('that is half written is waited for, for a moment', async () => {
    const { path, storage, events } = share();
    const token = makeToken('python', HOUR);
    writeFileSync(path, pickleOf(token).subarray(0, 300));
    runBefore('open', path, () => writeFileSync(path, pickleOf(token)), 3);
    expect((await storage.read(key))?.record.token).toEqual(token);
    expect(events).toMatchObject([{ type: 'imported' }]);
  });

  test('is found as soon as it may be read, though nothing else has changed', async () => {
    const { path, storage } = share();
    const token = makeToken('python', HOUR);
    writeFileSync(path, pickleOf(token));
    const restore = replace('open', async (original, args) => {
      if (args[0] === path) throw fsError('EACCES');
      return original(...args);
    });
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    onTestFinished(() => now.mockRestore());
    for (const nowMs of [0, 3_000, 6_000]) {
      now.mockReturnValue(nowMs);
      expect(await storage.read(key)).toBeUndefined();
    }
    restore();
    expect((await storage.read(key))?.record.token).toEqual(token);
  });

  test('is said to be unreadable where it is, and costs no record', async () => {
    const { path, storage, events } = share();
    writeFileSync(path, pickleOf(makeToken('python', HOUR)));
    replace('open', async (original, args) => {
      if (args[0] === path) throw fsError('EACCES');
      return original(...args);
    });
    for (let looks = 0; looks < 3; looks += 1) expect(await storage.read(key)).toBeUndefined();
    expect(events).toEqual([{ type: 'import-refused', path, reason: 'unreadable' }]);
  });

  test('is found through a link', async () => {
    const { path, storage } = share();
    const token = makeToken('python', HOUR);
    const elsewhere = join(tempDirectory(), 'python.key');
    writeFileSync(elsewhere, pickleOf(token));
    symlinkSync(elsewhere, path);
    const found = await storage.read(key);
    expect(found?.record.token).toEqual(token);
    expect(await storage.compareAndSet(key, found?.version, { ...empty, token })).toBeTypeOf('string');
    expect(readFileSync(elsewhere).equals(pickleOf(token))).toBe(true);
  });
});

describe('a version that is the token of a Python program', () => {
  test('is written over once, and only as long as it is that token', async () => {
    const { path, storage } = share();
    const other = createFileStorage({ path });
    const [first, second] = [makeToken('first', HOUR), makeToken('second', 2 * HOUR)];
    writeFileSync(path, pickleOf(first));
    const version = (await storage.read(key))?.version;
    writeFileSync(path, pickleOf(second));
    expect(await storage.compareAndSet(key, version, claim)).toBeUndefined();
    const versions = [await storage.read(key), await other.read(key)].map((found) => found?.version);
    expect(versions[0]).toBe(versions[1]);
    const results = await Promise.all([
      storage.compareAndSet(key, versions[0], claim),
      other.compareAndSet(key, versions[0], claim),
    ]);
    expect(results.filter((result) => result !== undefined)).toHaveLength(1);
    expect(await storage.compareAndSet(key, versions[0], claim)).toBeUndefined();
  });

  test('is not nothing: who read before it came asks nobody', async () => {
    const { path, storage } = share();
    expect(await storage.read(key)).toBeUndefined();
    const token = makeToken('python', HOUR);
    writeFileSync(path, pickleOf(token));
    expect(await storage.compareAndSet(key, undefined, claim)).toBeUndefined();
    expect((await storage.read(key))?.record.token).toEqual(token);
  });

  test('is another one after a delete, which leaves the file alone', async () => {
    const { path, storage } = share();
    const token = makeToken('python', HOUR);
    writeFileSync(path, pickleOf(token));
    const before = (await storage.read(key))?.version;
    await storage.compareAndSet(key, before, { ...empty, token });
    await storage.delete(key);
    expect(readFileSync(path).equals(pickleOf(token))).toBe(true);
    const found = await storage.read(key);
    expect(found?.record).toEqual({ ...empty, token });
    expect(found?.version).not.toBe(before);
    expect(await storage.compareAndSet(key, before, claim)).toBeUndefined();
    expect(await storage.compareAndSet(key, undefined, claim)).toBeUndefined();
    expect(await storage.compareAndSet(key, found?.version, claim)).toBeTypeOf('string');
  });

  test('stands in for a damaged version, and is superseded like it', async () => {
    const { path, storage, events } = share();
    const token = makeToken('python', HOUR);
    writeFileSync(path, pickleOf(token));
    await storage.compareAndSet(key, (await storage.read(key))?.version, claim);
    writeFileSync(`${path}.${key}.v1.json`, 'damaged');
    const found = await storage.read(key);
    expect(found?.record).toEqual({ ...empty, token });
    expect(events.map(({ type }) => type)).toEqual(['imported', 'damaged']);
    expect(await storage.compareAndSet(key, found?.version, claim)).toMatch(/^2-/);
  });
});

describe('a manager whose own token has ended', () => {
  test.each([true, false])(
    'puts no question when Python stores one before its claim (ours stored: %s)',
    async (isOurs) => {
      const server = await startMockServer();
      onTestFinished(() => server.close());
      const { path, storage } = share();
      const of = { appKey, environment: 'real', baseUrl: server.url } as const;
      const [old, late] = [makeToken('old', -HOUR), makeToken('late', 20 * HOUR)];
      if (isOurs) await storage.compareAndSet(tokenKey(of), undefined, { ...empty, token: old });
      else writeFileSync(path, pickleOf(old));
      let writes = 0;
      const raced: TokenStorage = {
        ...storage,
        async compareAndSet(...args) {
          writes += 1;
          if (writes === 1) writeFileSync(path, pickleOf(late));
          return storage.compareAndSet(...args);
        },
      };
      const manager = createTokenManager({ ...of, appSecret, storage: raced });
      onTestFinished(() => manager.close());
      expect((await manager.getToken()).value === late.value).toBe(true);
      expect(writes).toBe(1);
      expect(server.fake.log().tokenRequests).toBe(0);
    },
  );
});

describe('a watcher of a `path` that a Python program writes', () => {
  test('is told of each of its writes, in place or by rename, and of its removal', async () => {
    const { path, storage } = share();
    const onChange = vi.fn();
    storage.watch?.(key, onChange);
    const steps = [
      () => writeFileSync(path, pickleOf(makeToken('first', HOUR))),
      () => writeFileSync(path, pickleOf(makeToken('second, and longer', 2 * HOUR))),
      () => {
        writeFileSync(`${path}.other`, pickleOf(makeToken('third', 3 * HOUR)));
        renameSync(`${path}.other`, path);
      },
      () => rmSync(path),
    ];
    for (const [index, step] of steps.entries()) {
      step();
      await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(index + 1), { interval: 2 });
    }
  });

  test('hears once of each of our own writes: their copy at `path` is no news', async () => {
    const { path, storage } = share();
    const onChange = vi.fn();
    storage.watch?.(key, onChange);
    const elsewhere = createFileStorage({ path });
    const version = await elsewhere.compareAndSet(key, undefined, claim);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
    expect(JSON.parse(readFileSync(path, 'utf8')).n).toBe(1);
    await elsewhere.compareAndSet(key, version, claim);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(2));
    const stop = stopNext('readdir', 'after');
    await stop.reached;
    stop.goOn();
    expect(onChange).toHaveBeenCalledTimes(2);
  });

  test('waits for nobody, though a FIFO takes the place of the file in the very moment', (context) => {
    needPosix('FIFOs', context);
    const { path, storage } = share();
    writeFileSync(path, pickleOf(makeToken('python', HOUR)));
    const { statSync: original } = fs;
    onTestFinished(() => void Object.assign(fs, { statSync: original }));
    let swaps = 0;
    const swapAfter = (...args: Parameters<typeof original>): unknown => {
      const found = original(...args);
      if (args[0] !== path) return found;
      swaps += 1;
      rmSync(path);
      execFileSync('mkfifo', [path]);
      return found;
    };
    Object.assign(fs, { statSync: swapAfter });
    storage.watch?.(key, () => {})();
    expect(swaps).toBe(1);
  });

  test('hears nothing of a directory or a giant in its place', async () => {
    const { path, storage } = share();
    const onChange = vi.fn();
    storage.watch?.(key, onChange);
    mkdirSync(path);
    rmSync(path, { recursive: true });
    writeFileSync(path, Buffer.alloc((1 << 20) + 1));
    await createFileStorage({ directory: join(path, '..') }).compareAndSet('other', undefined, claim);
    const stop = stopNext('readdir', 'after');
    await stop.reached;
    stop.goOn();
    expect(onChange).not.toHaveBeenCalled();
  });
});
