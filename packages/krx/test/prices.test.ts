import { UnsupportedError } from '@kis/client';
import { describe, expect, test } from 'vitest';
import { caught, korea, kospi, realRow, row, startSource, weekdays } from './harness.ts';

const days = (...dates: string[]) =>
  kospi(Object.fromEntries(dates.map((date, n) => [date, [row({ BAS_DD: date, TDD_CLSPRC: `${5_000 + n}` })]])));

describe('getCurrentPrice', () => {
  test('reads the real row of a day', async () => {
    const { source, calls } = await startSource(kospi({ '20240105': [realRow] }), '2024-01-07T12:00:00');
    expect(await source.getCurrentPrice('095570')).toEqual({
      stockCode: '095570',
      stockName: 'AJ네트웍스',
      currentPrice: 5_280,
      changePrice: 60,
      changeRate: 1.15,
      openPrice: 5_270,
      highPrice: 5_290,
      lowPrice: 5_070,
      volume: 410_628,
      tradingValue: 2_137_622_110,
      marketCap: 238_934_567_520,
      timestampMs: korea('2024-01-05T15:30:00'),
      raw: realRow,
    });
    expect(calls).toEqual([
      { service: 'sto/stk_bydd_trd', date: '20240105', authKey: expect.stringMatching(/^KRXtest/) },
    ]);
  });

  test('bears the sign of a fall, and zeros for what a halted stock has not', async () => {
    const halted = {
      TDD_OPNPRC: '0',
      TDD_HGPRC: '-',
      TDD_LWPRC: '',
      ACC_TRDVOL: '-',
      CMPPREVDD_PRC: '-60',
      FLUC_RT: '-1.12',
    };
    const { source } = await startSource(
      kospi({ '20240105': [row({ ...halted, MKTCAP: '-' })] }),
      '2024-01-06T09:00:00',
    );
    expect(await source.getCurrentPrice('095570')).toMatchObject({
      currentPrice: 5_280,
      changePrice: -60,
      changeRate: -1.12,
      openPrice: 0,
      highPrice: 0,
      lowPrice: 0,
      volume: 0,
      marketCap: undefined,
    });
  });

  test.each([['-'], [''], [undefined], [5_280], ['5,280']])('a close of %j is no price', async (close) => {
    const { source } = await startSource(kospi({ '20240105': [row({ TDD_CLSPRC: close })] }), '2024-01-06T09:00:00');
    await expect(source.getCurrentPrice('095570')).rejects.toMatchObject({
      code: 'ERR_KRX',
      reason: 'response',
      message: "KRX's answer: expected a number in TDD_CLSPRC of 095570",
    });
  });

  test('goes back over empty days, and never asks about a weekend', async () => {
    const { source, calls } = await startSource(days('20240208'), '2024-02-14T10:00:00');
    expect(await source.getCurrentPrice('095570')).toMatchObject({ timestampMs: korea('2024-02-08T15:30:00') });
    expect(calls.map(({ date }) => date)).toEqual(['20240213', '20240212', '20240209', '20240208']);
  });

  test('gives up after 15 empty weekdays', async () => {
    const { source, calls } = await startSource(() => [], '2024-02-14T10:00:00');
    await expect(source.getCurrentPrice('095570')).rejects.toMatchObject({ reason: 'response' });
    expect(calls.map(({ date }) => date)).toEqual(weekdays('2024-01-24', '2024-02-13').reverse());
  });

  test('asks about today when the market is closed, again after ten minutes, and not at every call', async () => {
    const { source, calls, clock } = await startSource(days('20240104', '20240105'), '2024-01-08T15:29:59');
    await source.getCurrentPrice('095570');
    expect(calls.map(({ date }) => date)).toEqual(['20240105']);
    clock.put('2024-01-08T15:40:00');
    for (let n = 0; n < 5; n += 1) await source.getCurrentPrice('095570');
    expect(calls.map(({ date }) => date)).toEqual(['20240105', '20240108']);
    clock.put('2024-01-08T15:49:59');
    await source.getCurrentPrice('095570');
    expect(calls).toHaveLength(2);
    clock.put('2024-01-08T15:50:00');
    await source.getCurrentPrice('095570');
    expect(calls.map(({ date }) => date)).toEqual(['20240105', '20240108', '20240108']);
  });

  test('sees the next morning what was published', async () => {
    let isPublished = false;
    const { source, clock } = await startSource(
      (call, n) => (call.date === '20240108' && !isPublished ? [] : days('20240105', '20240108')(call, n)),
      '2024-01-09T07:59:00',
    );
    expect(await source.getCurrentPrice('095570')).toMatchObject({ currentPrice: 5_000 });
    isPublished = true;
    expect(await source.getCurrentPrice('095570')).toMatchObject({ currentPrice: 5_000 });
    clock.put('2024-01-09T08:09:00');
    expect(await source.getCurrentPrice('095570')).toMatchObject({ currentPrice: 5_001 });
  });

  test('holds to what it knows when the clock is put back', async () => {
    const { source, calls, clock } = await startSource(days('20240104', '20240105'), '2024-01-06T10:00:00');
    await source.getCurrentPrice('095570');
    clock.put('2024-01-04T10:00:00');
    expect(await source.getCurrentPrice('095570')).toMatchObject({ currentPrice: 5_001 });
    expect(calls).toHaveLength(1);
  });

  test('finds a code on KOSPI, KOSDAQ, KONEX and among ETFs, and remembers where', async () => {
    const services: Readonly<Record<string, string>> = {
      'sto/stk_bydd_trd': '005930',
      'sto/ksq_bydd_trd': '247540',
      'etp/etf_bydd_trd': '069500',
      'sto/knx_bydd_trd': '140610',
    };
    const { source, calls } = await startSource(
      ({ service }) => [row({ ISU_CD: services[service], ISU_NM: service })],
      '2024-01-06T10:00:00',
    );
    for (const [service, code] of Object.entries(services)) {
      expect(await source.getCurrentPrice(code)).toMatchObject({ stockCode: code, stockName: service });
    }
    for (const code of Object.values(services)) await source.getCurrentPrice(code);
    expect(calls.map(({ service }) => service)).toEqual(Object.keys(services));
  });

  test('a code that is on no board is an error, and costs no call the next time', async () => {
    const { source, calls } = await startSource(({ date }) => [row({ BAS_DD: date })], '2024-01-06T10:00:00');
    for (let n = 0; n < 2; n += 1) {
      await expect(source.getCurrentPrice('999999')).rejects.toMatchObject({
        name: 'KrxError',
        code: 'ERR_KRX',
        reason: 'unknown-stock',
        message: 'KRX knows no stock 999999',
      });
    }
    expect(calls).toHaveLength(4);
  });

  test.each([[5_930], ['5930'], ['00593a'], [undefined], ['']])('refuses the code %j before any call', async (code) => {
    const { source, calls } = await startSource(() => [realRow], '2024-01-06T10:00:00');
    await expect(source.getCurrentPrice(code as string)).rejects.toThrow(
      /^krx: `code` must be a string of 6 digits or capital letters, got /,
    );
    expect(calls).toEqual([]);
  });

  test('does not know ETNs', async () => {
    const { source } = await startSource(() => [realRow], '2024-01-06T10:00:00');
    const error = await caught(source.getCurrentPrice('Q500001'));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error).toMatchObject({ code: 'ERR_UNSUPPORTED', source: 'KRX', capability: 'ETNs' });
  });
});

describe('what KRX does not have', () => {
  test('is an UnsupportedError of the client, and no empty result', async () => {
    const { source, calls } = await startSource(() => [realRow], '2024-01-06T10:00:00');
    const book = await caught(source.getOrderBook('095570'));
    expect(book).toBeInstanceOf(UnsupportedError);
    expect(book).toMatchObject({ code: 'ERR_UNSUPPORTED', source: 'KRX', capability: 'order books' });
    for (const period of ['1m', '5m', '30m'] as const) {
      const chart = await caught(source.getChart('095570', { period, count: 1 }));
      expect(chart).toBeInstanceOf(UnsupportedError);
      expect(chart).toMatchObject({ source: 'KRX', capability: 'charts of minutes' });
    }
    const adjusted = await caught(source.getChart('095570', { period: 'day', count: 1, adjusted: true }));
    expect(adjusted).toMatchObject({ code: 'ERR_UNSUPPORTED', capability: 'adjusted prices' });
    expect(calls).toEqual([]);
  });

  test('the source says its name', async () => {
    const { source } = await startSource(() => [], '2024-01-06T10:00:00');
    expect(source.source).toBe('KRX');
  });
});
