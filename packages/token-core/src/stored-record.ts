import { TokenStorageError } from './errors.ts';
import type { EventSink } from './events.ts';
import type { Clock, TokenRecord, TokenStorage } from './ports.ts';
import { changeRecord, emptyRecord, type RecordChange } from './record.ts';

/** The record of one key in a storage, as one process sees it. */
export interface StoredRecord {
  /** Rejects with TokenStorageError. `version` is undefined where nothing is stored. */
  read(): Promise<Versioned>;
  /** A few times where it fails. What is stored then; undefined: another was first. Rejects with TokenStorageError: unknown. */
  write(base: Versioned, change: RecordChange): Promise<Versioned | undefined>;
  /** As `write`, over whatever others write meanwhile. */
  put(change: RecordChange, base?: Versioned): Promise<Versioned>;
  /** As `put`, and where that fails again and again in the background. Resolves to the record as it then is, if that is known. */
  publish(change: RecordChange, base?: Versioned): Promise<TokenRecord | undefined>;
  /** One more try for what could not be published. */
  flush(): Promise<void>;
  close(): void;
}

export interface Versioned {
  readonly record: TokenRecord;
  readonly version: string | undefined;
}

const QUICK_RETRIES_MS = [0, 50, 200];
/** Every lost round is another's success, so there are few; a storage that never says yes counts as broken. */
const MAX_LOST = 1_000;
const MAX_RETRY_MS = 5_000;

export function createStoredRecord(options: {
  readonly storage: TokenStorage;
  readonly key: string;
  readonly clock: Clock;
  readonly emit: EventSink;
  /** The tokens known to be dead at the moment of a write: each write tells of them. */
  tombstones(): readonly string[];
}): StoredRecord {
  const { storage, key, clock, emit, tombstones } = options;
  let isBroken = false;
  let unpublished: RecordChange[] = [];
  let flushing: Promise<void> | undefined;
  let retryMs = 1_000;
  let cancelRetry: (() => void) | undefined;
  let isClosed = false;

  async function attempt<T>(operation: 'read' | 'compareAndSet', run: () => Promise<T>): Promise<T> {
    try {
      const result = await run();
      if (isBroken) bearRecovery();
      return result;
    } catch (cause) {
      const error = new TokenStorageError(operation, key, cause);
      if (!isBroken) emit({ type: 'storage-failed', error });
      isBroken = true;
      throw error;
    }
  }

  /** What waits to be published has waited long enough. */
  function bearRecovery(): void {
    isBroken = false;
    emit({ type: 'storage-recovered' });
    if (unpublished.length > 0 && flushing === undefined) void flush();
  }

  async function read(): Promise<Versioned> {
    const stored = await attempt('read', () => storage.read(key));
    return stored ?? { record: emptyRecord, version: undefined };
  }

  /** The first time, and a few times after it has failed. */
  async function insist<T>(run: (nth: number) => Promise<T>): Promise<T> {
    let last: unknown;
    for (const [nth, delayMs] of QUICK_RETRIES_MS.entries()) {
      if (delayMs > 0) await new Promise<void>((resolve) => void clock.setTimer(delayMs, resolve));
      try {
        return await run(nth);
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }

  async function writeOnce(base: Versioned, change: RecordChange): Promise<Versioned | undefined> {
    const record = changeRecord(base.record, { ...change, dead: tombstones() });
    const version = await attempt('compareAndSet', () => storage.compareAndSet(key, base.version, record));
    return version === undefined ? undefined : { record, version };
  }

  function write(base: Versioned, change: RecordChange): Promise<Versioned | undefined> {
    return insist(async (nth) => {
      if (nth === 0) return writeOnce(base, change);
      // The reply may have been lost, and not the write.
      const now = await read();
      if (isIn(now.record, change)) return now;
      return now.version === base.version ? writeOnce(base, change) : undefined;
    });
  }

  async function putOnce(change: RecordChange, known: Versioned | undefined): Promise<Versioned> {
    let base = known;
    for (let lost = 0; lost < MAX_LOST; lost += 1) {
      base ??= await read();
      if (isIn(base.record, { ...change, dead: tombstones() })) return base;
      const written = await writeOnce(base, change);
      if (written !== undefined) return written;
      base = undefined;
    }
    throw new TokenStorageError('compareAndSet', key, new Error('another was first each time'));
  }

  function put(change: RecordChange, known?: Versioned): Promise<Versioned> {
    return insist((nth) => putOnce(change, nth === 0 ? known : undefined));
  }

  async function publish(change: RecordChange, base?: Versioned): Promise<TokenRecord | undefined> {
    try {
      return (await put(change, base)).record;
    } catch {
      if (!unpublished.some((other) => isSame(other, change))) unpublished.push(change);
      retryLater();
      return undefined;
    }
  }

  async function flush(): Promise<void> {
    // A run that is under way has taken its list already.
    await flushing;
    flushing ??= publishLate().finally(() => {
      flushing = undefined;
    });
    await flushing;
  }

  async function publishLate(): Promise<void> {
    const changes = unpublished;
    unpublished = [];
    for (const [done, change] of changes.entries()) {
      try {
        await put(change);
      } catch {
        unpublished.unshift(...changes.slice(done));
        return;
      }
    }
    retryMs = 1_000;
  }

  function retryLater(): void {
    if (isClosed || cancelRetry !== undefined) return;
    cancelRetry = clock.setTimer(
      retryMs,
      async () => {
        cancelRetry = undefined;
        retryMs = Math.min(MAX_RETRY_MS, retryMs * 2);
        await flush();
        if (unpublished.length > 0) retryLater();
      },
      { ref: false },
    );
  }

  return {
    read,
    write,
    put,
    publish,
    flush,
    close() {
      isClosed = true;
      cancelRetry?.();
    },
  };
}

/** Whether a change is there already: a reply may have been lost, not the write. */
function isIn(record: TokenRecord, change: RecordChange): boolean {
  return isSame(changeRecord(record, change), record);
}

function isSame(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
