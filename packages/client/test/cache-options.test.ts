import { createFakeKis } from '@kis/mock';
import { createMemoryStorage } from '@kis/token-core';
import { describe, expect, test } from 'vitest';
import { createKisClient, createKisClientFromEnv, type FromEnvOverrides, type KisClientOptions } from '../src/index.ts';
import { appKey, appSecret } from './harness.ts';
import { startTimeline } from './timeline.ts';

describe('the option `cache`', () => {
  test.each<[unknown, string]>([
    ['memory', "client: `cache` must be settings, true or false, got 'memory'"],
    [null, 'client: `cache` must be settings, true or false, got null'],
    [[], 'client: `cache` must be settings, true or false, got []'],
    [
      { maxEntry: 5 },
      'client: `cache.maxEntry` is no setting; there are `store`, `maxEntries`, `ttlMs`, `invalidateAt`',
    ],
    [{ url: 'redis://:testsecret+/=@127.0.0.1' }, 'client: `cache.url` is no setting; there are `store`'],
    [
      { ttlMs: { orderbook: 0 } },
      'client: `cache.ttlMs.orderbook` is no setting; there are `price`, `orderBook`, `chart`, `stockInfo`',
    ],
    [{ store: 'redis://127.0.0.1' }, 'client: `cache.store` must have `get` and `set`, as a Keyv has'],
    [{ store: null }, 'client: `cache.store` must have `get` and `set`, as a Keyv has'],
    [{ store: new Map(), maxEntries: 5 }, 'client: give `cache.store` or `cache.maxEntries`, not both'],
    [{ maxEntries: 0 }, 'client: `cache.maxEntries` must be an integer >= 1, got 0'],
    [{ maxEntries: Infinity }, 'client: `cache.maxEntries` must be an integer >= 1, got Infinity'],
    [{ ttlMs: 5_000 }, 'client: `cache.ttlMs` must be settings, got 5000'],
    [{ ttlMs: { price: -1 } }, 'client: `cache.ttlMs.price` must be a number of milliseconds >= 0, got -1'],
    [{ ttlMs: { chart: '5' } }, 'client: `cache.ttlMs.chart` must be a number of milliseconds >= 0, got 5'],
    [
      { ttlMs: { orderBook: Infinity } },
      'client: `cache.ttlMs.orderBook` must be a number of milliseconds >= 0, got Infinity',
    ],
    [{ invalidateAt: 'open' }, "client: `cache.invalidateAt` must be of 'open' and 'close', got open"],
    [{ invalidateAt: ['noon'] }, "client: `cache.invalidateAt` must be of 'open' and 'close', got noon"],
  ])('%o is refused by name, beside an environment, too', async (cache, message) => {
    const options = { appKey, appSecret, environment: 'real', cache } as KisClientOptions;
    expect(() => createKisClient(options)).toThrow(message);
    const given = { ...options, env: {}, storage: createMemoryStorage() };
    await expect(createKisClientFromEnv(given)).rejects.toThrow(message);
  });
});

const names = ['KIS_CACHE_TTL_PRICE', 'KIS_CACHE_TTL_ORDERBOOK', 'KIS_CACHE_TTL_CHART', 'KIS_CACHE_TTL_STOCK_INFO'];

/** How long each type is kept, in whole seconds of up to 9, by a client of what the environment says. */
async function lifetimes(values: readonly string[], cache: FromEnvOverrides['cache']): Promise<number[]> {
  const { fake, clock, pass, play } = startTimeline({ limit: 1_000 });
  const keys = { KIS_APP_KEY: appKey, KIS_APP_SECRET: appSecret, KIS_USE_VIRTUAL_SERVER: 'false' };
  const env = { ...keys, ...Object.fromEntries(names.map((name, index) => [name, values[index]])) };
  const given = { env, dispatcher: fake.dispatcher, clock, storage: createMemoryStorage(), cache };
  const client = await createKisClientFromEnv(given);
  await play(client.tokens.getToken());
  const reads: (() => Promise<{ readonly cachedAtMs?: number | undefined } | undefined>)[] = [
    () => client.getCurrentPrice('005930'),
    () => client.getOrderBook('005930'),
    async () => (await client.getChart('005930', { period: 'day', count: 1 }))[0],
    () => client.getStockInfo('005930'),
  ];
  const lasted: number[] = [];
  for (const read of reads) {
    await play(read());
    let seconds = 0;
    while (seconds < 9 && (await play(read()))?.cachedAtMs !== undefined) {
      await pass(1_000);
      seconds += 1;
    }
    lasted.push(seconds);
  }
  await client.close();
  return lasted;
}

describe('the environment', () => {
  test.each<[string[], FromEnvOverrides['cache'], number[]]>([
    [['1', '2', '3', '4.0'], true, [1, 2, 3, 4]],
    [['0', '2', '0', '0'], true, [0, 2, 0, 0]],
    [['1', '2', ' ', ''], {}, [1, 2, 9, 9]],
    [['1', '2', '3', 'bad'], { ttlMs: { price: 5_000, stockInfo: 0 } }, [5, 2, 3, 0]],
  ])('KIS_CACHE_TTL_… %j with cache: %j keeps for %j seconds', async (values, cache, seconds) => {
    expect(await lifetimes(values, cache)).toEqual(seconds);
  });

  test.each([undefined, false])('turns no cache on: with cache: %j lifetimes are not looked at', async (cache) => {
    expect(await lifetimes(['5', '5', '-5', 'bad'], cache)).toEqual([0, 0, 0, 0]);
  });

  test('names every bad lifetime in the one error, and shows none', async () => {
    const { dispatcher } = createFakeKis();
    const env = {
      KIS_APP_KEY: appKey,
      KIS_APP_SECRET: appSecret,
      ...Object.fromEntries(names.map((name, index) => [name, ['-1', '1e3', '30m', `1${'0'.repeat(400)}`][index]])),
    };
    const error = await createKisClientFromEnv({ env, dispatcher, cache: true }).catch((it) => it);
    const rules = names.map((name) => `${name} must be a number of seconds >= 0`).join('; ');
    expect(error).toEqual(new TypeError(`client: the environment is not usable: ${rules}`));
  });
});
