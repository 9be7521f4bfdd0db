import { describe, expect, test } from 'vitest';
import { BOOK, block, CHART, PAST_MINUTES, PRICE, type Row, rows, uapi } from './calls.ts';
import { openDesk, type TradingDesk } from './trading-desk.ts';

const price = async (desk: TradingDesk, code = '005930'): Promise<Row> =>
  block(await uapi(desk.fake, desk.token, PRICE, { FID_INPUT_ISCD: code }), 'output');
const book = async (desk: TradingDesk, code = '005930'): Promise<Row> =>
  block(await uapi(desk.fake, desk.token, BOOK, { FID_INPUT_ISCD: code }), 'output1');

/** The price of Samsung so many of its steps of 100 won away. */
const near = async (desk: TradingDesk, steps: number): Promise<string> =>
  String(Number((await price(desk)).stck_prpr) + 100 * steps);

/** Six orders to buy below the market, and six to sell above it. */
async function ladder(desk: TradingDesk): Promise<void> {
  await desk.buy({ ORD_QTY: '60' });
  for (const steps of [2, 3, 4, 6, 9, 40]) {
    const asked = { ORD_DVSN: '00', ORD_QTY: '10' };
    await desk.buy({ ...asked, ORD_UNPR: await near(desk, -steps) });
    await desk.sell({ ...asked, ORD_UNPR: await near(desk, steps) });
  }
}

describe('a market order', () => {
  test('is filled at once, at the best price of the other side', async () => {
    for (const code of ['005930', '028300', '0001A0']) {
      const desk = await openDesk('2026-11-20T10:30:07');
      const { askp1, bidp1 } = await book(desk, code);
      const bought = await desk.stateOf(await desk.buy({ PDNO: code }));
      const sold = await desk.stateOf(await desk.sell({ PDNO: code, ORD_QTY: '4' }));
      expect(bought).toMatchObject({ avg_prvs: askp1, tot_ccld_qty: '10', rmn_qty: '0', ord_dvsn_name: '시장가' });
      expect(sold).toMatchObject({ avg_prvs: bidp1, tot_ccld_qty: '4', rmn_qty: '0', sll_buy_dvsn_cd: '01' });
    }
  });

  test('for more than is there at one price takes level after level, each at its own', async () => {
    const desk = await openDesk('2026-11-20T10:30:07', { cash: 1_000_000_000_000 });
    const { askp1, askp2, askp3, askp_rsqn1, askp_rsqn2 } = await book(desk, '403870');
    const [first, second] = [Number(askp_rsqn1), Number(askp_rsqn2)];
    const ORD_QTY = String(first + second + 1);
    const amount = first * Number(askp1) + second * Number(askp2) + Number(askp3);
    expect(await desk.stateOf(await desk.buy({ PDNO: '403870', ORD_QTY }))).toMatchObject({
      tot_ccld_qty: ORD_QTY,
      tot_ccld_amt: String(amount),
      avg_prvs: String(Math.round(amount / Number(ORD_QTY))),
    });
  });

  test('for more than all ten levels hold gets the rest when the market moves on', async () => {
    const desk = await openDesk('2026-11-20T10:30:07', { cash: 1_000_000_000_000 });
    const levels = await book(desk, '403870');
    const depth = Array.from({ length: 10 }, (_, n) => Number(levels[`askp_rsqn${n + 1}`])).reduce((a, b) => a + b);
    const asked = { PDNO: '403870', ORD_QTY: String(depth + 5) };
    const order = await desk.buy(asked);
    expect(await desk.stateOf(order)).toMatchObject({ tot_ccld_qty: String(depth), rmn_qty: '5' });
    const fillOrKill = await desk.stateOf(await desk.buy({ ...asked, ORD_DVSN: '14' }));
    expect(fillOrKill).toMatchObject({ tot_ccld_qty: '0', rmn_qty: '0', cncl_yn: 'Y' });
    await desk.clock.advance(5_000);
    const { tot_ccld_qty, rmn_qty, infm_tmd } = await desk.stateOf(order);
    expect([tot_ccld_qty, rmn_qty, infm_tmd]).toEqual([asked.ORD_QTY, '0', '103010']);
  });

  test('must be covered by cash for the upper limit', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    const { stck_mxpr } = await price(desk);
    const most = Math.floor(100_000_000 / Number(stck_mxpr));
    expect((await desk.buy({ ORD_QTY: String(most + 1) })).body).toMatchObject({ rt_cd: '7', msg_cd: 'APBK0952' });
    expect((await desk.buy({ ORD_QTY: String(most) })).body.rt_cd).toBe('0');
  });

  test('that comes while trading pauses is filled by the closing auction', async () => {
    const desk = await openDesk('2026-11-20T15:25:00');
    const order = await desk.buy();
    await desk.clock.advance(299_999);
    expect((await desk.stateOf(order)).rmn_qty).toBe('10');
    await desk.clock.advance(1);
    const { stck_prpr } = await price(desk);
    expect(await desk.stateOf(order)).toMatchObject({ rmn_qty: '0', avg_prvs: stck_prpr, infm_tmd: '153000' });
  });
});

describe('a limit order', () => {
  test('is filled at its limit as soon as the market comes to it', async () => {
    const desk = await openDesk('2026-11-20T09:10:00');
    await ladder(desk);
    const open = Number((await price(desk)).stck_prpr);
    let filled = 0;
    for (let step = 1; step <= 60; step++) {
      await desk.clock.advance(120_000);
      const now = Number((await price(desk)).stck_prpr);
      filled = 0;
      for (const { ord_dvsn_cd, ord_unpr, rmn_qty, avg_prvs } of rows(await desk.history(), 'output1')) {
        if (ord_dvsn_cd !== '00') continue;
        const limit = Number(ord_unpr);
        if (limit < open ? now <= limit : now >= limit) expect(rmn_qty).toBe('0');
        if (rmn_qty !== '0') continue;
        filled += 1;
        expect(avg_prvs).toBe(ord_unpr);
      }
    }
    expect(filled).toBeGreaterThan(0);
    expect(filled).toBeLessThan(12);
  });

  test('comes to the same whether it was looked at all the time or never', async () => {
    const fates = [];
    for (const looks of [1, 60]) {
      const desk = await openDesk('2026-11-20T09:10:00');
      await ladder(desk);
      for (let look = 0; look < looks; look++) {
        await desk.clock.advance(21_600_000 / looks);
        await desk.balance();
      }
      fates.push(rows(await desk.history(), 'output1'));
    }
    expect(fates[0]).toEqual(fates[1]);
  });

  test('better than the other side takes what is there at once', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    const { askp1 } = await book(desk);
    const state = await desk.stateOf(await desk.buy({ ORD_DVSN: '00', ORD_UNPR: await near(desk, 20) }));
    expect(state).toMatchObject({ tot_ccld_qty: '10', avg_prvs: askp1 });
  });

  test('for more than is there is filled in part, and the rest waits', async () => {
    const desk = await openDesk('2026-11-20T10:30:07', { cash: 100_000_000_000 });
    const { askp1 = '', askp_rsqn1 } = await book(desk, '403870');
    const order = await desk.buy({ PDNO: '403870', ORD_DVSN: '00', ORD_UNPR: askp1, ORD_QTY: '100000' });
    const { tot_ccld_qty, rmn_qty, avg_prvs } = await desk.stateOf(order);
    expect([tot_ccld_qty, avg_prvs]).toEqual([askp_rsqn1, askp1]);
    expect(Number(tot_ccld_qty) + Number(rmn_qty)).toBe(100_000);
    expect(Number(rmn_qty)).toBeGreaterThan(0);
  });

  test('that nobody met ends with the session, and frees its money', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    const { stck_llam = '' } = await price(desk);
    const order = await desk.buy({ ORD_DVSN: '00', ORD_UNPR: stck_llam, ORD_QTY: '100' });
    const promised = 100_000_000 - Number((await desk.orderable()).nrcvb_buy_amt);
    expect(promised).toBe(100 * Number(stck_llam));
    await desk.clock.advance(5 * 3_600_000);
    expect(await desk.stateOf(order)).toMatchObject({ tot_ccld_qty: '0', rmn_qty: '0', cnc_cfrm_qty: '100' });
    expect((await desk.orderable()).nrcvb_buy_amt).toBe('100000000');
  });
});

describe('IOC and FOK', () => {
  test('take as much as there is, or all, and leave nothing waiting', async () => {
    const desk = await openDesk('2026-11-20T10:30:07', { cash: 100_000_000_000 });
    const { askp1 = '', askp_rsqn1 } = await book(desk, '403870');
    const asked = { PDNO: '403870', ORD_UNPR: askp1, ORD_QTY: '100000' };
    expect(await desk.stateOf(await desk.buy({ ...asked, ORD_DVSN: '11' }))).toMatchObject({
      tot_ccld_qty: askp_rsqn1,
      rmn_qty: '0',
      cncl_yn: 'Y',
      ccld_cndt_name: 'IOC',
    });
    expect(await desk.stateOf(await desk.buy({ ...asked, ORD_DVSN: '12' }))).toMatchObject({
      tot_ccld_qty: '0',
      rmn_qty: '0',
      cnc_cfrm_qty: '100000',
      ccld_cndt_name: 'FOK',
    });
    for (const ORD_DVSN of ['12', '13', '14', '15', '16']) {
      const state = await desk.stateOf(await desk.buy({ ...asked, ORD_DVSN, ORD_QTY: '1' }));
      expect([state.ord_dvsn_cd, state.tot_ccld_qty, state.avg_prvs]).toEqual([ORD_DVSN, '1', askp1]);
    }
  });

  test('find nothing while trading pauses', async () => {
    const desk = await openDesk('2026-11-20T15:20:00');
    expect(await desk.stateOf(await desk.buy({ ORD_DVSN: '13' }))).toMatchObject({ tot_ccld_qty: '0', rmn_qty: '0' });
  });
});

describe('an order that is modified or called off', () => {
  test('gives its open shares back, all or in part', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    const { stck_llam = '' } = await price(desk);
    const order = await desk.buy({ ORD_DVSN: '00', ORD_UNPR: stck_llam, ORD_QTY: '100' });
    const part = await desk.revise(order, { QTY_ALL_ORD_YN: 'N', ORD_QTY: '30' });
    expect(part.body.msg_cd).toBe('APBK0013');
    expect(await desk.stateOf(order)).toMatchObject({ rmn_qty: '70', cnc_cfrm_qty: '30', cncl_yn: 'N' });
    expect((await desk.revise(order, { QTY_ALL_ORD_YN: 'N', ORD_QTY: '71' })).body.msg_cd).toBe('APBK0400');
    const rest = await desk.revise(order, {});
    expect(await desk.stateOf(order)).toMatchObject({ rmn_qty: '0', cnc_cfrm_qty: '100', cncl_yn: 'Y' });
    expect(await desk.stateOf(rest)).toMatchObject({
      orgn_odno: '0000000001',
      ord_qty: '70',
      sll_buy_dvsn_cd_name: '현금매수취소',
    });
    expect((await desk.orderable()).nrcvb_buy_amt).toBe('100000000');
    expect((await desk.revise(order, {})).body).toMatchObject({ rt_cd: '7', msg_cd: 'APBK0400' });
  });

  test('goes on under a new number at its new price, and costs what that one costs', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    const { stck_llam = '' } = await price(desk);
    const { askp1 = '' } = await book(desk);
    const order = await desk.buy({ ORD_DVSN: '00', ORD_UNPR: stck_llam, ORD_QTY: '100' });
    const tooDear = { RVSE_CNCL_DVSN_CD: '01', ORD_UNPR: '99999900' };
    expect((await desk.revise(order, tooDear)).body).toMatchObject({ rt_cd: '2', msg_cd: 'OPSQ2001' });
    const next = await desk.revise(order, { RVSE_CNCL_DVSN_CD: '01', ORD_UNPR: askp1 });
    expect(await desk.stateOf(order)).toMatchObject({ rmn_qty: '0', tot_ccld_qty: '0' });
    expect(await desk.stateOf(next)).toMatchObject({ orgn_odno: '0000000001', tot_ccld_qty: '100', avg_prvs: askp1 });
  });

  test('on Nextrade cannot become a market order, which that does not take', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    const { stck_llam = '' } = await price(desk);
    const order = await desk.buy({ ORD_DVSN: '00', ORD_UNPR: stck_llam, EXCG_ID_DVSN_CD: 'NXT' });
    const market = { RVSE_CNCL_DVSN_CD: '01', ORD_DVSN: '01', EXCG_ID_DVSN_CD: 'NXT' };
    expect((await desk.revise(order, market)).body).toMatchObject({ rt_cd: '7', msg_cd: 'APBK1943' });
    expect((await desk.revise(order, { ...market, ORD_DVSN: '13' })).body.msg_cd).toBe('APBK0013');
  });

  test('cannot take back what was filled', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    const order = await desk.buy();
    for (const RVSE_CNCL_DVSN_CD of ['01', '02']) {
      const { body } = await desk.revise(order, { RVSE_CNCL_DVSN_CD, ORD_DVSN: '01' });
      expect(body).toMatchObject({ rt_cd: '7', msg_cd: 'APBK0400' });
    }
    expect((await desk.stateOf(order)).tot_ccld_qty).toBe('10');
  });

  test('is not one that nobody placed', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    const order = await desk.buy();
    for (const unknown of [{ ORGN_ODNO: '0000000009' }, { KRX_FWDG_ORD_ORGNO: '00000' }]) {
      expect((await desk.revise(order, unknown)).body).toMatchObject({ rt_cd: '7', msg_cd: 'KIER2620' });
    }
  });

  test('may cost what it frees and what there is beside, and no more', async () => {
    for (const [cash, code] of [
      [0.5, 'APBK0013'],
      [0.6, 'APBK0952'],
    ] as const) {
      const desk = await openDesk('2026-11-20T10:30:07');
      const { stck_llam = '' } = await price(desk);
      const ORD_QTY = String(Math.floor((cash * 100_000_000) / Number(stck_llam)));
      const order = await desk.buy({ ORD_DVSN: '00', ORD_UNPR: stck_llam, ORD_QTY });
      // At the upper limit it is 13/7 of what it was.
      const { body } = await desk.revise(order, { RVSE_CNCL_DVSN_CD: '01', ORD_DVSN: '01' });
      expect(body.msg_cd).toBe(code);
      expect((await desk.stateOf(order)).rmn_qty).toBe(code === 'APBK0013' ? '0' : ORD_QTY);
    }
  });
});

describe('the exchange', () => {
  test.each([
    ['2026-11-20T08:59:59.999', 'APBK0918', '40570000'],
    ['2026-11-20T15:30:00', 'APBK0918', '40580000'],
    ['2026-11-20T23:00:00', 'APBK0918', '40580000'],
    ['2026-11-21T11:00:00', 'APBK0919', '40100000'],
    ['2026-12-25T11:00:00', 'APBK0919', '40100000'],
  ])('takes no order at %s', async (time, real, virtual) => {
    for (const [environment, code, rtCd] of [
      ['real', real, '7'],
      ['virtual', virtual, '1'],
    ] as const) {
      const desk = await openDesk(time, { environment });
      const { status, body } = await desk.buy();
      expect([status, body.rt_cd, body.msg_cd]).toEqual([200, rtCd, code]);
      expect((await desk.buy({ PDNO: '999999' })).body.msg_cd).toBe('APBK0656');
    }
  });

  test('takes orders from the first moment to the last', async () => {
    for (const time of ['2026-11-20T09:00:00', '2026-11-20T15:29:59.999']) {
      expect((await (await openDesk(time)).buy()).body.msg_cd).toBe('APBK0013');
    }
  });

  test.each([
    ['a quantity of none', { ORD_QTY: '0' }, 'OPSQ2001', '40310000'],
    ['a quantity below none', { ORD_QTY: '-1' }, 'OPSQ2001', 'OPSQ2001'],
    ['a quantity that is no number', { ORD_QTY: '1e3' }, 'OPSQ2001', 'OPSQ2001'],
    ['a price above the limit', { ORD_DVSN: '00', ORD_UNPR: '9999000' }, 'OPSQ2001', '40270000'],
    ['a price below the limit', { ORD_DVSN: '00', ORD_UNPR: '0' }, 'OPSQ2001', '40270000'],
    ['a kind that it does not know', { ORD_DVSN: '99' }, 'OPSQ2001', 'OPSQ2001'],
    ['a stock that it does not know', { PDNO: '999999' }, 'APBK0656', 'APBK0656'],
    ['another exchange that it does not know', { EXCG_ID_DVSN_CD: 'XXX' }, 'OPSQ2001', 'OPSQ2001'],
    ['a market order on Nextrade', { EXCG_ID_DVSN_CD: 'NXT' }, 'APBK1943', 'OPSQ2001'],
    ['more than there is cash for', { ORD_QTY: '9999999999' }, 'APBK0952', 'APBK0952'],
    ['a number as a number', { ORD_QTY: 1 as unknown as string }, 'OPSQ2001', 'OPSQ2001'],
    ['a choice as null', { EXCG_ID_DVSN_CD: null as unknown as string }, 'OPSQ2001', 'OPSQ2001'],
  ])('refuses %s', async (_, params, real, virtual) => {
    for (const environment of ['real', 'virtual'] as const) {
      const desk = await openDesk('2026-11-20T10:30:07', { environment });
      expect((await desk.buy(params)).body.msg_cd).toBe(environment === 'real' ? real : virtual);
      expect((await desk.balance()).body.msg_cd).toBe('KIOK0560');
    }
  });

  test('names the value that is no string, and its kind', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    const { body } = await desk.buy({ ORD_QTY: 10 as unknown as string });
    expect(body).toMatchObject({ rt_cd: '2', msg1: 'ERROR : INPUT INVALID_CHECK_ORD_QTY (number)' });
  });

  test('refuses a price between its steps', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    const between = String(Number(await near(desk, 0)) + 1);
    const { body } = await desk.buy({ ORD_DVSN: '00', ORD_UNPR: between });
    expect(body).toMatchObject({ rt_cd: '2', msg1: 'ERROR : INPUT INVALID_CHECK_ORD_UNPR' });
  });

  test('sells nothing that is not held, or promised already', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    expect((await desk.sell()).body).toMatchObject({ rt_cd: '7', msg_cd: 'APBK1234' });
    await desk.buy();
    const { stck_mxpr = '' } = await price(desk);
    await desk.sell({ ORD_DVSN: '00', ORD_UNPR: stck_mxpr, ORD_QTY: '6' });
    expect((await desk.sell({ ORD_QTY: '5' })).body).toMatchObject({ rt_cd: '7', msg_cd: 'APBK0400' });
    expect((await desk.sell({ ORD_QTY: '4' })).body.rt_cd).toBe('0');
  });

  test('knows the old TR ids, and each host its own', async () => {
    const desk = await openDesk('2026-11-20T10:30:07');
    const asked = { PDNO: '005930', ORD_DVSN: '01', ORD_QTY: '2', ORD_UNPR: '0' };
    expect((await desk.post('order-cash', 'TTTC0802U', asked)).body.rt_cd).toBe('0');
    expect((await desk.post('order-cash', 'TTTC0801U', asked)).body.rt_cd).toBe('0');
    expect((await desk.balance()).body).toMatchObject({ output1: [{ hldg_qty: '0' }] });
    expect((await desk.post('order-cash', 'VTTC0012U', asked)).body.msg_cd).toBe('OPSQ0002');
  });
});

describe('a fill', () => {
  test('lies within the minute that the market shows for it', async () => {
    const desk = await openDesk('2026-11-20T09:10:00');
    await ladder(desk);
    await desk.clock.advance(8 * 3_600_000);
    const filled = rows(await desk.history({ CCLD_DVSN: '01' }), 'output1').filter((row) => row.ord_dvsn_cd === '00');
    expect(filled.length).toBeGreaterThan(0);
    for (const { avg_prvs, infm_tmd = '' } of filled) {
      const FID_INPUT_HOUR_1 = `${infm_tmd.slice(0, 4)}00`;
      const asked = { FID_INPUT_HOUR_1, FID_INPUT_DATE_1: '20261120', FID_PW_DATA_INCU_YN: 'N' };
      const [minute, before] = rows(await uapi(desk.fake, desk.token, PAST_MINUTES, asked));
      expect(minute?.stck_cntg_hour).toBe(FID_INPUT_HOUR_1);
      // The market may have come to the limit from the last price of the minute before.
      const [low, high, last] = [minute?.stck_lwpr, minute?.stck_hgpr, before?.stck_prpr].map(Number);
      expect(Number(avg_prvs)).toBeGreaterThanOrEqual(Math.min(low ?? 0, last ?? 0));
      expect(Number(avg_prvs)).toBeLessThanOrEqual(Math.max(high ?? 0, last ?? 0));
    }
    const range = { FID_INPUT_DATE_1: '20261120', FID_INPUT_DATE_2: '20261120', FID_PERIOD_DIV_CODE: 'D' };
    const [day] = rows(await uapi(desk.fake, desk.token, CHART, { ...range, FID_ORG_ADJ_PRC: '0' }));
    for (const { avg_prvs } of filled) {
      expect(Number(avg_prvs)).toBeGreaterThanOrEqual(Number(day?.stck_lwpr));
      expect(Number(avg_prvs)).toBeLessThanOrEqual(Number(day?.stck_hgpr));
    }
  });
});
