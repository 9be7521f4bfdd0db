import { describe, expect, test } from 'vitest';
import type { KisClient, Middleware, QuoteOptions } from '../src/index.ts';
import { startTimeline, times } from './timeline.ts';

type Read = (client: KisClient, options?: QuoteOptions) => Promise<{ readonly cachedAtMs?: number | undefined }>;

const reads: Record<string, Read> = {
  price: (client, options) => client.getCurrentPrice('005930', options),
  'order book': (client, options) => client.getOrderBook('005930', options),
  chart: async (client, options) => {
    const candles = await client.getChart('005930', { period: 'day', count: 5, ...options });
    expect(new Set(candles.map(({ cachedAtMs }) => cachedAtMs)).size).toBe(1);
    return candles[0] ?? {};
  },
  'stock info': (client, options) => client.getStockInfo('005930', options),
};
const price = reads.price as Read;

/** Holds each call back until it is let go, in any order. */
function createGate() {
  const held: (() => void)[] = [];
  const gate: Middleware = (next) => async (request) => {
    await new Promise<void>((resolve) => held.push(resolve));
    return next(request);
  };
  return { gate, held };
}

describe('the cache', () => {
  test.each(Object.keys(reads))('is off unless it is asked for: each %s is a call', async (type) => {
    for (const cache of [undefined, false]) {
      const { fake, client, play } = startTimeline({}, { cache });
      for (let n = 1; n <= 2; n += 1) {
        expect(await play((reads[type] as Read)(client))).not.toHaveProperty('cachedAtMs');
        expect(fake.log().calls).toBe(n);
      }
    }
  });

  test.each([
    ['price', 1_800],
    ['order book', 10],
    ['chart', 3_600],
    ['stock info', 86_400],
  ] as const)('keeps every %s for %i seconds, and says since when', async (type, seconds) => {
    const { fake, client, clock, pass, play } = startTimeline({}, { cache: true });
    const read = reads[type] as Read;
    const first = await play(read(client));
    const keptAtMs = clock.nowMs();
    expect(first.cachedAtMs).toBeUndefined();
    await pass(seconds * 1_000 - 1);
    expect(await play(read(client))).toEqual({ ...first, cachedAtMs: keptAtMs });
    expect(fake.log().calls).toBe(1);
    await pass(1);
    expect((await play(read(client))).cachedAtMs).toBeUndefined();
    expect(fake.log().calls).toBe(2);
  });

  test('keeps what it is told to for as long as it is told to, and nothing for 0', async () => {
    const { fake, client, pass, play } = startTimeline({}, { cache: { ttlMs: { price: 2_000, orderBook: 0 } } });
    const read = async () => [await client.getCurrentPrice('005930'), await client.getOrderBook('005930')];
    await play(read());
    await play(read());
    expect(fake.log().calls).toBe(3);
    await pass(2_000);
    await play(read());
    expect(fake.log().calls).toBe(5);
  });

  test.each(Object.keys(reads))('with { fresh: true } asks KIS for the %s, and keeps the answer', async (type) => {
    const { fake, client, clock, pass, play } = startTimeline({}, { cache: true });
    const read = reads[type] as Read;
    await play(read(client));
    await pass(1_000);
    expect((await play(read(client, { fresh: true }))).cachedAtMs).toBeUndefined();
    expect((await play(read(client))).cachedAtMs).toBe(clock.nowMs());
    expect(fake.log().calls).toBe(2);
  });

  test.each(Object.keys(reads))('a thousand who miss the same %s at once cost one call', async (type) => {
    const { fake, client, play } = startTimeline({}, { cache: true });
    const read = reads[type] as Read;
    const values = await play(Promise.all(times(1_000, () => read(client))));
    expect(fake.log().calls).toBe(1);
    expect(values.every(({ cachedAtMs }) => cachedAtMs === undefined)).toBe(true);
    expect(values[999]).toEqual(values[0]);
  });

  test('gives to each a value of their own: what one does to it, no other sees', async () => {
    const { client, play } = startTimeline({}, { cache: true });
    const plain = startTimeline();
    const expected = await plain.play(plain.client.getChart('005930', { period: 'day', count: 3 }));
    const read = () => play(client.getChart('005930', { period: 'day', count: 3 }));
    const together = await play(Promise.all(times(3, () => client.getChart('005930', { period: 'day', count: 3 }))));
    for (const candles of [...together, await read(), await read()]) {
      expect(candles.map(({ cachedAtMs, ...candle }) => candle)).toEqual(expected);
      candles.reverse();
      Object.assign(candles[0] ?? {}, { closePrice: -1 });
    }
    const { raw } = await play(client.getCurrentPrice('005930'));
    const untouched = structuredClone(raw);
    Object.assign(raw, { output: 'mine' });
    expect((await play(client.getCurrentPrice('005930'))).raw).toEqual(untouched);
  });

  test('one who aborts leaves, and the others have their answer by the same call', async () => {
    const { fake, client, pass, play } = startTimeline({}, { cache: true });
    const [first, second] = [new AbortController(), new AbortController()];
    const leaving = [first, second].map(({ signal }) => expect(price(client, { signal })).rejects.toBe('enough'));
    const staying = price(client);
    await pass(110);
    first.abort('enough');
    second.abort('enough');
    await Promise.all(leaving);
    expect(await play(staying)).toMatchObject({ stockCode: '005930' });
    expect(fake.log().calls).toBe(1);
    await expect(price(client, { signal: first.signal })).rejects.toBe('enough');
  });

  test('when all have aborted the call is, too, and whoever comes then has one of their own', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const watch: Middleware = (next) => (request) => {
      signals.push(request.signal);
      return next(request);
    };
    const { client, pass, play } = startTimeline({}, { cache: true, use: [watch] });
    const controller = new AbortController();
    const leaving = times(2, () => expect(price(client, { signal: controller.signal })).rejects.toBe('enough'));
    await pass(110);
    controller.abort('enough');
    const late = price(client);
    await Promise.all(leaving);
    expect((await play(late)).cachedAtMs).toBeUndefined();
    expect(signals.map((it) => it?.reason)).toEqual(['enough', undefined]);
  });

  test('keeps no error: the next one asks again', async () => {
    const { fake, client, play } = startTimeline({}, { cache: true, retry: false });
    fake.control({ failNext: { count: 1, path: 'inquire-price', kisCode: 'EGW00001' } });
    const failures = await play(Promise.allSettled(times(2, () => price(client))));
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await play(price(client))).toMatchObject({ stockCode: '005930' });
    expect(fake.log().calls).toBe(2);
    for (let n = 3; n <= 4; n += 1) {
      await play(expect(client.getCurrentPrice('999999')).rejects.toThrow());
      expect(fake.log().calls).toBe(n);
    }
    await expect(client.getCurrentPrice('5930')).rejects.toThrow(TypeError);
  });

  test('an answer that was overtaken by a fresh one is not kept', async () => {
    const { gate, held } = createGate();
    const { client, clock, pass, play } = startTimeline({}, { cache: true, use: [gate] });
    const slow = price(client);
    await pass(1);
    const fresh = price(client, { fresh: true });
    await pass(1);
    held[1]?.();
    await play(fresh);
    const keptAtMs = clock.nowMs();
    await pass(1_000);
    held[0]?.();
    await play(slow);
    expect((await play(price(client))).cachedAtMs).toBe(keptAtMs);
  });

  test('cuts no chart from another', async () => {
    const { fake, client, play } = startTimeline({}, { cache: true });
    const day = { period: 'day', count: 5 } as const;
    const kinds = [day, { ...day, count: 6 }, { ...day, period: 'week' as const }, { ...day, adjusted: false }];
    for (const options of kinds)
      expect((await play(client.getChart('005930', options)))[0]).not.toHaveProperty('cachedAtMs');
    expect(fake.log().calls).toBe(4);
    await play(client.getChart('005930', { ...day, adjusted: true }));
    expect(fake.log().calls).toBe(4);
  });

  test('forgets what nobody has read for longest when it is full', async () => {
    const { fake, client, play } = startTimeline({}, { cache: { maxEntries: 2 } });
    const [a, b, c] = fake.symbols.map(({ code }) => code) as [string, string, string];
    for (const code of [a, b, a, c, a]) await play(client.getCurrentPrice(code));
    expect(fake.log().calls).toBe(3);
    await play(client.getCurrentPrice(b));
    expect(fake.log().calls).toBe(4);
  });

  test('gives nothing after the client was closed', async () => {
    const { client, play } = startTimeline({}, { cache: true });
    await play(price(client));
    await client.close();
    await expect(price(client)).rejects.toThrow('The client is closed');
    const { success, stoppedBy } = await play(client.getCurrentPrices(['005930']));
    expect([success.size, stoppedBy]).toEqual([0, expect.objectContaining({ message: 'The client is closed' })]);
  });

  test('adds the name to a price that is kept without one, where that is asked for', async () => {
    const { fake, client, play } = startTimeline({}, { cache: true });
    await play(price(client));
    const named = await play(client.getCurrentPrice('005930', { withName: true }));
    expect(named.stockName).toBeTypeOf('string');
    expect(named.cachedAtMs).toBeTypeOf('number');
    expect(fake.log().calls).toBe(2);
  });
});
