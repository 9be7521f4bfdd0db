import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '@kis/versioned-file/parts';
import { loadLockfile } from './load-lockfile.ts';

/**
 * Lets the writers of one host go one after the other where that is possible, so that those who come second find out
 * before they have written anything. It decides nothing: whoever waited long enough goes on without the lock.
 */
export type PoliteWriters = <T>(lockfilePath: string, write: () => Promise<T>) => Promise<T>;

/** How long one holder is waited for. A write takes some 3 ms. */
const MAX_WAIT_MS = 50;
/** Beyond any write: the library is not to refresh or to take over locks. */
const STALE_MS = 3_600_000;

export function createPoliteWriters(): PoliteWriters {
  const { mkdir, utimes } = fs;
  /** The locks that are this storage's own. The library removes whatever has the name, so removing is not left to it. */
  const held = new Map<string, Identity>();
  /** What was made just now, by its path. */
  const made = new Map<string, Identity>();
  // An object of its own, as the library writes a note on it.
  const ownFs = {
    mkdir: (path: string, done: fs.NoParamCallback) =>
      mkdir(path, 0o700, (error) => {
        if (error === null) made.set(path, identityOf(path));
        done(error);
      }),
    rmdir(path: string, done: fs.NoParamCallback) {
      // It could not set the times of what it had made.
      removeThat(path, made.get(path));
      done(null);
    },
    // At the end of the process.
    rmdirSync: (path: string) => removeThat(path, held.get(path)),
    // Any other error would throw in a timer of the library's, where nobody could catch it; this one it knows.
    stat: (path: string, done: (error: Error | null, stats?: fs.Stats) => void) =>
      fs.stat(path, (error, stats) => done(error && Object.assign(error, { code: 'ENOENT' }), stats)),
    utimes,
  };

  let library: ReturnType<typeof loadLockfile> | undefined;
  let hasFailed = false;
  let isUseless = false;

  async function lock(lockfilePath: string): Promise<() => Promise<void>> {
    // Loaded late: a process that only reads does not need it.
    library ??= loadLockfile();
    let first: { readonly lock: Identity; readonly seenMs: number } | undefined;
    for (;;) {
      try {
        const forget = await library.lock(lockfilePath, {
          lockfilePath,
          realpath: false,
          stale: STALE_MS,
          fs: ownFs,
          onCompromised() {},
        });
        return hold(lockfilePath, forget);
      } catch (error) {
        if (!hasCode(error, 'ELOCKED')) throw error;
        first ??= { lock: identityOf(lockfilePath), seenMs: performance.now() };
        if (performance.now() - first.seenMs > MAX_WAIT_MS) {
          if (identityOf(lockfilePath) === first.lock) await remove(lockfilePath);
          throw error;
        }
      }
      await sleep(1 + 4 * Math.random());
    }
  }

  /** Gives the way to let go, which leaves a lock that another has made in the place of this one. */
  function hold(lockfilePath: string, forget: () => Promise<void>): () => Promise<void> {
    const own = identityOf(lockfilePath);
    made.delete(lockfilePath);
    held.set(lockfilePath, own);
    hasFailed = false;
    return async () => {
      held.delete(lockfilePath);
      await forget().catch(() => undefined);
      removeThat(lockfilePath, own);
    };
  }

  /** One holder all the time of our wait is dead or frozen: the next ones are not to wait for it. */
  async function remove(lockfilePath: string): Promise<void> {
    try {
      await fs.promises.rmdir(lockfilePath);
    } catch (error) {
      // What cannot be removed would keep every write waiting.
      isUseless = !hasCode(error, 'ENOENT');
    }
  }

  /** Of a mount that takes no locks nobody learns by another try. */
  function note(error: unknown): undefined {
    if (hasCode(error, 'ELOCKED')) return;
    isUseless ||= hasFailed;
    hasFailed = true;
  }

  return async (lockfilePath, write) => {
    const release = isUseless ? undefined : await lock(lockfilePath).catch(note);
    try {
      return await write();
    } finally {
      await release?.().catch(() => undefined);
    }
  };
}

/** Tells a lock from one that was made anew; undefined: none is there, or none that can be seen. */
type Identity = string | undefined;

function identityOf(lockfilePath: string): Identity {
  try {
    // Not by mtime, which the library sets.
    const { ino, ctimeMs } = fs.lstatSync(lockfilePath);
    return `${ino} ${ctimeMs}`;
  } catch {
    return undefined;
  }
}

/** Never throws: it runs where nobody could catch it. */
function removeThat(lockfilePath: string, own: Identity): void {
  try {
    if (own !== undefined && identityOf(lockfilePath) === own) fs.rmdirSync(lockfilePath);
  } catch {
    // Another took it for dead and was first; or nobody can remove it, and the next writer waits once.
  }
}
