import { describe, expect, test } from 'vitest';
import type { WarmOptions } from '../src/index.ts';
import { startTimeline, type Timeline } from './timeline.ts';

const codesOf = ({ fake }: Timeline) => fake.symbols.map(({ code }) => code);

describe('warmCache', () => {
  test('asks for prices, charts and stock infos of all codes, once each, and tells how many there are', async () => {
    const stage = startTimeline({}, { cache: true });
    const { client, fake, play } = stage;
    await play(client.tokens.getToken());
    const codes = codesOf(stage);
    const report = await play(client.warmCache([...codes, ...codes, '999999'], { types: ['price', 'chart', 'info'] }));
    expect(report).toEqual({
      price: { succeeded: 20, failed: 1 },
      chart: { succeeded: 20, failed: 1 },
      info: { succeeded: 20, failed: 1 },
      durationMs: expect.any(Number),
    });
    // At 18 a second.
    expect(fake.log().calls).toBe(63);
    expect(report.durationMs).toBeGreaterThan(2_000);
    for (const code of codes) {
      expect(await play(client.getCurrentPrice(code))).toHaveProperty('cachedAtMs');
      expect((await play(client.getChart(code, { period: 'day', count: 100 })))[0]).toHaveProperty('cachedAtMs');
      expect(await play(client.getStockInfo(code))).toHaveProperty('cachedAtMs');
    }
    expect(fake.log().calls).toBe(63);
  });

  test('gives whole prices, also to batches, which then know the names that stock infos told', async () => {
    const stage = startTimeline({}, { cache: true });
    const { client, fake, play } = stage;
    await play(client.warmCache(codesOf(stage), { types: ['price', 'info'] }));
    const { calls } = fake.log();
    const { success, stats } = await play(client.getCurrentPrices(codesOf(stage), { withName: true }));
    expect(stats).toMatchObject({ succeeded: 20, requests: 0 });
    for (const { code, name } of fake.symbols) {
      const price = await play(client.getCurrentPrice(code));
      expect(price.marketCap).toBeGreaterThan(0);
      expect(price).toMatchObject({ stockName: name, raw: { output: { stck_shrn_iscd: code } } });
      expect(success.get(code)).toEqual(price);
    }
    expect(fake.log().calls).toBe(calls);
  });

  test('counts as failed what the store has not taken', async () => {
    const map = new Map<string, string>();
    const store = {
      get: (key: string) => map.get(key),
      set: async (key: string, value: string) => (key.includes(':price:') ? false : map.set(key, value)),
    };
    const { client, events, play } = startTimeline({}, { cache: { store } });
    expect(await play(client.warmCache(['005930', '000660'], { types: ['info', 'price'] }))).toMatchObject({
      info: { succeeded: 2, failed: 0 },
      price: { succeeded: 0, failed: 2 },
    });
    expect(events.filter(({ type }) => type === 'cache-failed')).toHaveLength(2);
  });

  test('refuses more than memory has room for, before it asks: the first types would be gone by the end', async () => {
    const stage = startTimeline({}, { cache: { maxEntries: 40 } });
    const { client, fake, play } = stage;
    const codes = codesOf(stage);
    await expect(client.warmCache(codes)).rejects.toEqual(
      new RangeError('client: `cache.maxEntries` must be >= 60 to warm 20 codes of 3 types, got 40'),
    );
    expect(fake.log().calls).toBe(0);
    await play(client.warmCache([...codes, ...codes], { types: ['price', 'info'] }));
    const { calls } = fake.log();
    for (const code of codes) await play(Promise.all([client.getCurrentPrice(code), client.getStockInfo(code)]));
    expect(fake.log().calls).toBe(calls);
  });

  test('leaves it to a store how much it holds', async () => {
    const { client, play } = startTimeline({}, { cache: { store: new Map() } });
    const codes = Array.from({ length: 10_001 }, (_, n) => `no code ${n}`);
    expect(await play(client.warmCache(codes, { types: ['price'] }))).toMatchObject({ price: { failed: 10_001 } });
  });

  test('asks for the types and the charts that are named, and renews what is kept', async () => {
    const { client, clock, pass, play } = startTimeline({}, { cache: true });
    const chart = { period: 'week', count: 10 } as const;
    await play(client.getChart('005930', chart));
    await pass(1_000);
    const report = await play(client.warmCache(['005930'], { types: ['chart'], chart }));
    expect(report).toEqual({ chart: { succeeded: 1, failed: 0 }, durationMs: expect.any(Number) });
    expect((await play(client.getChart('005930', chart)))[0]?.cachedAtMs).toBe(clock.nowMs());
  });

  test('passes over a type that is not kept', async () => {
    const { client, fake, play } = startTimeline({}, { cache: { ttlMs: { price: 0, stockInfo: 0 } } });
    expect(await play(client.warmCache(['005930']))).toEqual({
      chart: { succeeded: 1, failed: 0 },
      durationMs: expect.any(Number),
    });
    expect(fake.log().calls).toBe(1);
  });

  test('asks the virtual host, too', async () => {
    const { client, fake, play } = startTimeline({ environment: 'virtual' }, { environment: 'virtual', cache: true });
    expect(await play(client.warmCache(['005930', '000660']))).toMatchObject({
      price: { succeeded: 2 },
      chart: { succeeded: 2 },
      info: { succeeded: 2 },
    });
    expect(fake.log().calls).toBe(8);
  });

  test('ends at once with what every code would meet', async () => {
    const stage = startTimeline({}, { cache: true });
    const { client, fake, play } = stage;
    fake.control({ failNext: { count: 1_000, path: 'tokenP', kisCode: 'EGW00103', status: 403 } });
    await play(expect(client.warmCache(codesOf(stage))).rejects.toMatchObject({ code: 'ERR_TOKEN_ISSUE' }));
    expect(fake.log().calls).toBe(0);
  });

  test('ends with the reason of its signal, and keeps what it has', async () => {
    const stage = startTimeline({}, { cache: true });
    const { client, fake, pass, play } = stage;
    const controller = new AbortController();
    const ended = expect(client.warmCache(codesOf(stage), { types: ['info'], signal: controller.signal })).rejects.toBe(
      'enough',
    );
    await pass(500);
    controller.abort('enough');
    await ended;
    const { calls } = fake.log();
    expect(calls).toBeGreaterThan(0);
    expect(calls).toBeLessThan(20);
    expect(await play(client.getStockInfo(codesOf(stage)[0] ?? ''))).toHaveProperty('cachedAtMs');
  });

  test.each<[unknown, string]>([
    [{ type: ['price'] }, 'client: `options.type` is no setting; there are `types`, `chart`, `signal`'],
    [{ types: ['prices'] }, "client: `types` must be one of 'price', 'chart', 'info', got prices"],
    [{ types: 'price' }, 'client: `types` must be an array, got price'],
    [{ chart: { period: 'year', count: 1 } }, 'client: `period` must be one of'],
  ])('refuses %j by name', async (options, message) => {
    const { client } = startTimeline({}, { cache: true });
    await expect(client.warmCache([], options as WarmOptions)).rejects.toThrow(message);
    expect(() => client.warmDaily('08:30', [], options as WarmOptions)).toThrow(message);
  });

  test('takes no text for a list of codes', async () => {
    const { client } = startTimeline({}, { cache: true });
    const message = "client: `codes` must be an array or another iterable of codes, got '005930'";
    await expect(client.warmCache('005930')).rejects.toThrow(message);
    expect(() => client.warmDaily('08:30', '005930')).toThrow(message);
  });

  test('refuses to warm a cache that is off, or of a client that is closed', async () => {
    const { client } = startTimeline();
    await expect(client.warmCache(['005930'])).rejects.toThrow('client: `warmCache` needs the option `cache`');
    expect(() => client.warmDaily('08:30', [])).toThrow('client: `warmDaily` needs the option `cache`');
    const closed = startTimeline({}, { cache: true }).client;
    await closed.close();
    await expect(closed.warmCache(['005930'])).rejects.toThrow('The client is closed');
    expect(() => closed.warmDaily('08:30', [])).toThrow('The client is closed');
  });
});
