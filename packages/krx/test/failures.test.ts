import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Agent } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createKrxSource, type KrxEvent } from '../src/index.ts';
import { type Answer, apiKey, caught, realRow, row, startKrx, startSource } from './harness.ts';

const now = '2024-01-06T10:00:00';

describe('a key without a service', () => {
  test('is told for which one to apply', async () => {
    const { source, calls } = await startSource(() => 401, now);
    await expect(source.getCurrentPrice('095570')).rejects.toMatchObject({
      code: 'ERR_KRX',
      reason: 'unauthorized',
      status: 401,
      message: 'KRX refused sto/stk_bydd_trd (HTTP 401): the key is wrong, or has not applied for this service',
    });
    // Each board once: the stock may stand where the key may look.
    expect(calls).toHaveLength(4);
  });

  test('finds what stands on the boards for which it has applied', async () => {
    const { source } = await startSource(
      ({ service }) => (service === 'etp/etf_bydd_trd' ? [row({ ISU_CD: '069500' })] : 401),
      now,
    );
    expect(await source.getCurrentPrice('069500')).toMatchObject({ stockCode: '069500' });
    await expect(source.getCurrentPrice('095570')).rejects.toMatchObject({ reason: 'unauthorized' });
  });

  test('does not ask again for ten minutes', async () => {
    let isApplied = false;
    const { source, calls, clock } = await startSource(() => (isApplied ? [realRow] : 401), now);
    await caught(source.getCurrentPrice('095570'));
    isApplied = true;
    clock.put('2024-01-06T10:09:59');
    await expect(source.getCurrentPrice('095570')).rejects.toMatchObject({ reason: 'unauthorized', status: 401 });
    expect(calls).toHaveLength(4);
    clock.put('2024-01-06T10:10:00');
    expect(await source.getCurrentPrice('095570')).toMatchObject({ currentPrice: 5_280 });
  });

  test('gets a chart up to where the stock came from a board that it may not see', async () => {
    const { source } = await startSource(
      ({ service, date }) =>
        service === 'sto/stk_bydd_trd'
          ? [row({ BAS_DD: date, ...(date < '20240104' ? { ISU_CD: '000000' } : {}) })]
          : 401,
      now,
    );
    expect(await source.getChart('095570', { period: 'day', count: 9 })).toHaveLength(2);
  });

  test('gets the error that comes up while it is looked for elsewhere', async () => {
    const { source } = await startSource(
      ({ service, date }) =>
        service === 'sto/stk_bydd_trd'
          ? [row({ BAS_DD: date, ...(date < '20240104' ? { ISU_CD: '000000' } : {}) })]
          : 403,
      now,
    );
    await expect(source.getChart('095570', { period: 'day', count: 9 })).rejects.toMatchObject({ status: 403 });
  });
});

describe('a call', () => {
  test.each<[string, Answer]>([
    ['a connection that closes', 'cut'],
    ['HTTP 503', 503],
  ])('after %s is repeated at most twice, after random pauses', async (_, failure) => {
    const { source, calls, clock } = await startSource((_call, n) => (n < 3 ? failure : [realRow]), now);
    expect(await source.getCurrentPrice('095570')).toMatchObject({ currentPrice: 5_280 });
    expect(calls).toHaveLength(3);
    expect(clock.pauses).toHaveLength(2);
    for (const [n, pause] of clock.pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(0);
      expect(pause).toBeLessThan(500 * 2 ** n);
    }
  });

  test.each<[string, Answer, object]>([
    ['broken connections', 'cut', { reason: 'network', status: undefined }],
    ['HTTP 500', 500, { reason: 'refused', status: 500, message: 'KRX refused sto/stk_bydd_trd: HTTP 500' }],
  ])('fails after three of %s', async (_, failure, expected) => {
    const events: KrxEvent[] = [];
    const { source, calls } = await startSource(() => failure, now, { onEvent: (event) => events.push(event) });
    await expect(source.getCurrentPrice('095570')).rejects.toMatchObject({ code: 'ERR_KRX', ...expected });
    expect(calls).toHaveLength(3);
    expect(events).toMatchObject([
      { type: 'retry', service: 'sto/stk_bydd_trd', date: '20240105', attempt: 1 },
      { type: 'retry', attempt: 2 },
    ]);
  });

  test.each<[string, Answer, object]>([
    ['HTTP 404', 404, { reason: 'refused', status: 404 }],
    ['a page', '<html>', { reason: 'response', message: "KRX's answer: expected an array in OutBlock_1" }],
    ['null', 'null', { reason: 'response' }],
    ['no rows', '{"OutBlock_1":{}}', { reason: 'response' }],
    [
      'another day',
      '{"OutBlock_1":[{"BAS_DD":"20240104"}]}',
      { reason: 'response', message: "KRX's answer: expected 20240105 in BAS_DD" },
    ],
    ['17 MB', `"${'x'.repeat(17_000_000)}"`, { reason: 'response', message: /at most 16777216 bytes/ }],
  ])('that is answered by %s is not repeated', async (_, answer, expected) => {
    const { source, calls } = await startSource(() => answer, now);
    const error = await caught(source.getCurrentPrice('095570'));
    const { message, ...others } = expected as { message?: string | RegExp };
    expect(error).toMatchObject({ code: 'ERR_KRX', ...others });
    if (message !== undefined) expect(error).toHaveProperty('message', expect.stringMatching(message));
    expect(calls).toHaveLength(1);
  });

  test('that takes too long is given up and not repeated', async () => {
    const { source, calls, clock } = await startSource(() => 'silence', now);
    const error = caught(source.getCurrentPrice('095570'));
    await expect.poll(() => calls.length).toBe(1);
    clock.limits[0]?.();
    expect(await error).toMatchObject({
      reason: 'network',
      message: 'KRX did not answer sto/stk_bydd_trd: no answer in 30000 ms',
    });
    expect(calls).toHaveLength(1);
  });

  test('passes over rows that are none', async () => {
    const body = { OutBlock_1: [null, 'x', {}, { ISU_CD: 'KR7095570008' }, { ISU_CD: 95_570 }, realRow] };
    const { source } = await startSource(() => JSON.stringify(body), now);
    expect(await source.getCurrentPrice('095570')).toMatchObject({ currentPrice: 5_280 });
  });
});

describe('close', () => {
  test('nothing is sent after it, and nothing answered', async () => {
    const { source, calls } = await startSource(() => [realRow], now);
    await source.getCurrentPrice('095570');
    await source.close();
    await source[Symbol.asyncDispose]();
    for (const call of [
      source.getCurrentPrice('095570'),
      source.getChart('095570', { period: 'day', count: 1 }),
      source.getStockInfo('095570'),
    ]) {
      await expect(call).rejects.toMatchObject({ code: 'ERR_KRX', reason: 'closed' });
    }
    expect(calls).toHaveLength(1);
  });

  test('what is under way ends first, and is not repeated', async () => {
    let closed: Promise<void> | undefined;
    const { source, calls } = await startSource(() => {
      closed = source.close();
      return 'cut';
    }, now);
    await expect(source.getCurrentPrice('095570')).rejects.toMatchObject({ reason: 'closed' });
    await closed;
    expect(calls).toHaveLength(1);
  });

  test('leaves a dispatcher that was given', async () => {
    const krx = await startKrx(() => [realRow]);
    const dispatcher = new Agent();
    onTestFinished(() => dispatcher.close());
    const source = createKrxSource({ apiKey, baseUrl: krx.url, dispatcher });
    await source.close();
    expect(dispatcher).toMatchObject({ closed: false });
  });
});

describe('events', () => {
  test('are published on the channel @kis/krx, and what a listener throws is dropped', async () => {
    const heard: unknown[] = [];
    const listen = (message: unknown) => heard.push(message);
    subscribe('@kis/krx', listen);
    onTestFinished(() => void unsubscribe('@kis/krx', listen));
    const { source } = await startSource(() => [realRow], now, {
      onEvent() {
        throw new Error('mine');
      },
    });
    await source.getCurrentPrice('095570');
    expect(heard).toMatchObject([{ type: 'call', date: '20240105' }]);
  });
});
