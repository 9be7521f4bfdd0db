import { describe, expect, test } from 'vitest';
import { type Row, rows } from './calls.ts';
import { type QuoteDesk, quoteDeskAt } from './quote-desk.ts';

describe('a fund', () => {
  test('is worth about its price, and its change follows from the last close', async () => {
    for (const time of ['2026-11-20T08:30:00', '2026-11-20T13:07:23', '2026-11-21T11:00:00']) {
      const desk = await quoteDeskAt(time);
      for (const code of ['069500', 'Q530031']) {
        const fund = await desk.about('fund', code);
        const of = (name: string): number => Number(fund[name]);
        expect(Math.abs(of('dprt'))).toBeLessThanOrEqual(0.21);
        expect(of('dprt')).toBeCloseTo((of('stck_prpr') / of('nav') - 1) * 100, 1);
        expect(of('nav_prdy_vrss')).toBeCloseTo(of('nav') - of('prdy_last_nav'), 1);
        expect(of('nav_prdy_ctrt')).toBeCloseTo((of('nav') / of('prdy_last_nav') - 1) * 100, 1);
        expect(of('etf_ntas_ttam')).toBe(Math.floor((of('nav') * of('lstn_stcn')) / 100_000_000));
        expect(fund.nmix_ctrt).toMatch(/^-?\d+\.\d{5}$/);
      }
    }
  });

  test('opens with the assets of the evening before', async () => {
    const evening = await (await quoteDeskAt('2026-11-19T17:00:00')).about('fund', '069500');
    const morning = await (await quoteDeskAt('2026-11-20T08:30:00')).about('fund', '069500');
    expect([morning.prdy_last_nav, morning.nav, morning.nav_prdy_vrss]).toEqual([evening.nav, evening.nav, '0.00']);
  });

  test('has the day of its listing from the register', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const register = (await desk.ask('stock', { PDNO: '069500' })).body.output as Row;
    expect((await desk.about('fund', '069500')).stck_lstn_date).toBe(register.scts_mket_lstg_dt);
  });
});

describe('public offers', () => {
  const offers = async (desk: QuoteDesk, params: Readonly<Record<string, string>>): Promise<readonly Row[]> =>
    rows(await desk.ask('offers', params), 'output1');

  test('are padded as KIS pads them', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const found = await offers(desk, {});
    expect(found.length).toBeGreaterThan(5);
    for (const row of found) {
      expect(row.record_date).toMatch(/^\d{8}$/);
      expect(row.sht_cd).toMatch(/^\d{6}$/);
      expect(row.face_value).toMatch(/^0{5,6}\d{3,4}$/);
      expect(row.subscr_dt).toMatch(/^\d{4}\/\d\d\/\d\d ~ \d{4}\/\d\d\/\d\d$/);
      for (const name of ['fix_subscr_pri', 'pub_bf_cap', 'pub_af_cap', 'assign_stk_qty']) {
        expect(row[name]).toMatch(/^ +\d+$/);
        expect(row[name]?.length).toBe(12);
      }
    }
  });

  test('come newest first, and only those of the days that were asked for', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const found = await offers(desk, { F_DT: '20260901', T_DT: '20261015' });
    const dates = found.map((row) => row.record_date ?? '');
    expect(dates).toEqual(dates.toSorted().reverse());
    expect(dates.every((date) => date >= '20260901' && date <= '20261015')).toBe(true);
    const wide = await offers(desk, { F_DT: '20260701', T_DT: '20261231' });
    expect(wide.filter(({ record_date }) => dates.includes(record_date ?? ''))).toEqual(found);
    expect(await offers(desk, { F_DT: '20261015', T_DT: '20260901' })).toEqual([]);
    expect((await offers(desk, { F_DT: '19000101', T_DT: '99991231' })).length).toBe(100);
  });

  test('run through their days in order, on days of trading', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const open = new Set(
      rows(await desk.ask('chart', { FID_INPUT_DATE_1: '20260701' })).map((row) => row.stck_bsop_date),
    );
    for (const row of await offers(desk, { F_DT: '20260901', T_DT: '20261020' })) {
      const [first = '', last = ''] = (row.subscr_dt ?? '').split(' ~ ');
      const days = [first, last, row.pay_dt ?? '', row.list_dt ?? ''].map((day) => day.replaceAll('/', ''));
      expect(days).toEqual(days.toSorted());
      expect(new Set(days).size).toBe(4);
      expect(days[0]).toBe(row.record_date);
      for (const day of days) expect(open.has(day)).toBe(true);
    }
  });

  test('have no day of listing before the money is paid, and one afterwards', async () => {
    const early = await quoteDeskAt('2026-09-25T10:00:00');
    const range = { F_DT: '20260901', T_DT: '20261020' };
    const then = await offers(early, range);
    expect(then.some((row) => row.list_dt === '')).toBe(true);
    for (const row of then) expect(row.list_dt === '').toBe((row.pay_dt ?? '') > '2026/09/25');
    const desk = await quoteDeskAt('2026-11-24T10:00:00');
    const now = await offers(desk, range);
    expect(now.every((row) => row.list_dt !== '')).toBe(true);
    expect(now.map((row) => ({ ...row, list_dt: '' }))).toEqual(then.map((row) => ({ ...row, list_dt: '' })));
  });

  test('can be asked for by code, and an empty list is a success', async () => {
    const desk = await quoteDeskAt('2026-11-20T13:07:23');
    const [one] = await offers(desk, {});
    const found = await offers(desk, { SHT_CD: one?.sht_cd ?? '' });
    expect(found).toContainEqual(one);
    expect(new Set(found.map((row) => row.sht_cd))).toEqual(new Set([one?.sht_cd]));
    expect((await desk.ask('offers', { SHT_CD: '000001' })).body).toMatchObject({ rt_cd: '0', output1: [] });
    expect(desk.fake.symbols.some(({ code }) => code === one?.sht_cd)).toBe(false);
  });
});
