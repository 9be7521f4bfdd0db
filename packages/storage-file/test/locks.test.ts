import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs, { mkdirSync, readdirSync, renameSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFileStorage, type FileStorage } from '../src/index.ts';
import { needPosix } from './posix.ts';
import { record, storedNumber, writeOver } from './records.ts';
import { fsError, stopNext } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';
import type { Order } from './writer-process.ts';
import { startWriters } from './writer-processes.ts';

const key = 'real-1';

/** Counts the attempts of storages made from now on to take a lock, and runs `before` each. */
function countAttempts(before: (attempt: number) => void = () => {}): { made: number } {
  const original = fs.mkdir as (...args: unknown[]) => void;
  const attempts = { made: 0 };
  const patched = (...args: unknown[]): void => {
    attempts.made += 1;
    before(attempts.made);
    original(...args);
  };
  fs.mkdir = patched as typeof fs.mkdir;
  onTestFinished(() => {
    fs.mkdir = original as typeof fs.mkdir;
  });
  return attempts;
}

describe('F1: a lock', () => {
  test('is a directory of mode 0700, whatever the umask, and goes with the write', async (context) => {
    needPosix('modes of files', context);
    const directory = tempDirectory();
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    const stop = stopNext('link', 'before');
    const writing = writeOver(createFileStorage({ directory }), key, 1, 1);
    await stop.reached;
    expect(statSync(`${directory}/real-1.lock`).mode & 0o777).toBe(0o700);
    stop.goOn();
    await writing;
    expect(readdirSync(directory)).toEqual(['real-1.v1.json']);
  });

  test('that was left by whatever made it keeps one writer for a moment, and then nobody', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    await writeOver(storage, key, 1, 1);
    mkdirSync(`${directory}/real-1.lock`);
    const startMs = performance.now();
    await writeOver(storage, key, 1, 2);
    expect(performance.now() - startMs).toBeLessThan(300);
    expect(readdirSync(directory)).not.toContain('real-1.lock');
  });

  test('that was made anew while a writer waited belongs to a living one, and stays', async () => {
    const directory = tempDirectory();
    const lock = `${directory}/real-1.lock`;
    mkdirSync(lock);
    const attempts = countAttempts((attempt) => {
      if (attempt !== 2) return;
      mkdirSync(`${lock}-of-another`);
      rmdirSync(lock);
      renameSync(`${lock}-of-another`, lock);
    });
    await writeOver(createFileStorage({ directory }), key, 1, 1);
    expect(attempts.made).toBeGreaterThan(1);
    expect(readdirSync(directory)).toContain('real-1.lock');
  });

  test.each<[string, (lock: string) => void]>([
    ['as a file', (lock) => writeFileSync(lock, '')],
    [
      'with something inside',
      (lock) => {
        mkdirSync(lock);
        writeFileSync(`${lock}/other`, '');
      },
    ],
  ])('that cannot be removed (%s) is waited for once, and costs no record', async (_how, plant) => {
    const directory = tempDirectory();
    plant(`${directory}/real-1.lock`);
    const attempts = countAttempts();
    const storage = createFileStorage({ directory });
    await writeOver(storage, key, 1, 1);
    expect(attempts.made).toBeGreaterThan(1);
    const { made } = attempts;
    await writeOver(storage, key, 2, 2);
    expect(attempts.made).toBe(made);
    expect(await storedNumber(storage, key)).toBe(3);
  });
});

describe('F10: on a mount that sets no times', () => {
  test('a lock is removed by the writer that made it, and after two of them no more are taken', async () => {
    const { utimes } = fs;
    fs.utimes = ((...args: unknown[]) => {
      (args.at(-1) as (error: Error) => void)(fsError('EPERM'));
    }) as typeof fs.utimes;
    onTestFinished(() => {
      fs.utimes = utimes;
    });
    const directory = tempDirectory();
    const attempts = countAttempts();
    const storage = createFileStorage({ directory });
    const startMs = performance.now();
    for (let number = 1; number <= 5; number += 1) {
      await writeOver(storage, key, 1, number);
      expect(readdirSync(directory)).not.toContain('real-1.lock');
    }
    expect(performance.now() - startMs).toBeLessThan(1_000);
    expect(attempts.made).toBe(2);
  });
});

describe('F1: a lock that others take for left', () => {
  test('may be gone at any moment: its writer goes on', async () => {
    const { mkdir, utimes } = fs;
    onTestFinished(() => {
      Object.assign(fs, { mkdir, utimes });
    });
    const directory = tempDirectory();
    const lock = `${directory}/real-1.lock`;
    // Before the library is told that it was made, and before it sets the times.
    fs.mkdir = ((...args: unknown[]) => {
      mkdirSync(lock);
      rmdirSync(lock);
      // As the platform does it: what is thrown there nobody can catch.
      setImmediate(args.at(-1) as (error: null) => void, null);
    }) as typeof fs.mkdir;
    fs.utimes = ((...args: unknown[]) => {
      setImmediate(args.at(-1) as (error: Error) => void, fsError('ENOENT'));
    }) as typeof fs.utimes;
    const storage = createFileStorage({ directory });
    await writeOver(storage, key, 2, 1);
    expect(await storedNumber(storage, key)).toBe(2);
  });
});

describe('F2: two writers that meet one left lock', () => {
  test('have one winner, also where one of them removes the lock that came after it', async () => {
    const directory = tempDirectory();
    const lock = `${directory}/real-1.lock`;
    const [slow, fast, third] = [1, 2, 3].map(() => createFileStorage({ directory })) as [
      FileStorage,
      FileStorage,
      FileStorage,
    ];
    const expected = await writeOver(fast, key, 1, 1);
    mkdirSync(lock);
    // Right between its look at the lock and the removal.
    const stopRemoval = stopNext('rmdir', 'before');
    const late = slow.compareAndSet(key, expected, record(10));
    await stopRemoval.reached;
    rmdirSync(lock);
    const stopLink = stopNext('link', 'before');
    const early = third.compareAndSet(key, expected, record(30));
    await stopLink.reached;
    expect(readdirSync(directory)).toContain('real-1.lock');
    stopRemoval.goOn();
    const version = await late;
    expect(version).toBeTypeOf('string');
    stopLink.goOn();
    expect(await early).toBeUndefined();
    expect(await fast.read(key)).toEqual({ record: record(10), version });
  });

  test('have one winner in each of 20 rounds of eight', async () => {
    const directory = tempDirectory();
    const storages = Array.from({ length: 8 }, () => createFileStorage({ directory }));
    let expected: string | undefined;
    for (let round = 1; round <= 20; round += 1) {
      mkdirSync(`${directory}/real-1.lock`);
      const versions = await Promise.all(
        storages.map((storage, index) => storage.compareAndSet(key, expected, record(round * 10 + index))),
      );
      const winners = versions.filter((version) => version !== undefined);
      expect(winners).toHaveLength(1);
      expected = winners[0];
      expect(await storedNumber(storages[0] as FileStorage, key)).toBe(round * 10 + versions.indexOf(expected));
    }
  });
});

describe('F4: the release of a lock', () => {
  test("leaves the lock that another has made meanwhile, which goes with its own writer's release", async () => {
    const directory = tempDirectory();
    const lock = `${directory}/real-1.lock`;
    const [frozen, second, third] = [1, 2, 3].map(() => createFileStorage({ directory })) as [
      FileStorage,
      FileStorage,
      FileStorage,
    ];
    const stopFrozen = stopNext('link', 'before');
    const late = frozen.compareAndSet(key, undefined, record(1));
    await stopFrozen.reached;
    // It waits, removes the lock, and goes on without one.
    await writeOver(second, key, 1, 2);
    expect(readdirSync(directory)).not.toContain('real-1.lock');
    const stopThird = stopNext('link', 'before');
    const holding = writeOver(third, key, 1, 3);
    await stopThird.reached;
    const { ino, ctimeMs } = statSync(lock);

    stopFrozen.goOn();
    expect(await late).toBeUndefined();
    expect(statSync(lock)).toMatchObject({ ino, ctimeMs });
    stopThird.goOn();
    await holding;
    expect(readdirSync(directory).sort()).toEqual(['real-1.v1.json', 'real-1.v2.json']);
    expect(await storedNumber(third, key)).toBe(3);
  });

  test('leaves it also where the two are writers of one storage', async () => {
    const directory = tempDirectory();
    const storage = createFileStorage({ directory });
    const stopFrozen = stopNext('link', 'before');
    const late = storage.compareAndSet(key, undefined, record(1));
    await stopFrozen.reached;
    await writeOver(storage, key, 1, 2);
    const stopThird = stopNext('link', 'before');
    const holding = writeOver(storage, key, 1, 3);
    await stopThird.reached;
    stopFrozen.goOn();
    expect(await late).toBeUndefined();
    expect(readdirSync(directory)).toContain('real-1.lock');
    stopThird.goOn();
    await holding;
    expect(readdirSync(directory)).not.toContain('real-1.lock');
  });

  test.each([
    ['removes the own one', false],
    ["leaves another's", true],
  ])('at the end of a process %s', async (_what, isTaken) => {
    const directory = tempDirectory();
    const lock = `${directory}/real-1.lock`;
    const writers = await startWriters(directory, 1);
    onTestFinished(() => writers.end());
    await writers.ask<string>(() => ({ type: 'stand-still', key }));
    expect(readdirSync(directory)).toContain('real-1.lock');
    if (isTaken) {
      mkdirSync(`${lock}-of-another`);
      rmdirSync(lock);
      renameSync(`${lock}-of-another`, lock);
    }
    const [child] = writers.children;
    child?.send({ type: 'exit-now' } satisfies Order);
    expect(await once(child as ChildProcess, 'exit')).toEqual([7, null]);
    expect(readdirSync(directory).includes('real-1.lock')).toBe(isTaken);
  });
});
