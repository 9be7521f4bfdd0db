import { describe, expect, test } from 'vitest';
import type { KisClient } from '../src/index.ts';
import { startTimeline } from './timeline.ts';

describe('charts of many stocks', () => {
  test('are those of each stock, ten calls at once, within the limit of calls', async () => {
    const { client, fake, events, play } = startTimeline({ symbols: 200 });
    const codes = fake.symbols.map(({ code }) => code);
    await play(client.tokens.getToken());
    const { success, failed, stats } = await play(client.getCharts([...codes, ...codes], { period: 'day', count: 30 }));
    expect([success.size, failed.size]).toEqual([200, 0]);
    expect(stats).toMatchObject({ total: 200, requests: 200, retried: 0 });
    expect(stats.durationMs).toBeLessThan(12_000);
    expect(fake.log()).toMatchObject({ calls: 200, refusals: 0 });
    const [, ...alone] = await play(client.getChart('005930', { period: 'day', count: 30 }));
    // The first candle grows.
    expect(success.get('005930')?.slice(1)).toEqual(alone);
    expect(events.filter(({ type }) => type === 'batch')).toEqual([
      { type: 'batch', completed: 0, total: 200, estimatedMs: 11_112 },
      { type: 'batch', completed: 100, total: 200, estimatedMs: 5_556 },
      { type: 'batch', completed: 200, total: 200, estimatedMs: 0 },
    ]);
  });

  test.each([
    [{ period: 'week', count: 250 }, 'real', 3],
    [{ period: '1m', count: 20 }, 'real', 1],
    [{ period: '5m', count: 60 }, 'real', 4],
    [{ period: '30m', count: 3 }, 'virtual', 3],
  ] as const)(
    '%j say beforehand how long they take (%s host: %i calls a stock)',
    async (options, environment, calls) => {
      const { client, events, play } = startTimeline({ environment }, { environment, rateLimiter: { limit: 10 } });
      await play(client.getCharts(['005930', '000660'], options));
      expect(events.find(({ type }) => type === 'batch')).toMatchObject({ total: 2, estimatedMs: 200 * calls });
    },
  );

  test('take as long as the limiter makes them, whatever the way does: no call of it is lost between two', async () => {
    async function timeOf(batch: (client: KisClient, codes: readonly string[]) => Promise<unknown>): Promise<number> {
      const { client, clock, fake, play } = startTimeline({ symbols: 200, jitterMs: 30 });
      await play(client.tokens.getToken());
      const sinceMs = clock.nowMs();
      await play(
        batch(
          client,
          fake.symbols.map(({ code }) => code),
        ),
      );
      expect(fake.log()).toMatchObject({ calls: 200, refusals: 0 });
      return clock.nowMs() - sinceMs;
    }
    const options = { period: 'day', count: 1 } as const;
    const alone = await timeOf((client, codes) => Promise.all(codes.map((code) => client.getChart(code, options))));
    const batch = await timeOf((client, codes) => client.getCharts(codes, options));
    expect(batch).toBeLessThan(alone + 10);
  });

  test('of one bad code fail for it alone', async () => {
    const { client, play } = startTimeline();
    const { success, failed } = await play(client.getCharts(['005930', 'ZZZZZZ', 'x'], { period: 'day', count: 1 }));
    expect([...success.keys()]).toEqual(['005930']);
    expect(failed.get('ZZZZZZ')).toMatchObject({ code: 'ERR_KIS_API' });
    expect(failed.get('x')).toBeInstanceOf(TypeError);
  });

  test('come as a stream, too', async () => {
    const { client, play } = startTimeline();
    const seen: unknown[] = [];
    async function read(): Promise<void> {
      const options = { period: 'day', count: 2, concurrency: 1 } as const;
      for await (const { code, value } of client.streamCharts(['005930', '000660'], options)) {
        seen.push([code, value?.length]);
      }
    }
    await play(read());
    expect(seen).toEqual([
      ['005930', 2],
      ['000660', 2],
    ]);
  });

  test.each([
    [{ period: '3m', count: 1 }, /`period` must be one of .*, got 3m/],
    [{ period: 'day', count: 0 }, /`count` must be an integer >= 1, got 0/],
    [{ period: 'day', count: 1, concurrency: Number.NaN }, /`concurrency` must be an integer >= 1, got NaN/],
  ])('with %j are refused by name, before any call', async (options, message) => {
    const { client, fake } = startTimeline();
    await expect(client.getCharts(['005930'], options as never)).rejects.toThrow(message);
    expect(() => client.streamCharts(['005930'], options as never)).toThrow(message);
    expect(fake.log().calls).toBe(0);
  });
});
