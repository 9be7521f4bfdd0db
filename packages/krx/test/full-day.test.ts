import { createFakeKis } from '@kis/mock';
import { describe, expect, test } from 'vitest';
import { createDayTable } from '../src/day-table.ts';
import { kospi, type Row, row, startSource } from './harness.ts';

/** Codes of all forms, in no order; a few issues are halted, or miss a figure. */
const rows: readonly Row[] = Array.from({ length: 2_700 }, (_, n) => {
  const place = (n * 1_009) % 2_700;
  const code = place % 9 === 0 ? `${String(place).padStart(5, '0')}K` : String(place * 10).padStart(6, '0');
  const close = 1_000 + ((place * 37) % 90_000);
  const isHalted = place % 50 === 0;
  return row({
    BAS_DD: '20240105',
    ISU_CD: code,
    ISU_NM: `종목${place}`,
    TDD_CLSPRC: `${close}`,
    CMPPREVDD_PRC: `${(place % 200) - 100}`,
    FLUC_RT: (((place % 200) - 100) / 100).toFixed(2),
    TDD_OPNPRC: isHalted ? '0' : `${close - 5}`,
    TDD_HGPRC: isHalted ? '-' : `${close + 10}`,
    TDD_LWPRC: isHalted ? '' : `${close - 10}`,
    ACC_TRDVOL: isHalted ? '0' : `${place * 1_000_003}`,
    ACC_TRDVAL: isHalted ? '0' : `${place * 3_000_000_019}`,
  });
});

describe('a full day of 2,700 issues', () => {
  test('costs one call, and each price is its row', async () => {
    const { source, calls } = await startSource(kospi({ '20240105': rows }), '2024-01-06T10:00:00');
    const prices = await Promise.all(rows.map(({ ISU_CD }) => source.getCurrentPrice(String(ISU_CD))));
    for (const [n, price] of prices.entries()) {
      const of = rows[n] ?? {};
      expect(price.raw).toEqual(of);
      expect([price.currentPrice, price.changePrice, price.changeRate, price.volume].map(Number)).toEqual(
        [of.TDD_CLSPRC, of.CMPPREVDD_PRC, of.FLUC_RT, of.ACC_TRDVOL].map(Number),
      );
    }
    expect(calls).toHaveLength(1);
  });

  test('and each candle is, too', async () => {
    const { source, calls } = await startSource(kospi({ '20240105': rows }), '2024-01-06T10:00:00');
    for (const of of rows) {
      const code = String(of.ISU_CD);
      const [candle] = await source.getChart(code, { period: 'day', count: 1 });
      const close = Number(of.TDD_CLSPRC);
      const isHalted = of.TDD_OPNPRC === '0';
      expect(candle).toMatchObject({
        stockCode: code,
        date: '20240105',
        openPrice: isHalted ? close : Number(of.TDD_OPNPRC),
        highPrice: isHalted ? close : Number(of.TDD_HGPRC),
        lowPrice: isHalted ? close : Number(of.TDD_LWPRC),
        closePrice: close,
        volume: Number(of.ACC_TRDVOL),
        tradingValue: Number(of.ACC_TRDVAL),
      });
    }
    expect(calls).toHaveLength(1);
  });

  test('is kept in a table that knows its own codes alone', () => {
    const table = createDayTable(rows);
    expect(table.size).toBe(2_700);
    const known = new Set(rows.map(({ ISU_CD }) => ISU_CD));
    for (const code of ['000000', '999999', 'ZZZZZZ', '00000', '0000000', '', '012345']) {
      expect([code, table.find(code) !== undefined]).toEqual([code, known.has(code)]);
    }
    expect(createDayTable([]).find('005930')).toBeUndefined();
  });

  test('of the mock costs a call for each board', async () => {
    const nowMs = () => Date.parse('2026-11-20T13:00:00+09:00');
    const clock = { nowMs, monotonicMs: () => 0, setTimer: () => () => {} };
    const fake = createFakeKis({ symbols: 2_700, clock });
    const { source } = await startSource(() => [], '2026-11-20T13:00:00', {
      baseUrl: 'http://data-dbg.krx.co.kr/svc/apis',
      dispatcher: fake.dispatcher,
    });
    const listed = fake.symbols.filter(({ code }) => code.length === 6);
    const prices = await Promise.all(listed.map(({ code }) => source.getCurrentPrice(code)));
    expect(prices.map(({ stockCode, stockName }) => [stockCode, stockName])).toEqual(
      listed.map(({ code, name }) => [code, name]),
    );
    expect(fake.log()).toMatchObject({ krxCalls: 4, calls: 0 });
  });
});
