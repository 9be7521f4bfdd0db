import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from './files.ts';

/**
 * Lets the writers of one host go one after the other where that is possible, so that those who come second find out
 * before they have written anything. It decides nothing: whoever waited long enough goes on without the lock.
 */
export type PoliteWriters = <T>(lockfilePath: string, write: () => Promise<T>) => Promise<T>;

/** A write takes some 3 ms. */
const MAX_WAIT_MS = 50;
/** Beyond any write: the library is not to refresh or to take over locks. */
const STALE_MS = 3_600_000;

export function createPoliteWriters(): PoliteWriters {
  // The library writes a note of its own on the object; Node's own fs is not to be written on.
  const { mkdir, rmdir, rmdirSync, stat, utimes } = fs;
  const ownFs = { mkdir, rmdir, rmdirSync, stat, utimes };

  let loading: Promise<typeof import('proper-lockfile')> | undefined;

  async function lock(lockfilePath: string): Promise<() => Promise<void>> {
    // Loaded late: it brings listeners for signals, which a process that only reads is not to have.
    loading ??= import('proper-lockfile');
    const library = await loading;
    const since = { epochMs: Date.now(), monotonicMs: performance.now() };
    for (;;) {
      try {
        return await library.lock(lockfilePath, {
          lockfilePath,
          realpath: false,
          stale: STALE_MS,
          fs: ownFs,
          onCompromised() {},
        });
      } catch (error) {
        if (!hasCode(error, 'ELOCKED')) throw error;
        if (performance.now() - since.monotonicMs > MAX_WAIT_MS) {
          await removeIfOlder(lockfilePath, since.epochMs);
          throw error;
        }
      }
      await sleep(1 + 4 * Math.random());
    }
  }

  return async (lockfilePath, write) => {
    const release = await lock(lockfilePath).catch(() => undefined);
    try {
      return await write();
    } finally {
      await release?.().catch(() => undefined);
    }
  };
}

/** One holder all the time of our wait is dead or frozen: the next ones are not to wait for it. */
async function removeIfOlder(lockfilePath: string, epochMs: number): Promise<void> {
  // Not mtime, which the library sets.
  const { ctimeMs } = await fs.promises.stat(lockfilePath);
  if (ctimeMs <= epochMs) await fs.promises.rmdir(lockfilePath);
}
