import type { Clock } from '@kis/token-core';
import type { EventSink } from '../events.ts';
import type { QuoteOptions } from '../request.ts';
import type { CachedType, CheckedCache } from './cache-options.ts';
import { readEntry, stamp, writeEntry } from './entry.ts';
import { createFlights } from './flights.ts';
import { createGuardedStore } from './guarded-store.ts';
import { createMemoryStore } from './memory-store.ts';
import { phaseStartMs } from './phase.ts';

/** Keeps what KIS said. Nothing of it fails for the cache's sake. */
export interface QuoteCache {
  /** What is kept and still good, or else what `load` gives, once for all who ask meanwhile. To each a value of their own. */
  get<T extends object>(
    type: CachedType,
    name: string,
    options: QuoteOptions | undefined,
    load: (signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<T>;
  /** What is kept and still good. Rejects once the client is closed. */
  read<T extends object>(type: CachedType, name: string): Promise<T | undefined>;
  /** Keeps what KIS was asked for at `askedMs`. */
  write(type: CachedType, name: string, value: object, askedMs: number): Promise<void>;
  /** Whether replies of the type are kept at all. */
  keeps(type: CachedType): boolean;
  /** Waits until nothing is written any more. */
  close(): Promise<void>;
}

/** An entry may seem to lie ahead by as much: servers know KIS's time to a second or so. */
const clockStepMs = 2_000;

export function createQuoteCache(options: {
  readonly settings: CheckedCache;
  /** Whose replies these are: that of the token, so that a mock's never lie under a real key's name. */
  readonly key: string;
  readonly clock: Clock;
  /** Throws once the client is closed. */
  readonly assertOpen: () => void;
  readonly onEvent: EventSink;
}): QuoteCache {
  const { settings, key, clock, assertOpen, onEvent } = options;
  const { ttlMs, invalidateAt, maxEntries } = settings;
  const store =
    settings.store === undefined
      ? createMemoryStore(maxEntries)
      : createGuardedStore({ store: settings.store, clock, onEvent });
  const flights = createFlights<() => object>();

  const keeps = (type: CachedType) => ttlMs[type] > 0;
  // With the version of what is kept: another release, beside this one, neither reads nor overwrites it.
  const keyOf = (type: CachedType, name: string) => `kis:quote:1:${key}:${type}:${name}`;

  function isOfThisPhase(type: CachedType, ms: number): boolean {
    const hasPhases = type === 'price' || type === 'orderBook';
    return !hasPhases || ms >= phaseStartMs(invalidateAt, clock.nowMs());
  }

  function isGood(type: CachedType, cachedAtMs: number): boolean {
    const ageMs = clock.nowMs() - cachedAtMs;
    return ageMs >= -clockStepMs && ageMs < ttlMs[type] && isOfThisPhase(type, cachedAtMs);
  }

  async function readCopies(type: CachedType, name: string): Promise<(() => object) | undefined> {
    const text = await store.get(keyOf(type, name));
    const entry = readEntry(text);
    if (entry === undefined || !isGood(type, entry.cachedAtMs)) return undefined;
    return copies(stamp(entry), () => stamp(JSON.parse(String(text))));
  }

  async function keep(type: CachedType, name: string, text: string, askedMs: number): Promise<void> {
    // An answer to what was asked before the market opened may tell of before.
    if (isOfThisPhase(type, askedMs)) await store.set(keyOf(type, name), text, Math.ceil(ttlMs[type]));
  }

  return {
    keeps,
    async get<T extends object>(
      type: CachedType,
      name: string,
      { signal, fresh = false }: QuoteOptions = {},
      load: (signal: AbortSignal | undefined) => Promise<T>,
    ) {
      if (!keeps(type)) return load(signal);
      assertOpen();
      const take = await flights.join(keyOf(type, name), { signal, isNew: fresh }, async (signal, isLatest) => {
        const kept = fresh ? undefined : await readCopies(type, name);
        if (kept !== undefined) return kept;
        const askedMs = clock.nowMs();
        const value = await load(signal);
        const text = writeEntry({ cachedAtMs: clock.nowMs(), value });
        if (isLatest()) await keep(type, name, text, askedMs);
        return copies(value, () => JSON.parse(text).value);
      });
      return take() as T;
    },
    async read<T extends object>(type: CachedType, name: string) {
      if (!keeps(type)) return undefined;
      assertOpen();
      return (await readCopies(type, name))?.() as T | undefined;
    },
    async write(type, name, value, askedMs) {
      if (keeps(type)) await keep(type, name, writeEntry({ cachedAtMs: clock.nowMs(), value }), askedMs);
    },
    close: () => flights.settle(),
  };
}

/** The first who asks gets what is there, and everybody else a copy: nobody sees what others do to theirs. */
function copies(value: object, copy: () => object): () => object {
  let isTaken = false;
  return () => {
    if (isTaken) return copy();
    isTaken = true;
    return value;
  };
}
