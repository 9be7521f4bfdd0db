import fsSync, { type FSWatcher } from 'node:fs';
import { basename } from 'node:path';
import type { EventSink } from './events.ts';
import { listNames } from './files.ts';
import { versionNumbers } from './versions.ts';

/** Notices new versions in a directory: one watcher for all subscribers, and a slow poll beside it. Neither keeps the process alive. */
export interface DirectoryWatch {
  /** Calls `onChange` after the newest version of `stem` has changed, until the returned function is called. */
  subscribe(stem: string, onChange: () => void): () => void;
  close(): void;
}

interface Subscriber {
  readonly stem: string;
  readonly onChange: () => void;
  seen: number;
}

/** A watcher goes silent when the directory is replaced, and some mounts give no notice at all. */
const POLL_MS = 100;
const NO_DIRECTORY = '';

export function createDirectoryWatch(directory: string, emit: EventSink): DirectoryWatch {
  const subscribers = new Set<Subscriber>();
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  let identity = NO_DIRECTORY;
  let isFailureSaid = false;
  let isLooking = false;
  let mustLookAgain = false;

  function unwatch(): void {
    watcher?.close();
    watcher = undefined;
  }

  function fail(error: Error): void {
    unwatch();
    if (!isFailureSaid) emit({ type: 'watch-failed', directory, error });
    isFailureSaid = true;
  }

  function watchDirectory(): void {
    if (watcher !== undefined || identity === NO_DIRECTORY) return;
    try {
      watcher = fsSync.watch(directory, { persistent: false }, (_type, name) => {
        // The directory itself was moved or removed; another one may even get its inode.
        if (name === basename(directory)) identity = NO_DIRECTORY;
        if (name === null || name.endsWith('.json')) void look();
      });
      watcher.on('error', fail);
    } catch (error) {
      fail(error as Error);
    }
  }

  /** Whether the directory is another one than before; the watcher then is put on the new one. */
  function isReplaced(): boolean {
    const before = identity;
    identity = identityOf(directory);
    if (identity !== before) unwatch();
    watchDirectory();
    return identity !== before;
  }

  async function look(): Promise<void> {
    mustLookAgain = true;
    if (isLooking) return;
    isLooking = true;
    try {
      while (mustLookAgain && subscribers.size > 0) {
        mustLookAgain = false;
        const isOther = isReplaced();
        // What cannot be listed now is listed by the next poll.
        const names = await listNames(directory).catch(() => undefined);
        if (names !== undefined) tell(names, isOther);
      }
    } finally {
      isLooking = false;
    }
  }

  function tell(names: readonly string[], isOther: boolean): void {
    for (const subscriber of subscribers) {
      const newest = newestOf(names, subscriber.stem);
      if (newest === subscriber.seen && !(isOther && newest > 0)) continue;
      subscriber.seen = newest;
      subscriber.onChange();
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
      const subscriber = { stem, onChange, seen: newestOf(listNow(directory), stem) };
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

function newestOf(names: readonly string[], stem: string): number {
  return versionNumbers(names, stem).at(-1) ?? 0;
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
    return NO_DIRECTORY;
  }
}
