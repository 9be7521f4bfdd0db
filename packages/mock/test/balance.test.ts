import { describe, expect, test } from 'vitest';
import { type Answer, block, PRICE, type Row, rows, uapi } from './calls.ts';
import { openDesk, type TradingDesk } from './trading-desk.ts';

const CASH = 100_000_000;
const HOUR_MS = 3_600_000;

const summaryOf = (balance: Answer): Row => rows(balance, 'output2')[0] ?? {};
const sum = (list: readonly Row[], name: string): number => list.reduce((total, row) => total + Number(row[name]), 0);

/** Everything that must add up, whatever the moment. */
async function expectToAddUp(desk: TradingDesk): Promise<void> {
  const balance = await desk.balance();
  const holdings = rows(balance, 'output1');
  const summary = summaryOf(balance);
  const number = (name: string): number => Number(summary[name]);
  for (const holding of holdings) {
    const of = (name: string): number => Number(holding[name]);
    const price = block(await uapi(desk.fake, desk.token, PRICE, { FID_INPUT_ISCD: holding.pdno ?? '' }), 'output');
    expect(holding).toMatchObject({
      prpr: price.stck_prpr,
      bfdy_cprs_icdc: price.prdy_vrss,
      fltt_rt: `${price.prdy_ctrt}000000`,
      sbst_pric: price.stck_sspr,
      item_mgna_rt_name: `${Number(price.marg_rate)}%`,
    });
    expect(of('evlu_amt')).toBe(of('hldg_qty') * of('prpr'));
    expect(of('evlu_pfls_amt')).toBe(of('evlu_amt') - of('pchs_amt'));
    expect(of('pchs_avg_pric') * of('hldg_qty')).toBeCloseTo(of('pchs_amt'), 0);
    expect(of('ord_psbl_qty')).toBeLessThanOrEqual(of('hldg_qty'));
  }
  expect(number('scts_evlu_amt')).toBe(sum(holdings, 'evlu_amt'));
  expect(number('evlu_amt_smtl_amt')).toBe(sum(holdings, 'evlu_amt'));
  expect(number('pchs_amt_smtl_amt')).toBe(sum(holdings, 'pchs_amt'));
  expect(number('evlu_pfls_smtl_amt')).toBe(sum(holdings, 'evlu_pfls_amt'));
  expect(number('tot_evlu_amt')).toBe(number('scts_evlu_amt') + number('prvs_rcdl_excc_amt'));
  expect(number('nass_amt')).toBe(number('tot_evlu_amt'));
  expect(number('asst_icdc_amt')).toBe(number('tot_evlu_amt') - number('bfdy_tot_asst_evlu_amt'));

  const filled = rows(await desk.history({ CCLD_DVSN: '01' }), 'output1');
  const spent = sum(
    filled.filter((row) => row.sll_buy_dvsn_cd === '02'),
    'tot_ccld_amt',
  );
  const got = sum(
    filled.filter((row) => row.sll_buy_dvsn_cd === '01'),
    'tot_ccld_amt',
  );
  expect(number('prvs_rcdl_excc_amt')).toBe(CASH - spent + got);

  const waiting = rows(await desk.history({ CCLD_DVSN: '02', SLL_BUY_DVSN_CD: '02' }), 'output1');
  const promised = waiting.reduce((total, row) => total + Number(row.rmn_qty) * Number(row.ord_unpr), 0);
  const orderable = await desk.orderable();
  expect(Number(orderable.nrcvb_buy_amt)).toBe(number('prvs_rcdl_excc_amt') - promised);
  expect(Number(orderable.ord_psbl_cash) + Number(orderable.ruse_psbl_amt)).toBe(Number(orderable.nrcvb_buy_amt));
  for (const row of rows(await desk.history(), 'output1')) {
    const [ordered, ...parts] = ['ord_qty', 'tot_ccld_qty', 'rmn_qty', 'cnc_cfrm_qty'].map((name) => Number(row[name]));
    expect(parts.reduce((total, part) => total + part, 0)).toBe(ordered);
  }
}

describe('the balance', () => {
  test('adds up at every moment, and agrees with prices, orders and what can be bought', async () => {
    const desk = await openDesk('2026-11-19T09:00:00');
    await expectToAddUp(desk);
    await desk.buy();
    await desk.buy({ PDNO: '028300', ORD_QTY: '33' });
    await desk.buy({ PDNO: 'Q500001', ORD_QTY: '100' });
    const { stck_prpr, stck_llam = '' } = block(await uapi(desk.fake, desk.token, PRICE), 'output');
    const price = Number(stck_prpr);
    await desk.buy({ ORD_DVSN: '00', ORD_UNPR: String(price - 300) });
    await desk.buy({ ORD_DVSN: '00', ORD_UNPR: stck_llam });
    await desk.sell({ ORD_DVSN: '00', ORD_UNPR: String(price + 300), ORD_QTY: '5' });
    // Half an hour each, over the close, the nights, a weekend and the days of settlement.
    for (let halfHours = 0; halfHours < 24; halfHours++) {
      await expectToAddUp(desk);
      await desk.clock.advance(HOUR_MS / 2);
    }
    await desk.clock.advance(12 * HOUR_MS);
    await desk.sell({ PDNO: '028300', ORD_QTY: '33' });
    for (let days = 0; days < 8; days++) {
      await expectToAddUp(desk);
      await desk.clock.advance(24 * HOUR_MS);
    }
  });

  test('starts with the cash that was given', async () => {
    const desk = await openDesk('2026-11-20T10:00:00', { cash: 5_000_000 });
    expect(summaryOf(await desk.balance())).toMatchObject({
      dnca_tot_amt: '5000000',
      nxdy_excc_amt: '5000000',
      prvs_rcdl_excc_amt: '5000000',
      tot_evlu_amt: '5000000',
      bfdy_tot_asst_evlu_amt: '5000000',
      asst_icdc_amt: '0',
    });
  });

  test('pays for a trade on the second session after it', async () => {
    const desk = await openDesk('2026-11-19T10:00:00');
    const { tot_ccld_amt } = await desk.stateOf(await desk.buy());
    const left = String(CASH - Number(tot_ccld_amt));
    const deposits = async (): Promise<readonly (string | undefined)[]> => {
      const { dnca_tot_amt, nxdy_excc_amt, prvs_rcdl_excc_amt } = summaryOf(await desk.balance());
      return [dnca_tot_amt, nxdy_excc_amt, prvs_rcdl_excc_amt];
    };
    const all = String(CASH);
    expect(await deposits()).toEqual([all, all, left]);
    await desk.clock.advance(24 * HOUR_MS); // Friday
    expect(await deposits()).toEqual([all, left, left]);
    await desk.clock.advance(48 * HOUR_MS); // Sunday
    expect(await deposits()).toEqual([all, left, left]);
    await desk.clock.advance(24 * HOUR_MS); // Monday
    expect(await deposits()).toEqual([left, left, left]);
  });

  test('tells what was traded today, and on the session before', async () => {
    const desk = await openDesk('2026-11-20T10:00:00');
    const bought = await desk.stateOf(await desk.buy());
    const sold = await desk.stateOf(await desk.sell({ ORD_QTY: '4' }));
    const amounts = { buy: bought.tot_ccld_amt, sell: sold.tot_ccld_amt };
    let balance = await desk.balance();
    expect(rows(balance, 'output1')).toMatchObject([{ thdt_buyqty: '10', thdt_sll_qty: '4', bfdy_buy_qty: '0' }]);
    expect(summaryOf(balance)).toMatchObject({ thdt_buy_amt: amounts.buy, thdt_sll_amt: amounts.sell });
    for (const days of [1, 2]) {
      await desk.clock.advance(days * 24 * HOUR_MS); // Saturday, Monday
      balance = await desk.balance();
      expect(rows(balance, 'output1')).toMatchObject([{ thdt_buyqty: '0', bfdy_buy_qty: '10', bfdy_sll_qty: '4' }]);
      expect(summaryOf(balance)).toMatchObject({ bfdy_buy_amt: amounts.buy, bfdy_sll_amt: amounts.sell });
    }
  });

  test('keeps what was sold out until it is settled', async () => {
    const desk = await openDesk('2026-11-19T10:00:00');
    await desk.buy();
    await desk.sell();
    const shown = async (PRCS_DVSN: string): Promise<readonly (string | undefined)[]> =>
      rows(await desk.balance({ PRCS_DVSN }), 'output1').map((row) => row.hldg_qty);
    expect([await shown('00'), await shown('01')]).toEqual([['0'], ['0']]);
    await desk.clock.advance(24 * HOUR_MS); // Friday
    expect([await shown('00'), await shown('01')]).toEqual([['0'], []]);
    await desk.clock.advance(3 * 24 * HOUR_MS); // Monday
    expect([await shown('00'), await shown('01')]).toEqual([[], []]);
  });

  test('counts shares that are bought again at their average price', async () => {
    const desk = await openDesk('2026-11-20T10:00:00');
    const amounts = [];
    for (const ORD_QTY of ['10', '7']) {
      amounts.push(Number((await desk.stateOf(await desk.buy({ ORD_QTY }))).tot_ccld_amt));
      await desk.clock.advance(HOUR_MS);
    }
    const [first = 0, second = 0] = amounts;
    await desk.sell({ ORD_QTY: '8' });
    const [holding] = rows(await desk.balance(), 'output1');
    expect(holding?.hldg_qty).toBe('9');
    expect(Number(holding?.pchs_amt)).toBe(Math.round(((first + second) * 9) / 17));
    expect(holding?.pchs_avg_pric).toMatch(/^\d+\.\d{4}$/);
  });
});

describe('what can be bought', () => {
  test('is what order-cash takes, and not one share more', async () => {
    for (const PDNO of ['005930', '028300', '0001A0']) {
      const desk = await openDesk('2026-11-20T10:30:07');
      const price = block(await uapi(desk.fake, desk.token, PRICE, { FID_INPUT_ISCD: PDNO }), 'output');
      for (const [ORD_DVSN, unit] of [
        ['01', price.stck_mxpr],
        ['00', price.stck_llam],
      ] as const) {
        const asked = { PDNO, ORD_DVSN, ORD_UNPR: ORD_DVSN === '00' ? (unit ?? '') : '0' };
        const { psbl_qty_calc_unpr, nrcvb_buy_qty, max_buy_qty } = await desk.orderable(asked);
        expect(psbl_qty_calc_unpr).toBe(unit);
        expect(max_buy_qty).toBe(nrcvb_buy_qty);
        const more = String(Number(nrcvb_buy_qty) + 1);
        expect((await desk.buy({ ...asked, ORD_QTY: more })).body.msg_cd).toBe('APBK0952');
      }
      const { nrcvb_buy_qty = '' } = await desk.orderable({ PDNO });
      expect((await desk.buy({ PDNO, ORD_QTY: nrcvb_buy_qty })).body.msg_cd).toBe('APBK0013');
    }
  });

  test('can be asked without a stock, and of no unknown one', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    expect(await desk.orderable({ PDNO: '' })).toMatchObject({ nrcvb_buy_amt: '100000000', nrcvb_buy_qty: '0' });
    const asked = { ORD_UNPR: '', ORD_DVSN: '01', CMA_EVLU_AMT_ICLD_YN: 'N', OVRS_ICLD_YN: 'N' };
    const { body } = await desk.get('inquire-psbl-order', 'TTTC8908R', { ...asked, PDNO: '999999' });
    expect(body.msg_cd).toBe('APBK0656');
  });

  test('grows with what was sold, at once', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    await desk.buy();
    expect((await desk.orderable()).ruse_psbl_amt).toBe('0');
    const { tot_ccld_amt } = await desk.stateOf(await desk.sell());
    expect((await desk.orderable()).ruse_psbl_amt).toBe(tot_ccld_amt);
  });
});
