import { describe, expect, test } from 'vitest';
import { block, type Row, rows } from './calls.ts';
import { MOMENTS, quoteDeskAt } from './quote-desk.ts';

const CODES = ['0001', '1001', '2001', '0013'];
const number = (row: Row | undefined, name: string): number => Number(row?.[name]);

describe.each(MOMENTS)('the indices at %s', (time) => {
  test('say the same in all three answers', async () => {
    const desk = await quoteDeskAt(time);
    for (const code of CODES) {
      const asked = { FID_INPUT_ISCD: code };
      const price = await desk.about('index', code);
      const daily = await desk.ask('indexDays', asked);
      const chart = await desk.ask('indexChart', asked);
      for (const [name, value] of Object.entries(block(daily, 'output1'))) {
        expect([code, name, value]).toEqual([code, name, price[name]]);
      }
      const head = block(chart, 'output1');
      for (const name of ['bstp_nmix_prpr', 'prdy_vrss_sign', 'bstp_nmix_prdy_ctrt', 'acml_vol', 'bstp_nmix_hgpr']) {
        expect([code, name, head[name]]).toEqual([code, name, price[name]]);
      }
      expect(head.bstp_cls_code).toBe(code);

      const days = rows(daily);
      const candles = rows(chart);
      expect([days.length, candles.length]).toEqual([100, 50]);
      for (const [n, candle] of candles.entries()) {
        const { mod_yn, ...others } = candle;
        expect(mod_yn).toBe('N');
        expect(days[n]).toMatchObject(others);
      }
      const isBeforeOpen = time.includes('T08');
      expect(days[0]?.bstp_nmix_prpr).toBe(isBeforeOpen ? head.prdy_nmix : price.bstp_nmix_prpr);
      if (!isBeforeOpen) {
        expect(days[0]).toMatchObject({ acml_vol: price.acml_vol, acml_vol_rlim: '100.00' });
        expect(days[1]?.bstp_nmix_prpr).toBe(head.prdy_nmix);
      }
    }
  });

  test('count the companies that rise and fall as their own quotes do', async () => {
    const desk = await quoteDeskAt(time);
    const companies = desk.fake.symbols.filter(({ market, faceValue }) => market === 'KOSPI' && faceValue > 0);
    const prices = await Promise.all(companies.map(({ code }) => desk.about('price', code)));
    const count = (test: (change: number) => boolean): string =>
      String(prices.filter((price) => test(number(price, 'prdy_vrss'))).length);
    expect(await desk.about('index', '0001')).toMatchObject({
      ascn_issu_cnt: count((change) => change > 0),
      stnr_issu_cnt: count((change) => change === 0),
      down_issu_cnt: count((change) => change < 0),
    });
  });
});

describe('an index', () => {
  test('has the level of the real one, and is named', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    for (const [code, name, least, most] of [
      ['0001', '종합', 1_500, 5_000],
      ['1001', 'KOSDAQ', 400, 1_700],
      ['2001', 'KOSPI200', 180, 730],
    ] as const) {
      const head = block(await desk.ask('indexChart', { FID_INPUT_ISCD: code }), 'output1');
      expect(head.hts_kor_isnm).toBe(name);
      expect(head.bstp_nmix_prpr).toMatch(/^\d+\.\d\d$/);
      expect(number(head, 'bstp_nmix_prpr')).toBeGreaterThan(least);
      expect(number(head, 'bstp_nmix_prpr')).toBeLessThan(most);
    }
  });

  test('holds its rows together: highs, lows, changes and totals', async () => {
    const desk = await quoteDeskAt('2026-11-20T17:00:00');
    for (const code of CODES) {
      const days = rows(await desk.ask('indexDays', { FID_INPUT_ISCD: code }));
      for (const [n, day] of days.entries()) {
        const [open, high, low, close] = ['oprc', 'hgpr', 'lwpr', 'prpr'].map((of) => number(day, `bstp_nmix_${of}`));
        expect(high).toBeGreaterThanOrEqual(Math.max(open ?? 0, close ?? 0));
        expect(low).toBeLessThanOrEqual(Math.min(open ?? 0, close ?? 0));
        expect(number(day, 'acml_tr_pbmn')).toBeGreaterThan(number(day, 'acml_vol'));
        expect(Math.abs(number(day, 'invt_new_psdg'))).toBeLessThanOrEqual(100);
        const older = days[n + 1];
        if (older) {
          expect(number(day, 'bstp_nmix_prdy_vrss')).toBeCloseTo((close ?? 0) - number(older, 'bstp_nmix_prpr'), 2);
        }
        expect(Math.abs(number(day, 'bstp_nmix_prdy_ctrt'))).toBeLessThan(8);
      }
      const closes = days.slice(0, 20).map((day) => number(day, 'bstp_nmix_prpr'));
      const average = closes.reduce((sum, close) => sum + close, 0) / 20;
      expect(number(days[0], 'd20_dsrt')).toBeCloseTo(((closes[0] ?? 0) / average) * 100, 1);
    }
  });

  test('has weeks, months and years, and a range that ends with a day', async () => {
    const desk = await quoteDeskAt('2026-11-20T17:00:00');
    const dates = async (period: string, more: Readonly<Record<string, string>> = {}): Promise<readonly string[]> =>
      rows(await desk.ask('indexChart', { FID_PERIOD_DIV_CODE: period, ...more })).map(
        (row) => row.stck_bsop_date ?? '',
      );
    expect((await dates('W')).slice(0, 2)).toEqual(['20261116', '20261109']);
    expect((await dates('M')).slice(0, 2)).toEqual(['20261102', '20261001']);
    expect((await dates('Y')).slice(0, 2)).toEqual(['20260102', '20250102']);
    const range = { FID_INPUT_DATE_1: '20261105', FID_INPUT_DATE_2: '20261110' };
    expect(await dates('D', range)).toEqual(['20261110', '20261109', '20261106', '20261105']);
    const daily = rows(await desk.ask('indexDays', { FID_INPUT_DATE_1: '20261114' }));
    expect(daily[0]?.stck_bsop_date).toBe('20261113');
  });

  test('has nothing of today before the open', async () => {
    const desk = await quoteDeskAt('2026-11-20T08:30:00');
    expect(await desk.about('index', '0001')).toMatchObject({
      bstp_nmix_prdy_vrss: '0.00',
      prdy_vrss_sign: '3',
      acml_vol: '0',
      acml_tr_pbmn: '0',
      bstp_nmix_oprc: '0.00',
      bstp_nmix_hgpr_prdy_ctrt: '0.00',
      ascn_issu_cnt: '0',
      total_askp_rsqn: '0',
      seln_rsqn_rate: '0.00',
    });
  });

  test('names the sector of a stock', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    for (const [code, sector] of [
      ['005930', '0013'],
      ['017670', '0020'],
      ['105560', '0021'],
      ['006800', '0024'],
      ['028300', '1001'],
      ['069500', ''],
      ['140610', ''],
    ] as const) {
      expect([code, (await desk.about('price2', code)).bstp_cls_code]).toEqual([code, sector]);
    }
  });
});
