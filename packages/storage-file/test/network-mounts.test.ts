import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createFileStorage } from '../src/index.ts';
import { record, storedNumber, writeOver } from './records.ts';
import { fsError, replace, skipPauses, stopNext } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

const key = 'real-1';
const DAY_MS = 86_400_000;

/** Runs things as on another host, whose directory listings are those of a moment ago until it is told otherwise. */
function staleHost(): { run<T>(run: () => Promise<T>): Promise<T>; refresh(): void; onListing(run: () => void): void } {
  const host = new AsyncLocalStorage<true>();
  const cached = new Map<unknown, unknown>();
  let listed = (): void => {};
  replace('readdir', async (original, args) => {
    if (host.getStore() === undefined) return original(...args);
    listed();
    const names = cached.get(args[0]) ?? (await original(...args));
    cached.set(args[0], names);
    return names;
  });
  return {
    run: (run) => host.run(true, run),
    refresh: () => cached.clear(),
    onListing: (run) => {
      listed = run;
    },
  };
}

describe('F10: a host whose listings are some seconds old', () => {
  test('reads an older record meanwhile, whole, and then the newest', async () => {
    const directory = tempDirectory();
    const [here, there] = [createFileStorage({ directory }), createFileStorage({ directory })];
    const host = staleHost();
    await writeOver(here, key, 1, 1);
    expect(await host.run(() => storedNumber(there, key))).toBe(1);
    await writeOver(here, key, 1, 2);
    expect(await host.run(() => storedNumber(there, key))).toBe(1);
    host.refresh();
    expect(await host.run(() => storedNumber(there, key))).toBe(2);
  });

  test('waits for a newer listing, up to 5 seconds, where the versions that it lists are gone', async () => {
    const directory = tempDirectory();
    const [here, there] = [createFileStorage({ directory }), createFileStorage({ directory })];
    const pauses = skipPauses();
    const host = staleHost();
    await writeOver(here, key, 1, 1);
    await host.run(() => there.read(key));
    await writeOver(here, key, 5, 2);
    host.onListing(() => {
      if (pauses.totalMs >= 3_000) host.refresh();
    });
    expect(await host.run(() => storedNumber(there, key))).toBe(6);
    expect(pauses.totalMs).toBe(3_000);

    await writeOver(here, key, 5, 7);
    host.onListing(() => {});
    pauses.totalMs = 0;
    await expect(host.run(() => there.read(key))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(pauses.totalMs).toBeLessThanOrEqual(5_000);
  });

  test.each([
    [1, 'the next number is taken'],
    [5, 'the next number was cleaned up'],
  ])('never wins over %i newer records: %s', async (count) => {
    for (const isStaleAfterLink of [true, false]) {
      const directory = tempDirectory();
      const [here, there] = [createFileStorage({ directory }), createFileStorage({ directory })];
      const host = staleHost();
      const expected = await writeOver(here, key, 1, 1);
      await host.run(() => there.read(key));
      const stop = stopNext('link', 'before');
      const late = host.run(() => there.compareAndSet(key, expected, record(100)));
      await stop.reached;
      const version = await writeOver(here, key, count, 2);
      if (!isStaleAfterLink) host.refresh();
      stop.goOn();
      expect(await late).toBeUndefined();
      expect(await here.read(key)).toEqual({ record: record(1 + count), version });
      expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    }
  });

  test('takes a write that nobody disputes for lost at most: what is stored is its record or the one before', async () => {
    const directory = tempDirectory();
    const [here, there] = [createFileStorage({ directory }), createFileStorage({ directory })];
    const host = staleHost();
    const expected = await writeOver(here, key, 1, 1);
    await host.run(() => there.read(key));
    expect(await host.run(() => there.compareAndSet(key, expected, record(2)))).toBeUndefined();
    expect(await here.read(key)).toEqual({ record: record(1), version: expected });
    host.refresh();
    const version = await host.run(async () => {
      await there.read(key);
      host.refresh();
      const stop = stopNext('link', 'after');
      const write = there.compareAndSet(key, expected, record(2));
      await stop.reached;
      host.refresh();
      stop.goOn();
      return write;
    });
    expect(await here.read(key)).toEqual({ record: record(2), version });
  });
});

describe('F10: a file that another host removed while it was read (ESTALE)', () => {
  function failReads(times: number, name: string): void {
    let left = times;
    replace('open', async (original, args) => {
      const file = (await original(...args)) as FileHandle;
      if (String(args[0]).endsWith(name) && args[1] !== 'wx' && left > 0) {
        left -= 1;
        file.readFile = async () => {
          throw fsError('ESTALE');
        };
      }
      return file;
    });
  }

  test('is opened anew', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    const version = await writeOver(storage, key, 1, 1);
    failReads(2, 'real-1.v1.json');
    expect(await storage.read(key)).toEqual({ record: record(1), version });
  });

  test('is an error where it is so again and again, and no empty storage', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    const version = await writeOver(storage, key, 1, 1);
    failReads(1_000, 'real-1.v1.json');
    await expect(storage.read(key)).rejects.toMatchObject({ code: 'ESTALE' });
    await expect(storage.compareAndSet(key, version, record(2))).rejects.toMatchObject({ code: 'ESTALE' });
  });

  test('gives way to the newer one in the next listing', async () => {
    const directory = tempDirectory();
    const [here, there] = [createFileStorage({ directory }), createFileStorage({ directory })];
    await writeOver(here, key, 1, 1);
    const restore = replace('open', async (original, args) => {
      restore();
      const file = (await original(...args)) as FileHandle;
      file.readFile = async () => {
        await writeOver(there, key, 5, 2);
        throw fsError('ESTALE');
      };
      return file;
    });
    expect(await storedNumber(here, key)).toBe(6);
  });
});

describe('F10: a link whose answer was lost', () => {
  test.each(['EEXIST', 'EIO', 'ETIMEDOUT'])('and that was done all the same (%s) has won', async (code) => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    await writeOver(storage, key, 1, 1);
    const before = (await storage.read(key))?.version;
    const restore = replace('link', async (original, args) => {
      await original(...args);
      throw fsError(code);
    });
    const version = await storage.compareAndSet(key, before, record(2));
    restore();
    expect(await storage.read(key)).toEqual({ record: record(2), version });
    expect(readdirSync(directory).sort()).toEqual(['real-1.v1.json', 'real-1.v2.json']);
  });

  test.each(['EEXIST', 'EIO', 'ETIMEDOUT'])("and that another's was before (%s) has lost", async (code) => {
    const directory = tempDirectory();
    const [here, there] = [createFileStorage({ directory }), createFileStorage({ directory })];
    const restore = replace('link', async () => {
      restore();
      await writeOver(there, key, 1, 1);
      throw fsError(code);
    });
    expect(await here.compareAndSet(key, undefined, record(2))).toBeUndefined();
    expect(await storedNumber(here, key)).toBe(1);
  });

  test('or of the rename in its place, where there are no hard links, has won, too', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    replace('link', async () => {
      throw fsError('ENOTSUP');
    });
    const restore = replace('rename', async (original, args) => {
      await original(...args);
      // What is sent once more finds that its source is gone.
      if (String(args[1]).endsWith('.v1.json')) throw fsError('ENOENT');
    });
    const version = await storage.compareAndSet(key, undefined, record(1));
    restore();
    expect(await storage.read(key)).toEqual({ record: record(1), version });
  });
});

describe('F10: the clock of another host', () => {
  const FOREIGN = '.kis-00000000-1-1-00.tmp';

  /** Makes the file system's clock, and so all times of its files, differ from ours. */
  function shiftFileTimes(shiftMs: number): void {
    replace('lstat', async (original, args) => {
      const found = (await original(...args)) as { mtimeMs: number };
      found.mtimeMs += shiftMs;
      return found;
    });
  }

  async function isSwept(directory: string, ageMs: number): Promise<boolean> {
    writeFileSync(join(directory, FOREIGN), '');
    const writtenMs = vi.isMockFunction(Date.now) ? performance.timeOrigin + performance.now() : Date.now();
    utimesSync(join(directory, FOREIGN), new Date(writtenMs - ageMs), new Date(writtenMs - ageMs));
    await writeOver(createFileStorage({ directory }), key, 1, 1);
    return !readdirSync(directory).includes(FOREIGN);
  }

  test.each([0, 120_000, -120_000, DAY_MS, -DAY_MS])(
    "%i ms off ours: what an unknown writer left goes after an hour of the file system's own, and not before",
    async (shiftMs) => {
      shiftFileTimes(shiftMs);
      expect(await isSwept(tempDirectory(), 0)).toBe(false);
      expect(await isSwept(tempDirectory(), 3_500_000)).toBe(false);
      expect(await isSwept(tempDirectory(), 3_700_000)).toBe(true);
    },
  );

  test.each([1_000, 3_600_000, DAY_MS, -1_000, -3_600_000, -DAY_MS])(
    'where ours jumps by %i ms, nothing goes before its time, and nothing is lost',
    async (jumpMs) => {
      const directory = tempDirectory();
      const storage = createFileStorage({ directory });
      await writeOver(storage, key, 3, 1);
      const { now } = Date;
      const spy = vi.spyOn(Date, 'now').mockImplementation(() => now() + jumpMs);
      onTestFinished(() => spy.mockRestore());
      expect(await isSwept(tempDirectory(), 0)).toBe(false);
      expect(await isSwept(tempDirectory(), 3_700_000)).toBe(true);
      await writeOver(storage, key, 3, 4);
      expect(await storedNumber(storage, key)).toBe(6);
      expect(readdirSync(directory).sort()).toEqual(['real-1.v4.json', 'real-1.v5.json', 'real-1.v6.json']);
    },
  );

  test.each([0, 120_000, -120_000, DAY_MS, -DAY_MS])(
    'that dates a lock %i ms from our time makes it neither stale nor eternal',
    async (shiftMs) => {
      const directory = tempDirectory();
      const lock = join(directory, 'real-1.lock');
      mkdirSync(lock);
      const dated = new Date(Date.now() + shiftMs);
      utimesSync(lock, dated, dated);
      const startMs = performance.now();
      await writeOver(createFileStorage({ directory }), key, 1, 1);
      const tookMs = performance.now() - startMs;
      expect(tookMs).toBeGreaterThan(45);
      expect(tookMs).toBeLessThan(500);
      expect(readdirSync(directory)).toEqual(['real-1.v1.json']);
    },
  );
});
