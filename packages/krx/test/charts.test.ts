import { describe, expect, test } from 'vitest';
import { type Answers, korea, kospi, type Row, row, startSource, weekdays } from './harness.ts';

interface Day {
  readonly date: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly value: number;
}

const rowOf = ({ date, open, high, low, close, volume, value }: Day): Row =>
  row({
    BAS_DD: date,
    TDD_OPNPRC: `${open}`,
    TDD_HGPRC: `${high}`,
    TDD_LWPRC: `${low}`,
    TDD_CLSPRC: `${close}`,
    ACC_TRDVOL: `${volume}`,
    ACC_TRDVAL: `${value}`,
  });

/** Days of invented prices, each with other ones; some weekdays are holidays, and a few days pass without a trade. */
function inventDays(first: string, last: string): Day[] {
  let state = 7;
  const random = (n: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % n;
  };
  let close = 10_000;
  return weekdays(first, last)
    .filter(() => random(12) > 0)
    .map((date) => {
      if (random(15) === 0) return { date, open: 0, high: 0, low: 0, close, volume: 0, value: 0 };
      const open = close + random(301) - 150;
      close = open + random(401) - 200;
      const high = Math.max(open, close) + random(100);
      const low = Math.min(open, close) - random(100);
      const volume = random(1_000_000);
      return { date, open, high, low, close, volume, value: volume * close };
    });
}

const answersOf = (days: readonly Day[]): Answers =>
  kospi(Object.fromEntries(days.map((day) => [day.date, [rowOf(day)]])));

/** By the calendar of the platform, oldest first and one by one: nothing of the source's own. */
function candlesOf(days: readonly Day[], period: 'day' | 'week' | 'month') {
  const keyOf = (date: string): string => {
    if (period === 'day') return date;
    if (period === 'month') return date.slice(0, 6);
    const day = new Date(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`);
    while (day.getUTCDay() !== 1) day.setUTCDate(day.getUTCDate() - 1);
    return day.toISOString();
  };
  const candles = new Map<string, Record<string, unknown> & { lows: number[]; highs: number[] }>();
  for (const { date, open, high, low, close, volume, value } of days) {
    const key = keyOf(date);
    const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
    const candle = candles.get(key) ?? {
      date,
      startMs: korea(`${iso}T00:00:00`),
      volume: 0,
      tradingValue: 0,
      lows: [],
      highs: [],
    };
    if (open > 0) {
      candle.openPrice ??= open;
      candle.highs.push(high);
      candle.lows.push(low);
    }
    candle.closePrice = close;
    candle.volume = Number(candle.volume) + volume;
    candle.tradingValue = Number(candle.tradingValue) + value;
    candles.set(key, candle);
  }
  return [...candles.values()]
    .map(({ lows, highs, ...candle }) => ({
      stockCode: '095570',
      ...candle,
      openPrice: candle.openPrice ?? candle.closePrice,
      highPrice: highs.length > 0 ? Math.max(...highs) : candle.closePrice,
      lowPrice: lows.length > 0 ? Math.min(...lows) : candle.closePrice,
    }))
    .reverse();
}

const days = inventDays('2023-09-04', '2024-03-15');
const now = '2024-03-16T09:00:00';

describe('getChart', () => {
  test.each([
    ['day', 1],
    ['day', 37],
    ['day', 1_000],
    ['week', 1],
    ['week', 11],
    ['week', 1_000],
    ['month', 1],
    ['month', 4],
    ['month', 1_000],
  ] as const)('by %s, %i of them, is what the days make of it', async (period, count) => {
    const { source } = await startSource(answersOf(days), now);
    const expected = candlesOf(days, period).slice(0, count);
    expect(await source.getChart('095570', { period, count })).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
  });

  test('asks for no day that is in none of its candles', async () => {
    const { source, calls } = await startSource(answersOf(days), now);
    const week = await source.getChart('095570', { period: 'week', count: 2 });
    expect(week).toHaveLength(2);
    expect(calls.map(({ date }) => date).sort()).toEqual(weekdays('2024-03-04', '2024-03-15'));
    await source.getChart('095570', { period: 'month', count: 1 });
    expect(calls.map(({ date }) => date).sort()).toEqual(weekdays('2024-03-01', '2024-03-15'));
  });

  test('asks once about a day, whatever is asked of it', async () => {
    const { source, calls } = await startSource(answersOf(days), now);
    await source.getCurrentPrice('095570');
    for (const period of ['day', 'week', 'month', 'day'] as const) {
      await source.getChart('095570', { period, count: 3 });
    }
    const asked = calls.map(({ service, date }) => `${service} ${date}`);
    expect(asked).toHaveLength(new Set(asked).size);
  });

  test('a day without a trade is its close, four times, and gives a week no price', async () => {
    const quiet = { open: 0, high: 0, low: 0, volume: 0, value: 0 };
    const { source } = await startSource(
      answersOf([
        { ...quiet, date: '20240102', close: 900 },
        { date: '20240103', open: 500, high: 520, low: 480, close: 510, volume: 7, value: 3_500 },
        { ...quiet, date: '20240104', close: 510 },
      ]),
      '2024-01-05T10:00:00',
    );
    const prices = ['openPrice', 'highPrice', 'lowPrice', 'closePrice', 'volume'] as const;
    const read = async (period: 'day' | 'week') =>
      (await source.getChart('095570', { period, count: 3 })).map((candle) => prices.map((name) => candle[name]));
    expect(await read('day')).toEqual([
      [510, 510, 510, 510, 0],
      [500, 520, 480, 510, 7],
      [900, 900, 900, 900, 0],
    ]);
    expect(await read('week')).toEqual([[500, 520, 480, 510, 7]]);
  });

  test('a day on which KRX gives no close has no candle', async () => {
    const { source } = await startSource(
      kospi({
        '20240103': [row({ BAS_DD: '20240103' })],
        '20240104': [row({ BAS_DD: '20240104', TDD_CLSPRC: '-' })],
        '20240105': [row({ BAS_DD: '20240105' })],
      }),
      '2024-01-06T10:00:00',
    );
    const chart = await source.getChart('095570', { period: 'day', count: 2 });
    expect(chart.map(({ date }) => date)).toEqual(['20240105', '20240103']);
  });

  test('ends where the stock was not listed yet', async () => {
    const other = (date: string) => row({ BAS_DD: date, ISU_CD: '005930' });
    const { source, calls } = await startSource(
      kospi(
        Object.fromEntries(
          weekdays('2024-01-01', '2024-03-15').map((date) => [
            date,
            date < '20240311' ? [other(date)] : [other(date), row({ BAS_DD: date })],
          ]),
        ),
      ),
      now,
    );
    const chart = await source.getChart('095570', { period: 'day', count: 100 });
    expect(chart.map(({ date }) => date)).toEqual(weekdays('2024-03-11', '2024-03-15').reverse());
    expect(calls.filter(({ date }) => date < '20240304')).toEqual([]);
  });

  test('goes on where the stock was before, when it came from another market', async () => {
    const moved = '20240311';
    const answers: Answers = ({ service, date }) => {
      if (date < '20240304' || date > '20240315') return [];
      const here = date < moved ? 'sto/ksq_bydd_trd' : 'sto/stk_bydd_trd';
      return [row({ BAS_DD: date, ISU_CD: '005930' }), ...(service === here ? [row({ BAS_DD: date })] : [])];
    };
    const { source } = await startSource(answers, now);
    const chart = await source.getChart('095570', { period: 'day', count: 10 });
    expect(chart.map(({ date }) => date)).toEqual(weekdays('2024-03-04', '2024-03-15').reverse());
  });

  test('ends after 15 empty weekdays in a row, and remembers them', async () => {
    const { source, calls } = await startSource(answersOf(days.slice(-3)), now);
    for (let n = 0; n < 2; n += 1) expect(await source.getChart('095570', { period: 'day', count: 9 })).toHaveLength(3);
    expect(calls.length).toBeLessThan(25);
  });

  test.each([
    [{ period: 'day', count: 0 }, 'krx: `count` must be an integer >= 1, got 0'],
    [{ period: 'day', count: 1.5 }, 'krx: `count` must be an integer >= 1, got 1.5'],
    [{ period: 'year', count: 1 }, "krx: `period` must be one of 'day', 'week', 'month', got year"],
  ])('refuses %j', async (options, message) => {
    const { source } = await startSource(() => [], now);
    await expect(source.getChart('095570', options as { period: 'day'; count: number })).rejects.toThrow(message);
  });
});
