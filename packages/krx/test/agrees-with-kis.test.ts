import { createKisClient } from '@kis/client';
import { createFakeKis } from '@kis/mock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createKrxSource } from '../src/index.ts';
import { apiKey, korea } from './harness.ts';

/** Both sides of one fake market. */
function open(time: string) {
  const clock = { nowMs: () => korea(time), monotonicMs: () => performance.now(), setTimer: () => () => {} };
  const fake = createFakeKis({ symbols: 120, limit: 1_000, clock });
  const keys = { appKey: 'PSkeyOfTheTests', appSecret: 'testsecret+/=', environment: 'real' } as const;
  const kis = createKisClient({ ...keys, dispatcher: fake.dispatcher });
  const krx = createKrxSource({ apiKey, dispatcher: fake.dispatcher, clock });
  onTestFinished(async () => {
    await kis.close();
    await krx.close();
  });
  return { fake, kis, krx };
}

describe('KRX and KIS', () => {
  test.each(['day', 'week', 'month'] as const)('give the same candles by %s', async (period) => {
    // Before the open, when the newest session of both is the one that was published this morning.
    const { kis, krx } = open('2026-11-20T08:30:00');
    for (const code of ['005930', '247540', '069500', '140610', '00088K']) {
      const asked = { period, count: period === 'month' ? 5 : 25 };
      const ofKis = await kis.getChart(code, { ...asked, adjusted: false });
      expect(ofKis).toHaveLength(asked.count);
      expect(await krx.getChart(code, asked)).toEqual(ofKis);
    }
  });

  test('give candles as they were traded before a split', async () => {
    const { kis, krx } = open('2018-05-08T08:30:00');
    const ofKis = await kis.getChart('005930', { period: 'day', count: 5, adjusted: false });
    expect(await krx.getChart('005930', { period: 'day', count: 5 })).toEqual(ofKis);
    expect(Number(ofKis.at(-1)?.closePrice) / Number(ofKis[0]?.closePrice)).toBeGreaterThan(30);
  });

  test('give the same price after the close, once it is published', async () => {
    const { kis, krx } = open('2026-11-21T09:00:00');
    for (const code of ['005930', '247540', '069500', '140610']) {
      const { raw, timestampMs, stockName, marketCap, ...ofKrx } = await krx.getCurrentPrice(code);
      expect(await kis.getCurrentPrice(code)).toMatchObject(ofKrx);
      expect(timestampMs).toBe(korea('2026-11-20T15:30:00'));
      expect(raw).toMatchObject({ ISU_CD: code, BAS_DD: '20261120' });
      expect(Number(raw.TDD_CLSPRC) * Number(raw.LIST_SHRS)).toBe(marketCap);
    }
  });

  test('tell the same of a stock, but for its sector', async () => {
    const { kis, krx } = open('2026-11-21T09:00:00');
    for (const code of ['005930', '005935', '247540', '140610']) {
      const { stockName, market, listedShares, faceValue } = await kis.getStockInfo(code);
      expect(await krx.getStockInfo(code)).toMatchObject({ stockName, market, listedShares, faceValue });
    }
  });
});
