import { describe, expect, test } from 'vitest';
import { startTimeline } from './timeline.ts';

const virtual = () => startTimeline({ environment: 'virtual', symbols: 120 }, { environment: 'virtual' });

describe('a batch on the virtual host', () => {
  test('asks about each stock by itself, a second apart, and says beforehand how long that takes', async () => {
    const { client, fake, events, play } = virtual();
    const codes = fake.symbols.map(({ code }) => code);
    const { stats, success } = await play(client.getCurrentPrices(codes));
    expect(events.find(({ type }) => type === 'batch')).toEqual({
      type: 'batch',
      completed: 0,
      total: 120,
      estimatedMs: 120_000,
    });
    expect(stats).toMatchObject({ succeeded: 120, failed: 0, requests: 120, retried: 0 });
    expect(stats.durationMs).toBeLessThan(125_000);
    expect(fake.log()).toMatchObject({ calls: 120, refusals: 0 });
    expect(success.get('005930')).toMatchObject({ stockCode: '005930', marketCap: expect.any(Number) });
  });

  test('beside another one, and 20 callers, that share its one call a second loses nothing', async () => {
    const { client, fake, play } = virtual();
    const codes = fake.symbols.map(({ code }) => code);
    const batches = [client.getCurrentPrices(codes, { concurrency: 20 }), client.getCurrentPrices(codes)];
    const others = Promise.allSettled(Array.from({ length: 20 }, () => client.getOrderBook('005930')));
    for (const { stats } of await play(Promise.all(batches)))
      expect(stats).toMatchObject({ succeeded: 120, failed: 0 });
    await play(others);
  });
});
