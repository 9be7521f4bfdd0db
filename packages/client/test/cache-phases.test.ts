import { describe, expect, test } from 'vitest';
import type { CacheOptions, KisClient, Middleware } from '../src/index.ts';
import { startTimeline } from './timeline.ts';

const dayMs = 86_400_000;
const ttlMs = { price: 10 * dayMs, orderBook: 10 * dayMs, chart: 10 * dayMs, stockInfo: 10 * dayMs };
// It is 10:00 of a Friday in Korea when a timeline begins.
const untilCloseMs = 5.5 * 3_600_000;
const untilOpenMs = 23 * 3_600_000;

async function isKept(client: KisClient): Promise<Record<string, boolean>> {
  const [price, book, chart, info] = await Promise.all([
    client.getCurrentPrice('005930'),
    client.getOrderBook('005930'),
    client.getChart('005930', { period: 'day', count: 1 }),
    client.getStockInfo('005930'),
  ]);
  const values = { price, book, chart: chart[0], info };
  return Object.fromEntries(Object.entries(values).map(([name, it]) => [name, it?.cachedAtMs !== undefined]));
}

const all = { price: true, book: true, chart: true, info: true };
const rest = { price: false, book: false, chart: true, info: true };

describe('when the market opens and closes', () => {
  test.each<[CacheOptions['invalidateAt'], object, object]>([
    [undefined, all, all],
    [['open'], all, rest],
    [['close'], rest, all],
    [['open', 'close'], rest, rest],
  ])(
    'with invalidateAt: %j prices and order books of before are asked for anew',
    async (invalidateAt, atClose, atOpen) => {
      const { client, pass, play, clock } = startTimeline({}, { cache: { ttlMs, invalidateAt } });
      const startMs = clock.nowMs();
      const passTo = (ms: number) => pass(startMs + ms - clock.nowMs());
      await play(isKept(client));
      await passTo(untilCloseMs - 1);
      expect(await play(isKept(client))).toEqual(all);
      await passTo(untilCloseMs);
      expect(await play(isKept(client))).toEqual(atClose);
      await passTo(untilOpenMs - 1);
      expect(await play(isKept(client))).toEqual(all);
      await passTo(untilOpenMs);
      expect(await play(isKept(client))).toEqual(atOpen);
    },
  );

  test('what was asked before and is answered after is not kept', async () => {
    const late: Middleware = (next) => async (request) => {
      await new Promise<void>((resolve) => clock.setTimer(1_000, resolve));
      return next(request);
    };
    const { client, clock, pass, play } = startTimeline(
      {},
      { cache: { ttlMs, invalidateAt: ['open', 'close'] }, use: [late] },
    );
    await pass(untilCloseMs - 500);
    await play(isKept(client));
    expect(await play(isKept(client))).toEqual(rest);
    expect(await play(isKept(client))).toEqual(all);
  });
});
