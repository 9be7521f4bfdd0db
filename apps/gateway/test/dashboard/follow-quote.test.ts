import { describe, expect, test } from 'vitest';
import type { Quote } from '../../src/live/events.ts';
import type { Candle } from '../../web/src/chart/candle.ts';
import { followQuote } from '../../web/src/chart/follow-quote.ts';

const FIVE_MINUTES_MS = 300_000;
const startMs = Date.UTC(2026, 10, 27, 1, 0);
const newest: Candle = {
  date: '20261127',
  startMs,
  openPrice: 100,
  highPrice: 105,
  lowPrice: 99,
  closePrice: 101,
  volume: 50,
};
const older: Candle = { ...newest, date: '20261126', closePrice: 98 };
const before: Quote = {
  stockCode: '005930',
  currentPrice: 101,
  changePrice: 3,
  changeRate: 3.06,
  openPrice: 100,
  highPrice: 105,
  lowPrice: 99,
  volume: 5_000,
  tradingValue: 500_000,
  timestampMs: startMs + 60_000,
};

describe('the chart’s last candle', () => {
  test('takes the price of a later quote, and the volume of the day', () => {
    const quote = { ...before, currentPrice: 107, volume: 5_010 };
    expect(followQuote([newest, older], { quote, before, period: 'day' })).toEqual([
      { ...newest, closePrice: 107, highPrice: 107, volume: 5_010 },
      older,
    ]);
  });

  test('of a longer or shorter period grows by what was traded since', () => {
    const quote = { ...before, currentPrice: 97, volume: 5_010 };
    for (const period of ['5m', 'week', 'month'] as const) {
      expect(followQuote([newest], { quote, before, period })[0]).toEqual({
        ...newest,
        closePrice: 97,
        lowPrice: 97,
        volume: 60,
      });
    }
  });

  test('is followed by a new one after five minutes', () => {
    const quote = { ...before, currentPrice: 103, volume: 5_007, timestampMs: startMs + FIVE_MINUTES_MS + 1 };
    const [next, ...rest] = followQuote([newest], { quote, before, period: '5m' });
    expect(next).toEqual({
      date: '20261127',
      startMs: startMs + FIVE_MINUTES_MS,
      openPrice: 103,
      highPrice: 103,
      lowPrice: 103,
      closePrice: 103,
      volume: 7,
    });
    expect(rest).toEqual([newest]);
  });

  test('stays as it is while nothing is traded, as after the close', () => {
    const candles = [newest];
    const quote = { ...before, timestampMs: startMs + 2 * FIVE_MINUTES_MS };
    expect(followQuote(candles, { quote, before, period: '5m' })).toBe(candles);
  });
});
