import { createEnvNumbers } from '../env-number.ts';
import { type CacheOptions, checkCache } from './cache-options.ts';

/** Lifetimes by the environment, looked at for a cache that was asked for alone; those that were given count more. */
export function readEnvCache(
  read: (name: string) => string | undefined,
  given: boolean | CacheOptions | undefined,
  faults: string[],
): boolean | CacheOptions | undefined {
  checkCache(given);
  if (given === undefined || given === false) return given;
  const options = given === true ? {} : given;
  const { price, orderBook, chart, stockInfo } = options.ttlMs ?? {};
  const numbers = createEnvNumbers(read, faults);

  function readTtlMs(name: string): number | undefined {
    return numbers.readMs(name, (seconds) => seconds >= 0, 'a number of seconds >= 0');
  }

  return {
    ...options,
    ttlMs: {
      price: price ?? readTtlMs('KIS_CACHE_TTL_PRICE'),
      orderBook: orderBook ?? readTtlMs('KIS_CACHE_TTL_ORDERBOOK'),
      chart: chart ?? readTtlMs('KIS_CACHE_TTL_CHART'),
      stockInfo: stockInfo ?? readTtlMs('KIS_CACHE_TTL_STOCK_INFO'),
    },
  };
}
