import { describe, expect, test } from 'vitest';
import { block, type Row, rows } from './calls.ts';
import { CODES, MOMENTS, type QuoteDesk, quoteDeskAt } from './quote-desk.ts';

/** The same fields of two rows, by the names that each has for them. */
function same(one: Row, other: Row | undefined, names: Readonly<Record<string, string>>): void {
  const pick = (row: Row | undefined, keys: readonly string[]): readonly (string | undefined)[] =>
    keys.map((key) => row?.[key]);
  expect(pick(other, Object.values(names))).toEqual(pick(one, Object.keys(names)));
}

const alike = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, name]));

describe.each(MOMENTS)('the quotes of a stock at %s', (time) => {
  const each = async (check: (desk: QuoteDesk, code: string, price: Row) => Promise<void>): Promise<void> => {
    const desk = await quoteDeskAt(time);
    for (const code of CODES) await check(desk, code, await desk.about('price', code));
  };

  test('say the same price, volume, limits and standing', () =>
    each(async (desk, code, price) => {
      const shared = alike(
        'stck_prpr',
        'prdy_vrss',
        'prdy_vrss_sign',
        'prdy_ctrt',
        'acml_vol',
        'stck_oprc',
        'stck_hgpr',
        'stck_lwpr',
        'stck_mxpr',
        'stck_llam',
        'stck_sdpr',
        'bstp_kor_isnm',
      );
      const more = alike('acml_tr_pbmn', 'rprs_mrkt_kor_name', 'marg_rate', 'crdt_able_yn', 'prdy_vrss_vol_rate');
      same(price, await desk.about('price2', code), { ...shared, ...more });
      const fund = await desk.about('fund', code);
      if (/^(069500|Q)/.test(code)) {
        const ofTheYear = alike('stck_dryy_hgpr', 'dryy_hgpr_date', 'stck_dryy_lwpr', 'dryy_lwpr_vrss_prpr_rate');
        same(price, fund, { ...shared, ...ofTheYear, ...alike('stck_sspr', 'lstn_stcn', 'frgn_hldn_qty') });
      } else {
        expect(fund.stck_prpr).toBe('0');
      }
    }));

  test('say the same in a list of many', () =>
    each(async (desk, code, price) => {
      const asked = { FID_COND_MRKT_DIV_CODE_1: 'J', FID_INPUT_ISCD_1: code };
      const [watched] = rows(await desk.ask('watched', asked), 'output');
      same(price, watched, {
        stck_shrn_iscd: 'inter_shrn_iscd',
        stck_prpr: 'inter2_prpr',
        prdy_vrss: 'inter2_prdy_vrss',
        prdy_vrss_sign: 'prdy_vrss_sign',
        prdy_ctrt: 'prdy_ctrt',
        acml_vol: 'acml_vol',
        acml_tr_pbmn: 'acml_tr_pbmn',
        stck_oprc: 'inter2_oprc',
        stck_hgpr: 'inter2_hgpr',
        stck_lwpr: 'inter2_lwpr',
        stck_llam: 'inter2_llam',
        stck_mxpr: 'inter2_mxpr',
        stck_sdpr: 'inter2_sdpr',
      });
      const book = block(await desk.ask('book', { FID_INPUT_ISCD: code }), 'output1');
      same(book, watched, {
        askp1: 'inter2_askp',
        bidp1: 'inter2_bidp',
        askp_rsqn1: 'seln_rsqn',
        bidp_rsqn1: 'shnu_rsqn',
        total_askp_rsqn: 'total_askp_rsqn',
        total_bidp_rsqn: 'total_bidp_rsqn',
      });
    }));

  test('say the same name, shares and closes as the register', () =>
    each(async (desk, code, price) => {
      const register = block(await desk.ask('stock', { PDNO: code }), 'output');
      same(price, register, {
        stck_prpr: 'thdt_clpr',
        stck_sdpr: 'bfdy_clpr',
        lstn_stcn: 'lstg_stqt',
        stck_fcam: 'papr',
        stck_sspr: 'sbst_pric',
      });
      const chart = block(await desk.ask('chart', { FID_INPUT_ISCD: code }), 'output1');
      same(chart, register, { hts_kor_isnm: 'prdt_abrv_name' });
      const product = block(await desk.ask('product', { PDNO: code }), 'output');
      same(register, product, alike('pdno', 'prdt_name', 'prdt_abrv_name', 'prdt_eng_name', 'std_pdno'));
      const markets: Readonly<Record<string, RegExp>> = { STK: /^KOSPI/, KSQ: /^KSQ|^KOSDAQ/, KNX: /^KONEX/ };
      expect(price.rprs_mrkt_kor_name).toMatch(markets[register.mket_id_cd ?? ''] ?? /^$/);
    }));

  test('end with the trade that made the price', () =>
    each(async (desk, code, price) => {
      const trades = rows(await desk.ask('trades', { FID_INPUT_ISCD: code }), 'output');
      if (time.includes('T08')) {
        expect(trades).toEqual([]);
        return;
      }
      same(price, trades[0], alike('stck_prpr', 'prdy_vrss', 'prdy_vrss_sign', 'prdy_ctrt'));
      expect(trades.length).toBeLessThanOrEqual(30);
      for (const [n, trade] of trades.entries()) {
        expect(Number(trade.cntg_vol)).toBeGreaterThan(0);
        expect(Number(trade.stck_prpr)).toBeLessThanOrEqual(Number(price.stck_hgpr));
        expect(Number(trade.stck_prpr)).toBeGreaterThanOrEqual(Number(price.stck_lwpr));
        const older = trades[n + 1];
        if (older) expect(Number(trade.stck_cntg_hour)).toBeGreaterThan(Number(older.stck_cntg_hour));
      }
      if (time.includes('T09:00:00')) expect(trades.map((trade) => trade.cntg_vol)).toEqual([price.acml_vol]);
    }));

  test('say the same days', () =>
    each(async (desk, code, price) => {
      const days = rows(await desk.ask('days', { FID_INPUT_ISCD: code }), 'output');
      const chart = rows(await desk.ask('chart', { FID_INPUT_ISCD: code }));
      expect(days.length).toBe(30);
      for (const [n, day] of days.entries()) {
        const names = alike('stck_bsop_date', 'stck_oprc', 'stck_hgpr', 'stck_lwpr', 'stck_clpr', 'acml_vol');
        same(day, chart[n], { ...names, ...alike('prdy_vrss', 'prdy_vrss_sign') });
      }
      const isBeforeOpen = time.includes('T08');
      same(
        price,
        days[0],
        isBeforeOpen ? { stck_sdpr: 'stck_clpr' } : { stck_prpr: 'stck_clpr', acml_vol: 'acml_vol' },
      );
      if (!isBeforeOpen) same(price, days[0], alike('frgn_ntby_qty', 'hts_frgn_ehrt', 'prdy_ctrt'));

      const dealt = rows(await desk.ask('investors', { FID_INPUT_ISCD: code }), 'output');
      const settled = dealt.filter((day) => day.frgn_ntby_qty !== '');
      for (const day of settled) {
        const other = days.find(({ stck_bsop_date }) => stck_bsop_date === day.stck_bsop_date);
        same(day, other, alike('stck_bsop_date', 'stck_clpr', 'prdy_vrss', 'prdy_vrss_sign', 'frgn_ntby_qty'));
      }
    }));
});
