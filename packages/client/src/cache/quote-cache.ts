import type { Clock } from '@kis/token-core';
import type { EventSink } from '../events.ts';
import type { QuoteOptions } from '../request.ts';
import type { CachedType, CheckedCache } from './cache-options.ts';
import { type Entry, readEntry, stamp, writeEntry } from './entry.ts';
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
  /** What is kept under the names and still good, oldest first. Rejects once the client is closed. */
  read<T extends object>(type: CachedType, names: readonly string[]): Promise<T[]>;
  /** Keeps what KIS was asked for at `askedMs`; false where that failed. */
  write(type: CachedType, name: string, value: object, askedMs: number): Promise<boolean>;
  /** Whether replies of the type are kept at all. */
  keeps(type: CachedType): boolean;
  /** How many replies there is room for; `Infinity` where the store sees to that. */
  readonly maxEntries: number;
  /** Has `close` wait for work that writes. */
  hold(work: Promise<unknown>): void;
  /** Waits until nothing is written any more: as long as the calls under way, and then the store, may take. */
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
  const held = new Set<Promise<unknown>>();

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

  async function readGood(type: CachedType, name: string): Promise<Kept | undefined> {
    const text = await store.get(keyOf(type, name));
    const entry = readEntry(text);
    return entry && isGood(type, entry.cachedAtMs) ? { ...entry, text: String(text) } : undefined;
  }

  async function keep(type: CachedType, name: string, text: string, askedMs: number): Promise<boolean> {
    // An answer to what was asked before the market opened may tell of before.
    return isOfThisPhase(type, askedMs) && store.set(keyOf(type, name), text, Math.ceil(ttlMs[type]));
  }

  return {
    keeps,
    maxEntries: settings.store === undefined ? maxEntries : Infinity,
    async get<T extends object>(
      type: CachedType,
      name: string,
      { signal, fresh = false }: QuoteOptions = {},
      load: (signal: AbortSignal | undefined) => Promise<T>,
    ) {
      if (!keeps(type)) return load(signal);
      assertOpen();
      const take = await flights.join(keyOf(type, name), { signal, isNew: fresh }, async (signal, isLatest) => {
        const kept = fresh ? undefined : await readGood(type, name);
        if (kept !== undefined) return copies(stamp(kept), () => stamp(JSON.parse(kept.text)));
        const askedMs = clock.nowMs();
        const value = await load(signal);
        const text = writeEntry({ cachedAtMs: clock.nowMs(), value });
        if (isLatest()) await keep(type, name, text, askedMs);
        return copies(value, () => JSON.parse(text).value);
      });
      return take() as T;
    },
    async read<T extends object>(type: CachedType, names: readonly string[]) {
      assertOpen();
      const kept = await Promise.all(names.map((name) => readGood(type, name)));
      const oldestFirst = kept.filter((it) => it !== undefined).sort((a, b) => a.cachedAtMs - b.cachedAtMs);
      return oldestFirst.map((it) => stamp(it) as T);
    },
    write: (type, name, value, askedMs) => keep(type, name, writeEntry({ cachedAtMs: clock.nowMs(), value }), askedMs),
    hold(work) {
      held.add(work);
      const end = () => held.delete(work);
      work.then(end, end);
    },
    async close() {
      await Promise.allSettled([flights.settle(), ...held]);
    },
  };
}

interface Kept extends Entry<object> {
  readonly text: string;
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
