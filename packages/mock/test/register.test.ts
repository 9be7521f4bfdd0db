import { describe, expect, test } from 'vitest';
import { block } from './calls.ts';
import { quoteDeskAt } from './quote-desk.ts';

describe('the register of stocks', () => {
  test('knows where and as what each is listed', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    for (const [code, market, group, kind, number] of [
      ['005930', 'STK', 'ST', '101', '00000A005930'],
      ['005935', 'STK', 'ST', '201', '00000A005935'],
      ['00088K', 'STK', 'ST', '201', '00000A00088K'],
      ['028300', 'KSQ', 'ST', '101', '00000A028300'],
      ['069500', 'STK', 'EF', '000', '00000A069500'],
      ['Q500001', 'STK', 'EN', '000', '00000Q500001'],
      ['140610', 'KNX', 'KN', '101', '00000A140610'],
    ] as const) {
      const found = block(await desk.ask('stock', { PDNO: code }), 'output');
      expect(found).toMatchObject({
        pdno: number,
        mket_id_cd: market,
        scty_grp_id_cd: group,
        stck_kind_cd: kind,
        lstg_abol_dt: '',
      });
      const listedOn = [found.scts_mket_lstg_dt, found.kosdaq_mket_lstg_dt];
      expect(listedOn.findIndex((date) => /^\d{8}$/.test(date ?? ''))).toBe(['STK', 'KSQ'].indexOf(market));
    }
  });

  test('has the standard codes of the real ones', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    for (const [code, standard] of [
      ['005930', 'KR7005930003'],
      ['000660', 'KR7000660001'],
      ['035420', 'KR7035420009'],
      ['069500', 'KR7069500007'],
    ]) {
      expect(block(await desk.ask('product', { PDNO: code ?? '' }), 'output').std_pdno).toBe(standard);
    }
  });

  test('has the names in three forms', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const found = await desk.ask('product', { PDNO: '000660' });
    expect(found.body).toMatchObject({
      rt_cd: '0',
      msg_cd: 'KIOK0530',
      output: {
        prdt_name: 'SK하이닉스보통주',
        prdt_abrv_name: 'SK하이닉스',
        prdt_eng_name: 'SKhainikseu',
        shtn_pdno: '000660',
      },
    });
    expect(Buffer.byteLength(String(found.body.msg1).replaceAll(/[^ -~]/g, '..'))).toBe(80);
  });

  test('knows the 200 largest of KOSPI', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const of = async (code: string): Promise<string | undefined> =>
      block(await desk.ask('stock', { PDNO: code }), 'output').kospi200_item_yn;
    expect([await of('005930'), await of('028300'), await of('005935'), await of('069500')]).toEqual([
      'Y',
      'N',
      'N',
      'N',
    ]);
  });

  test('and the quotes name the index of the large companies, else the market', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23', { symbols: 1_200 });
    const found: Record<string, number> = {};
    for (const { code, market } of desk.fake.symbols) {
      const { kospi200_item_yn, stck_kind_cd } = block(await desk.ask('stock', { PDNO: code }), 'output');
      const { rprs_mrkt_kor_name: name = '' } = await desk.about('price2', code);
      expect([code, name === 'KOSPI200']).toEqual([code, kospi200_item_yn === 'Y']);
      if (name === 'KSQ150') expect([code, market, stck_kind_cd]).toEqual([code, 'KOSDAQ', '101']);
      else if (name !== 'KOSPI200') expect([code, name]).toEqual([code, market]);
      found[name] = (found[name] ?? 0) + 1;
    }
    expect(found).toMatchObject({ KOSPI200: 200, KSQ150: 150, KONEX: 4 });
    for (const [code, name] of [
      ['005930', 'KOSPI200'],
      ['005935', 'KOSPI'],
      ['247540', 'KSQ150'],
      ['140610', 'KONEX'],
    ] as const) {
      expect((await desk.about('price', code)).rprs_mrkt_kor_name).toBe(name);
    }
  });

  test('has nothing to show for what it does not know', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    for (const name of ['product', 'stock'] as const) {
      for (const params of [{ PDNO: '999999' }, { PRDT_TYPE_CD: '512' }, { PDNO: '삼성' }]) {
        const { status, body } = await desk.ask(name, params);
        expect([status, body.rt_cd, body.msg_cd]).toEqual([200, '7', 'KIER2620']);
        expect(body).not.toHaveProperty('output');
      }
    }
  });
});
