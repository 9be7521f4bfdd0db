import { checkSettings } from '../check.ts';
import type { CacheStore } from './store.ts';

export interface CacheOptions {
  /** Where replies are kept: a `Keyv`, such as one over `@keyv/redis`. It is left open. Default: this client's memory. */
  readonly store?: CacheStore | undefined;
  /** How many replies memory holds; the one that nobody read for longest goes first. Default 10,000. */
  readonly maxEntries?: number | undefined;
  /** For how long a reply is good; 0: not kept. */
  readonly ttlMs?: CacheLifetimes | undefined;
  /** When prices and order books of before are no longer good: at 09:00 and at 15:30 in Korea. Default: at neither. */
  readonly invalidateAt?: readonly MarketMoment[] | undefined;
}

export interface CacheLifetimes {
  /** Default 1,800,000. */
  readonly price?: number | undefined;
  /** Default 10,000. */
  readonly orderBook?: number | undefined;
  /** Default 3,600,000. */
  readonly chart?: number | undefined;
  /** Default 86,400,000. */
  readonly stockInfo?: number | undefined;
}

/** When the market opens (09:00 in Korea), and when it closes (15:30). */
export type MarketMoment = 'open' | 'close';

/** What is kept. */
export type CachedType = keyof CacheLifetimes;

export interface CheckedCache extends CacheOptions {
  readonly maxEntries: number;
  readonly ttlMs: Readonly<Record<CachedType, number>>;
  readonly invalidateAt: readonly MarketMoment[];
}

const defaultTtlMs = { price: 1_800_000, orderBook: 10_000, chart: 3_600_000, stockInfo: 86_400_000 };
const types: readonly CachedType[] = ['price', 'orderBook', 'chart', 'stockInfo'];

/**
 * A cache that is off has lifetimes of 0.
 *
 * @throws TypeError, RangeError naming the option that is wrong.
 */
export function checkCache(given: boolean | CacheOptions | undefined): CheckedCache {
  const isOn = given !== undefined && given !== false;
  const options = isOn && given !== true ? given : {};
  checkSettings('cache', options, ['store', 'maxEntries', 'ttlMs', 'invalidateAt'], 'settings, true or false');
  const { store, maxEntries = 10_000, ttlMs = {}, invalidateAt = [] } = options;
  if (store !== undefined && options.maxEntries !== undefined) {
    throw new TypeError('client: give `cache.store` or `cache.maxEntries`, not both');
  }
  if (store !== undefined && (typeof store?.get !== 'function' || typeof store.set !== 'function')) {
    throw new TypeError('client: `cache.store` must have `get` and `set`, as a Keyv has');
  }
  if (!Number.isInteger(maxEntries) || maxEntries < 1) {
    throw new RangeError(`client: \`cache.maxEntries\` must be an integer >= 1, got ${String(maxEntries)}`);
  }
  checkSettings('cache.ttlMs', ttlMs, types);
  const lifetimeOf = (type: CachedType) => (isOn ? checkLifetime(type, ttlMs[type] ?? defaultTtlMs[type]) : 0);
  return {
    store,
    maxEntries,
    ttlMs: Object.fromEntries(types.map((type) => [type, lifetimeOf(type)])) as CheckedCache['ttlMs'],
    invalidateAt: checkMoments(invalidateAt),
  };
}

function checkLifetime(type: CachedType, value: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new RangeError(`client: \`cache.ttlMs.${type}\` must be a number of milliseconds >= 0, got ${String(value)}`);
  }
  return value;
}

function checkMoments(moments: readonly MarketMoment[]): readonly MarketMoment[] {
  if (!Array.isArray(moments) || moments.some((it) => it !== 'open' && it !== 'close')) {
    throw new TypeError(`client: \`cache.invalidateAt\` must be of 'open' and 'close', got ${String(moments)}`);
  }
  return moments;
}
