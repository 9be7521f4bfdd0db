import fs, { mkdirSync, readdirSync, renameSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createFileStorage } from '../src/index.ts';
import { storedNumber, writeOver } from './records.ts';
import { stopNext } from './stopped-calls.ts';
import { tempDirectory } from './temp-directory.ts';

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

describe('a lock', () => {
  test('is a directory of mode 0700, whatever the umask, and goes with the write', async () => {
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
