import { describe, expect, test } from 'vitest';
import { type Answer, block, type Row, rows } from './calls.ts';
import { openDesk, type Params, type TradingDesk } from './trading-desk.ts';

/** All pages of a list, by `tr_cont` and the keys of the page before. */
async function pagesOf(ask: (params: Params, headers: Params) => Promise<Answer>): Promise<readonly Answer[]> {
  const pages: Answer[] = [];
  for (let page = await ask({}, {}); ; ) {
    pages.push(page);
    const { ctx_area_fk100, ctx_area_nk100 } = page.body;
    for (const key of [ctx_area_fk100, ctx_area_nk100]) expect(key).toHaveLength(100);
    if (!/^[FM]$/.test(page.headers.get('tr_cont') ?? '')) return pages;
    const keys = { CTX_AREA_FK100: String(ctx_area_fk100), CTX_AREA_NK100: String(ctx_area_nk100) };
    page = await ask(keys, { tr_cont: 'N' });
  }
}

const numbers = (page: Answer): readonly (string | undefined)[] => rows(page, 'output1').map((row) => row.odno);

async function buyMany(desk: TradingDesk, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await desk.buy({ ORD_QTY: '1' });
}

describe('the pages of a list', () => {
  test.each([
    ['real', 100, 230],
    ['virtual', 15, 40],
  ] as const)('of orders on the %s host hold %i rows', async (environment, size, count) => {
    const desk = await openDesk('2026-11-20T10:30:07', { environment, cash: 1_000_000_000 });
    await buyMany(desk, count);
    for (const INQR_DVSN of ['00', '01']) {
      const pages = await pagesOf((params, headers) => desk.history({ ...params, INQR_DVSN }, headers));
      expect(pages.map((page) => rows(page, 'output1').length)).toEqual([size, size, count - 2 * size]);
      expect(pages.map((page) => page.headers.get('tr_cont'))).toEqual(['F', 'M', 'E']);
      expect(pages.map((page) => page.body.msg_cd)).toEqual(['KIOK0500', 'KIOK0500', 'KIOK0510']);
      const all = pages.flatMap(numbers).map(Number);
      const forward = Array.from({ length: count }, (_, n) => n + 1);
      expect(all).toEqual(INQR_DVSN === '01' ? forward : forward.reverse());
      for (const page of pages) expect(block(page, 'output2').tot_ord_qty).toBe(String(count));
    }
  });

  test.each([
    ['real', 50],
    ['virtual', 20],
  ] as const)('of holdings on the %s host', async (environment, size) => {
    const desk = await openDesk('2026-11-20T10:30:07', { environment, cash: 1_000_000_000 });
    const codes = desk.fake.symbols.slice(0, size + 7).map(({ code }) => code);
    for (const PDNO of codes) await desk.buy({ PDNO, ORD_QTY: '1' });
    const pages = await pagesOf((params, headers) => desk.balance(params, headers));
    expect(pages.map((page) => rows(page, 'output1').length)).toEqual([size, 7]);
    expect(pages.flatMap((page) => rows(page, 'output1').map((row) => row.pdno))).toEqual([...codes].sort());
  });

  test('are full ones where the list ends with one', async () => {
    const desk = await openDesk('2026-11-20T10:30:07', { environment: 'virtual' });
    await buyMany(desk, 15);
    expect((await pagesOf((params, headers) => desk.history(params, headers))).length).toBe(1);
  });

  test('go on by a trimmed key, and start again without tr_cont', async () => {
    const desk = await openDesk('2026-11-20T10:30:07', { environment: 'virtual' });
    await buyMany(desk, 20);
    const first = await desk.history();
    const keys = { CTX_AREA_NK100: String(first.body.ctx_area_nk100).trim() };
    expect(numbers(await desk.history(keys, { tr_cont: 'N' })).length).toBe(5);
    expect(numbers(await desk.history(keys))).toEqual(numbers(first));
  });

  test('are not confused by what comes and goes meanwhile', async () => {
    const desk = await openDesk('2026-11-20T10:30:07', { environment: 'virtual' });
    const low = { ORD_DVSN: '00', ORD_QTY: '1', ORD_UNPR: '65000' };
    const orders = [];
    for (let n = 0; n < 20; n++) orders.push(await desk.buy(low));
    const ask = (keys: Params, headers: Params): Promise<Answer> => desk.history({ ...keys, CCLD_DVSN: '02' }, headers);
    const first = await ask({}, {});
    const last = orders[5];
    if (!last) throw new Error('no order');
    await desk.revise(last, {});
    await desk.buy(low);
    const keys = { CTX_AREA_NK100: String(first.body.ctx_area_nk100) };
    expect(numbers(await ask(keys, { tr_cont: 'N' })).map(Number)).toEqual([5, 4, 3, 2, 1]);
  });
});

describe('the orders of some days', () => {
  const asked = async (desk: TradingDesk, params: Params): Promise<readonly number[]> =>
    numbers(await desk.history({ INQR_DVSN: '01', ...params })).map(Number);

  test('can be asked for by what became of them, side, stock, number, exchange and day', async () => {
    const desk = await openDesk('2026-11-19T10:30:07');
    await desk.buy();
    await desk.sell({ ORD_QTY: '3' });
    await desk.clock.advance(86_400_000);
    await desk.buy({ PDNO: '028300', EXCG_ID_DVSN_CD: 'SOR' });
    const open = await desk.buy({ ORD_DVSN: '00', ORD_UNPR: '60000' });
    const branch = block(open, 'output').KRX_FWDG_ORD_ORGNO ?? '';
    const everywhere = { EXCG_ID_DVSN_CD: 'ALL' };
    expect(await asked(desk, everywhere)).toEqual([1, 2, 3, 4]);
    expect(await asked(desk, {})).toEqual([1, 2, 4]);
    expect(await asked(desk, { EXCG_ID_DVSN_CD: 'SOR' })).toEqual([3]);
    expect(await asked(desk, { ...everywhere, CCLD_DVSN: '01' })).toEqual([1, 2, 3]);
    expect(await asked(desk, { ...everywhere, CCLD_DVSN: '02' })).toEqual([4]);
    expect(await asked(desk, { ...everywhere, SLL_BUY_DVSN_CD: '01' })).toEqual([2]);
    expect(await asked(desk, { ...everywhere, SLL_BUY_DVSN_CD: '02' })).toEqual([1, 3, 4]);
    expect(await asked(desk, { ...everywhere, PDNO: '028300' })).toEqual([3]);
    expect(await asked(desk, { ...everywhere, ODNO: '2' })).toEqual([2]);
    expect(await asked(desk, { ...everywhere, INQR_STRT_DT: '20261120' })).toEqual([3, 4]);
    expect(await asked(desk, { ...everywhere, INQR_END_DT: '20261119' })).toEqual([1, 2]);
    expect(await asked(desk, { ...everywhere, ORD_GNO_BRNO: branch })).toEqual([1, 2, 3, 4]);
    expect(await asked(desk, { ...everywhere, ORD_GNO_BRNO: '00000' })).toEqual([]);
    expect(await asked(desk, { ...everywhere, INQR_DVSN_3: '02' })).toEqual([]);
    expect(await asked(desk, { ...everywhere, INQR_DVSN_1: '1' })).toEqual([]);
  });

  test('add up below', async () => {
    const desk = await openDesk('2026-11-19T10:30:07');
    await desk.buy();
    await desk.clock.advance(3_600_000);
    await desk.buy({ ORD_QTY: '5' });
    const history = await desk.history();
    const of = (name: string): number =>
      rows(history, 'output1').reduce((total: number, row: Row) => total + Number(row[name]), 0);
    expect(block(history, 'output2')).toEqual({
      tot_ord_qty: '15',
      tot_ccld_qty: '15',
      tot_ccld_amt: String(of('tot_ccld_amt')),
      prsm_tlex_smtl: '0',
      pchs_avg_pric: (of('tot_ccld_amt') / 15).toFixed(4),
    });
  });

  test('are under one TR id for three months, and then under another', async () => {
    const desk = await openDesk('2026-11-19T10:30:07');
    await desk.buy();
    const older = async (): Promise<number> => {
      const { body } = await desk.get('inquire-daily-ccld', 'CTSC9215R', {
        INQR_STRT_DT: '20261101',
        INQR_END_DT: '20261231',
        SLL_BUY_DVSN_CD: '00',
        ORD_GNO_BRNO: '',
        CCLD_DVSN: '00',
        INQR_DVSN: '00',
        INQR_DVSN_1: '',
        INQR_DVSN_3: '00',
        EXCG_ID_DVSN_CD: 'ALL',
        CTX_AREA_FK100: '',
        CTX_AREA_NK100: '',
      });
      return (body.output1 as readonly Row[]).length;
    };
    expect([(await asked(desk, {})).length, await older()]).toEqual([1, 0]);
    await desk.clock.advance(92 * 86_400_000); // 2027-02-19
    expect([(await asked(desk, {})).length, await older()]).toEqual([1, 0]);
    await desk.clock.advance(86_400_000);
    expect([(await asked(desk, {})).length, await older()]).toEqual([0, 1]);
  });

  test('refuse dates that are none', async () => {
    const desk = await openDesk('2026-11-19T10:30:07');
    expect((await desk.history({ INQR_STRT_DT: '20261131' })).body.msg_cd).toBe('OPSQ2002');
    expect((await desk.history({ INQR_END_DT: 'today' })).body.msg_cd).toBe('OPSQ2001');
  });
});
