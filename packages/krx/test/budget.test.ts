import { describe, expect, test } from 'vitest';
import type { KrxEvent } from '../src/index.ts';
import { caught, korea, row, startSource } from './harness.ts';

const everyDay = ({ date }: { date: string }) => [row({ BAS_DD: date })];

describe('the budget of a day', () => {
  test('used up, it is an error that says until when, and no call', async () => {
    const { source, calls, clock } = await startSource(everyDay, '2024-01-06T10:00:00', { callsPerDay: 5 });
    const error = await caught(source.getChart('095570', { period: 'day', count: 6 }));
    expect(error).toMatchObject({
      name: 'KrxError',
      code: 'ERR_KRX',
      reason: 'budget',
      status: undefined,
      retryAtMs: korea('2024-01-07T00:00:00'),
      message: 'KRX: the 5 calls of this day are used up until 2024-01-06T15:00:00.000Z',
    });
    expect(calls).toHaveLength(5);

    clock.put('2024-01-06T23:59:59');
    await expect(source.getChart('095570', { period: 'day', count: 7 })).rejects.toMatchObject({ reason: 'budget' });
    expect(calls).toHaveLength(5);
  });

  test('begins anew at midnight in Korea', async () => {
    const { source, calls, clock } = await startSource(everyDay, '2024-01-06T23:50:00', { callsPerDay: 3 });
    await expect(source.getChart('095570', { period: 'day', count: 4 })).rejects.toMatchObject({ reason: 'budget' });
    clock.put('2024-01-07T00:00:00');
    expect(await source.getChart('095570', { period: 'day', count: 4 })).toHaveLength(4);
    expect(calls).toHaveLength(4);
  });

  test('is not given again by a clock that is put back', async () => {
    const { source, calls, clock } = await startSource(everyDay, '2024-01-06T10:00:00', { callsPerDay: 2 });
    await source.getChart('095570', { period: 'day', count: 2 });
    clock.put('2024-01-05T23:00:00');
    await expect(source.getChart('095570', { period: 'day', count: 3 })).rejects.toMatchObject({ reason: 'budget' });
    expect(calls).toHaveLength(2);
  });

  test('counts repeats, too', async () => {
    const { source, calls } = await startSource(() => 'cut', '2024-01-06T10:00:00', { callsPerDay: 2 });
    await expect(source.getCurrentPrice('095570')).rejects.toMatchObject({ reason: 'budget' });
    expect(calls).toHaveLength(2);
  });

  test('10,000 calls are let out unless told otherwise, and what is left is told', async () => {
    const events: KrxEvent[] = [];
    const { source } = await startSource(everyDay, '2024-01-06T10:00:00', { onEvent: (event) => events.push(event) });
    await source.getChart('095570', { period: 'day', count: 2 });
    expect(events).toEqual([
      { type: 'call', service: 'sto/stk_bydd_trd', date: '20240105', rows: 1, callsLeft: 9_999 },
      { type: 'call', service: 'sto/stk_bydd_trd', date: '20240104', rows: 1, callsLeft: 9_998 },
    ]);
  });
});
