import { describe, expect, test } from 'vitest';
import { createNames } from '../src/names.ts';
import { startTimeline } from './timeline.ts';

const name = '삼성전자';

describe('the name of a stock, which a price alone does not tell,', () => {
  test('is not asked for by itself', async () => {
    const { client, fake, play } = startTimeline();
    expect(await play(client.getCurrentPrice('005930'))).toMatchObject({ stockName: undefined });
    expect(fake.log().calls).toBe(1);
  });

  test('is there when many prices or a stock info have told it', async () => {
    for (const environment of ['real', 'virtual'] as const) {
      const { client, play } = startTimeline({ environment }, { environment });
      await play(client.getStockInfo('005930'));
      expect(await play(client.getCurrentPrice('005930'))).toMatchObject({ stockName: name });
      expect((await play(client.getCurrentPrices(['005930']))).success.get('005930')).toMatchObject({
        stockName: name,
      });
    }
    const { client, play } = startTimeline();
    await play(client.getCurrentPrices(['005930', '000660']));
    expect(await play(client.getCurrentPrice('005930'))).toMatchObject({ stockName: name });
    expect(await play(client.getCurrentPrice('035420'))).toMatchObject({ stockName: undefined });
  });

  test('is there when the list of its market has told it', async () => {
    for (const environment of ['real', 'virtual'] as const) {
      const { client, fake, play } = startTimeline({ environment }, { environment });
      await play(client.getSymbols({ market: 'KOSPI' }));
      const price = await play(client.getCurrentPrice('005930', { withName: true }));
      expect(price).toMatchObject({ stockName: name });
      expect(fake.log().calls).toBe(1);
    }
  });

  test('is told by a batch to single calls, also where it took it from a cache that others have filled', async () => {
    const cache = { store: new Map<string, string>() };
    const first = startTimeline({}, { cache });
    await first.play(first.client.getCurrentPrices(['005930']));
    const second = startTimeline({}, { cache });
    await second.pass(1_000);
    const { stats } = await second.play(second.client.getCurrentPrices(['005930'], { withName: true }));
    expect(stats.requests).toBe(0);
    expect(await second.play(second.client.getCurrentPrice('005930'))).toMatchObject({ stockName: name });
  });

  test.each(['real', 'virtual'] as const)('is asked for once by `withName` (%s host)', async (environment) => {
    const { client, fake, play } = startTimeline({ environment }, { environment });
    for (let n = 0; n < 2; n += 1) {
      expect(await play(client.getCurrentPrice('005930', { withName: true }))).toMatchObject({ stockName: name });
    }
    expect(fake.log().calls).toBe(3);
  });

  test('is asked for by a batch on the virtual host with `withName`, which says that it takes twice as long', async () => {
    const environment = 'virtual';
    const { client, fake, events, play } = startTimeline({ environment }, { environment });
    const codes = fake.symbols.map(({ code }) => code);
    const { success } = await play(client.getCurrentPrices(codes, { withName: true }));
    expect([...success.values()].map(({ stockName }) => stockName).sort()).toEqual(
      fake.symbols.map((symbol) => symbol.name).sort(),
    );
    expect(fake.log().calls).toBe(40);
    expect(events.find(({ type }) => type === 'batch')).toMatchObject({ estimatedMs: 40_000 });
  });

  test('is kept of the last 10,000 stocks, and of no more than twice as many', () => {
    const names = createNames();
    for (let n = 0; n < 25_000; n += 1) names.remember(`${n}`, `name ${n}`);
    names.remember('24999', 'a new name');
    expect(['24999', '15000', '4999'].map(names.get)).toEqual(['a new name', 'name 15000', undefined]);
  });
});
