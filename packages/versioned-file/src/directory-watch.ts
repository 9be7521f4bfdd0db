import fsSync, { type FSWatcher } from 'node:fs';
import { basename, join } from 'node:path';
import { listNames } from './files.ts';
import { versionNumbers, versionPath } from './versions.ts';

/** Notices new versions in a directory: one watcher for all subscribers, and a slow poll beside it. Neither keeps the process alive. */
export interface DirectoryWatch {
  /** Calls `onChange` after the newest version of `stem` has changed, until the returned function is called. */
  subscribe(stem: string, onChange: () => void): () => void;
  close(): void;
}

interface Subscriber {
  readonly stem: string;
  readonly onChange: () => void;
  seen: string;
}

/** A watcher goes silent when the directory is replaced, and some mounts give no notice at all. */
const POLL_MS = 100;
const NOTHING = '';

/** A file in the directory that is no version. */
export interface WatchedFile {
  readonly path: string;
  /** Changes with what is to be told. */
  identify(): string;
}

/**
 * `onFailure`: told once where the platform gives no notice, and changes are found by polling alone. `beside`: changes of this
 * file are told to all subscribers.
 */
export function createDirectoryWatch(
  directory: string,
  onFailure: (error: Error) => void,
  beside?: WatchedFile,
): DirectoryWatch {
  const identifyOther = (): string => beside?.identify() ?? NOTHING;
  const subscribers = new Set<Subscriber>();
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  let identity = NOTHING;
  let isFailureSaid = false;
  let isLooking = false;
  let mustLookAgain = false;

  function unwatch(): void {
    watcher?.close();
    watcher = undefined;
  }

  function fail(error: Error): void {
    unwatch();
    if (!isFailureSaid) onFailure(error);
    isFailureSaid = true;
  }

  function watchDirectory(): void {
    if (watcher !== undefined || identity === NOTHING) return;
    try {
      watcher = fsSync.watch(directory, { persistent: false }, (_type, name) => {
        // The directory itself was moved or removed; another one may even get its inode.
        if (name === basename(directory)) identity = NOTHING;
        if (name === null || name.endsWith('.json') || join(directory, name) === beside?.path) void look();
      });
      watcher.on('error', fail);
    } catch (error) {
      fail(error as Error);
    }
  }

  /** Where the directory is another one than before the watcher is put on the new one. */
  function follow(): void {
    const before = identity;
    identity = identityOf(directory);
    if (identity !== before) unwatch();
    watchDirectory();
  }

  async function look(): Promise<void> {
    mustLookAgain = true;
    if (isLooking) return;
    isLooking = true;
    try {
      while (mustLookAgain && subscribers.size > 0) {
        mustLookAgain = false;
        follow();
        // What cannot be listed now is listed by the next poll.
        const names = await listNames(directory).catch(() => undefined);
        if (names !== undefined) tell(names);
      }
    } finally {
      isLooking = false;
    }
  }

  function tell(names: readonly string[]): void {
    const other = identifyOther();
    for (const subscriber of subscribers) {
      const newest = `${newestOf(directory, subscriber.stem, names)} ${other}`;
      if (newest === subscriber.seen) continue;
      subscriber.seen = newest;
      try {
        subscriber.onChange();
      } catch {
        // It is the subscriber's trouble: the others are to be told.
      }
    }
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
    unwatch();
  }

  return {
    subscribe(stem, onChange) {
      // At once, not by and by: what comes after this call is a change.
      const seen = `${newestOf(directory, stem, listNow(directory))} ${identifyOther()}`;
      const subscriber = { stem, onChange, seen };
      subscribers.add(subscriber);
      if (timer === undefined) {
        identity = identityOf(directory);
        watchDirectory();
        timer = setInterval(() => void look(), POLL_MS).unref();
      }
      return () => {
        if (subscribers.delete(subscriber) && subscribers.size === 0) stop();
      };
    },
    close() {
      subscribers.clear();
      stop();
    },
  };
}

/** Tells the newest version from all others, also from one of the same number that was there before it. */
function newestOf(directory: string, stem: string, names: readonly string[]): string {
  const n = versionNumbers(names, stem).at(-1);
  if (n === undefined) return NOTHING;
  try {
    // The time as well, as an inode is soon used again: the one that a link leaves as it is.
    const { ino, mtimeMs } = fsSync.lstatSync(versionPath({ directory, stem }, n));
    return `${n}:${ino}:${mtimeMs}`;
  } catch {
    return String(n);
  }
}

function listNow(directory: string): string[] {
  try {
    return fsSync.readdirSync(directory);
  } catch {
    return [];
  }
}

function identityOf(directory: string): string {
  try {
    const { dev, ino } = fsSync.statSync(directory);
    return `${dev}:${ino}`;
  } catch {
    return NOTHING;
  }
}
