import { describe, expect, test } from 'vitest';
import type { KrxEvent, KrxStore } from '../src/index.ts';
import { type Answers, kospi, row, startSource, weekdays } from './harness.ts';

const now = '2024-01-06T10:00:00';
const dates = weekdays('2023-12-25', '2024-01-05');
const everyDay: Answers = kospi(Object.fromEntries(dates.map((date) => [date, [row({ BAS_DD: date })]])));

interface TestStore extends KrxStore {
  readonly values: Map<string, unknown>;
}
function createStore(): TestStore {
  const values = new Map<string, unknown>();
  return { values, get: async (key) => values.get(key), set: async (key, value) => values.set(key, value) };
}

describe('the memory', () => {
  test('keeps past days for ever', async () => {
    const { source, calls, clock } = await startSource(everyDay, now);
    const before = await source.getChart('095570', { period: 'day', count: 10 });
    clock.put('2024-01-07T23:00:00');
    expect(await source.getChart('095570', { period: 'day', count: 10 })).toEqual(before);
    expect(calls).toHaveLength(10);
  });

  test('keeps so many days, those that were used last', async () => {
    const { source, calls } = await startSource(everyDay, now, { cache: { days: 6 } });
    const chart = (count: number) => source.getChart('095570', { period: 'day', count });
    await chart(6);
    await chart(6);
    expect(calls).toHaveLength(6);
    await chart(10);
    expect(calls).toHaveLength(10);
    // The four newest but one gave way; the newest stands by itself.
    await chart(3);
    expect(
      calls
        .slice(10)
        .map(({ date }) => date)
        .sort(),
    ).toEqual(['20240103', '20240104']);
  });

  test('lets go first of what was used least lately', async () => {
    const codes: Readonly<Record<string, string>> = { 'sto/stk_bydd_trd': '095570', 'sto/ksq_bydd_trd': '247540' };
    const { source, calls } = await startSource(
      ({ service, date }) => [row({ BAS_DD: date, ISU_CD: codes[service] })],
      now,
      { cache: { days: 4 } },
    );
    const chart = (code: string, count: number) => source.getChart(code, { period: 'day', count });
    await chart('095570', 2);
    await chart('247540', 2);
    await chart('095570', 4);
    const before = calls.length;
    await chart('095570', 4);
    expect(calls).toHaveLength(before);
  });

  test('however small, does not ask about today at every call', async () => {
    const { source, calls } = await startSource(everyDay, '2024-01-08T18:00:00', { cache: { days: 1 } });
    for (let n = 0; n < 3; n += 1) await source.getCurrentPrice('095570');
    expect(calls.map(({ date }) => date)).toEqual(['20240108', '20240105']);
  });

  test('asks about an empty day of this week again after an hour, and about an older one never', async () => {
    const holidays = ['20231227', '20240102'];
    const { source, calls, clock } = await startSource(
      (call, n) => (holidays.includes(call.date) ? [] : everyDay(call, n)),
      now,
    );
    const asked = () => calls.filter(({ date }) => holidays.includes(date)).map(({ date }) => date);
    const chart = () => source.getChart('095570', { period: 'day', count: 8 });
    await chart();
    clock.put('2024-01-06T10:59:00');
    await chart();
    expect(asked().sort()).toEqual(holidays);
    clock.put('2024-01-06T11:00:00');
    await chart();
    expect(asked()).toEqual([...asked().slice(0, 2), '20240102']);
  });
});

describe('a store', () => {
  test('gives another process the days that one has asked for', async () => {
    const store = createStore();
    const first = await startSource(everyDay, now, { cache: { store } });
    const chart = await first.source.getChart('095570', { period: 'day', count: 10 });
    const price = await first.source.getCurrentPrice('095570');
    expect([...store.values.keys()].sort()).toEqual(dates.map((date) => `krx:sto/stk_bydd_trd:${date}`));

    const second = await startSource(() => 500, now, { cache: { store } });
    expect(await second.source.getChart('095570', { period: 'day', count: 10 })).toEqual(chart);
    expect(await second.source.getCurrentPrice('095570')).toEqual(price);
    expect(second.calls).toEqual([]);
  });

  test('is not given empty days', async () => {
    const store = createStore();
    const { source } = await startSource(everyDay, '2024-01-08T18:00:00', { cache: { store } });
    await source.getCurrentPrice('095570');
    expect([...store.values.keys()]).toEqual(['krx:sto/stk_bydd_trd:20240105']);
  });

  test.each([
    ['that fails', { get: () => Promise.reject(new Error('down')), set: () => Promise.reject(new Error('down')) }],
    [
      'that throws',
      {
        get() {
          throw new Error('down');
        },
        set() {
          throw new Error('down');
        },
      },
    ],
    ['that holds nonsense', { get: async () => '{"OutBlock_1": 1}', set: async () => {} }],
    ['that holds another day', { get: async () => '{"OutBlock_1":[{"BAS_DD":"19990101"}]}', set: async () => {} }],
  ] satisfies [string, KrxStore][])('%s costs a call and an event', async (_, store) => {
    const events: KrxEvent[] = [];
    const { source } = await startSource(everyDay, now, { cache: { store }, onEvent: (event) => events.push(event) });
    expect(await source.getCurrentPrice('095570')).toMatchObject({ currentPrice: 5_280 });
    expect(events.map(({ type }) => type)).toContain('store-failed');
    expect(events.map(({ type }) => type)).toContain('call');
  });

  test('that hangs is left alone after two seconds', async () => {
    const store = { get: () => new Promise(() => {}), set: () => new Promise(() => {}) };
    const { source, clock } = await startSource(everyDay, now, { cache: { store } });
    const price = source.getCurrentPrice('095570');
    await Promise.resolve();
    expect(clock.limits).toHaveLength(1);
    clock.limits[0]?.();
    expect(await price).toMatchObject({ currentPrice: 5_280 });
  });
});
