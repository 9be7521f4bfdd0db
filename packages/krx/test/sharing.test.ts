import { describe, expect, test } from 'vitest';
import { caught, kospi, realRow, row, startSource, weekdays } from './harness.ts';

const now = '2024-01-06T10:00:00';
const many = Array.from({ length: 1_000 }, (_, n) => String(100_000 + n));
const rowsOf = (date: string) => many.map((code) => row({ BAS_DD: date, ISU_CD: code }));

describe('calls at the same time', () => {
  test('1,000 prices of one day cost one call', async () => {
    const { source, calls } = await startSource(kospi({ '20240105': rowsOf('20240105') }), now);
    const prices = await Promise.all(many.map((code) => source.getCurrentPrice(code)));
    expect(prices.map(({ stockCode }) => stockCode)).toEqual(many);
    expect(calls).toHaveLength(1);
  });

  test('1,000 charts of ten days cost ten calls', async () => {
    const dates = weekdays('2023-12-25', '2024-01-05');
    const { source, calls } = await startSource(kospi(Object.fromEntries(dates.map((it) => [it, rowsOf(it)]))), now);
    const charts = await Promise.all(many.map((code) => source.getChart(code, { period: 'day', count: 10 })));
    expect(new Set(charts.map(({ length }) => length))).toEqual(new Set([10]));
    expect(calls.map(({ date }) => date).sort()).toEqual(dates);
  });

  test('one caller’s abort leaves the others what they wait for', async () => {
    let answer = (): void => {};
    let isAsked = (): void => {};
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    const { source, calls } = await startSource(async () => {
      const answered = new Promise<void>((resolve) => {
        answer = resolve;
      });
      isAsked();
      await answered;
      return [realRow];
    }, now);
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const first = caught(source.getCurrentPrice('095570', { signal: controller.signal }));
    const second = source.getCurrentPrice('095570');
    await asked;
    controller.abort(reason);
    expect(await first).toBe(reason);
    answer();
    expect(await second).toMatchObject({ currentPrice: 5_280 });
    expect(await source.getCurrentPrice('095570')).toMatchObject({ currentPrice: 5_280 });
    expect(calls).toHaveLength(1);
  });

  test('a signal that is aborted already costs no call', async () => {
    const { source, calls } = await startSource(() => [realRow], now);
    const reason = new Error('never mind');
    const signal = AbortSignal.abort(reason);
    expect(await caught(source.getCurrentPrice('095570', { signal }))).toBe(reason);
    expect(await caught(source.getChart('095570', { period: 'day', count: 5, signal }))).toBe(reason);
    expect(await caught(source.getStockInfo('095570', { signal }))).toBe(reason);
    expect(calls).toEqual([]);
  });

  test('an aborted chart asks for no further days', async () => {
    const controller = new AbortController();
    const { source, calls } = await startSource(({ date }, n) => {
      if (n === 3) controller.abort();
      return [row({ BAS_DD: date })];
    }, now);
    const error = await caught(source.getChart('095570', { period: 'day', count: 500, signal: controller.signal }));
    expect(error).toMatchObject({ name: 'AbortError' });
    // What was under way with the third one is answered before this is.
    await source.getStockInfo('095570').catch(() => {});
    expect(calls.filter(({ service }) => service === 'sto/stk_bydd_trd').length).toBeLessThan(12);
  });

  test('a failure is told to all who waited for it, and the next caller asks again', async () => {
    const { source, calls } = await startSource((_, n) => (n === 1 ? 404 : [realRow]), now);
    const errors = await Promise.all([1, 2, 3].map(() => caught(source.getCurrentPrice('095570'))));
    for (const error of errors) expect(error).toMatchObject({ reason: 'refused', status: 404 });
    expect(await source.getCurrentPrice('095570')).toMatchObject({ currentPrice: 5_280 });
    expect(calls).toHaveLength(2);
  });
});
